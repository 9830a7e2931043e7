namespace MovieRecommender.Domain.Factorization;

/// <summary>
/// Films as vectors, as another program learned them: the item side of implicit matrix factorisation (Hu, Koren, Volinsky 2008), or of anything
/// whose products tell what goes together.
/// </summary>
/// <param name="MovieIds">Public ids, each once.</param>
/// <param name="Dimensions">Numbers of each film, 1 to <see cref="MostDimensions"/>.</param>
/// <param name="Values">Films × dimensions, row by row.</param>
/// <param name="Regularization">λ of the fold-in: how strongly a person's vector is held at zero.</param>
/// <param name="UnobservedWeight">α of the fold-in: what a film nobody has said anything about weighs, beside 1 for one that is rated.</param>
public sealed record ItemFactors(int[] MovieIds, int Dimensions, float[] Values, float Regularization = 0.1f, float UnobservedWeight = 0.1f)
{
    public const int MostDimensions = 256;
    const float Largest = 1e6f;

    /// <exception cref="InvalidInputException">A number is out of range, or a film comes twice; the message says which.</exception>
    public void Validate()
    {
        if (MovieIds.Length == 0) throw new InvalidInputException("There are no films; at least one is needed.");
        if (Dimensions is < 1 or > MostDimensions) throw new InvalidInputException($"Each film has {Dimensions} numbers; allowed are 1 to {MostDimensions}.");
        if (Values.LongLength != (long)MovieIds.Length * Dimensions) throw new InvalidInputException($"There are {Values.Length} numbers for {MovieIds.Length} films of {Dimensions} each.");
        var twice = MovieIds.GroupBy(id => id).FirstOrDefault(same => same.Skip(1).Any());
        if (twice is not null) throw new InvalidInputException($"Film {twice.Key} comes {twice.Count()} times; each may come once.");
        var bad = Array.FindIndex(Values, value => !(MathF.Abs(value) <= Largest));
        if (bad >= 0) throw new InvalidInputException(FormattableString.Invariant($"Number {(bad % Dimensions) + 1} of film {MovieIds[bad / Dimensions]} is {Values[bad]}; allowed are -{Largest:0} to {Largest:0}."));
        if (!(Regularization is >= 1e-6f and <= 1e6f)) throw new InvalidInputException(FormattableString.Invariant($"regularization is {Regularization}; allowed is 0.000001 to 1000000."));
        if (!(UnobservedWeight is >= 0 and <= 1)) throw new InvalidInputException(FormattableString.Invariant($"unobserved_weight is {UnobservedWeight}; allowed is 0 to 1."));
    }
}
