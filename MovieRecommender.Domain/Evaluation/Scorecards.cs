namespace MovieRecommender.Domain.Evaluation;

/// <summary>How well stars were predicted. All rows count, also those on films or people never trained on.</summary>
/// <param name="Rmse">Root mean squared error in stars.</param>
/// <param name="Mae">Mean absolute error in stars.</param>
/// <param name="Bce">Mean binary cross-entropy of (stars − 0.5) / 4.5.</param>
/// <param name="SquaredErrors">One for each held-out rating, in their order.</param>
public sealed record RatingScorecard(double Rmse, double Mae, double Bce, IReadOnlyList<double> SquaredErrors);

/// <summary>How well top 10s were ranked, over the people who have a relevant held-out film.</summary>
/// <param name="Ndcg">NDCG@10: binary gain, ideal over min(10, relevant).</param>
/// <param name="Recall">Hits in the top 10 / min(10, relevant).</param>
/// <param name="MeanAveragePrecision">MAP@10, also over min(10, relevant).</param>
/// <param name="Coverage">Distinct films in all top 10s / films with a rating.</param>
/// <param name="Novelty">Mean of −log2((raters + 1) / (people + 1)) over all recommended films.</param>
/// <param name="People">The users that were judged, ascending.</param>
/// <param name="NdcgByPerson">NDCG@10 of each of <paramref name="People"/>.</param>
public sealed record RankingScorecard(
    double Ndcg,
    double Recall,
    double MeanAveragePrecision,
    double Coverage,
    double Novelty,
    IReadOnlyList<int> People,
    IReadOnlyList<double> NdcgByPerson);

/// <summary>A mean with its standard error.</summary>
public readonly record struct Estimate(double Mean, double StandardError)
{
    /// <summary>Lower end of the 95 % confidence interval.</summary>
    public double Low => Mean - (1.96 * StandardError);

    /// <summary>Upper end of the 95 % confidence interval.</summary>
    public double High => Mean + (1.96 * StandardError);

    /// <summary>The mean of independent values.</summary>
    public static Estimate Of(IReadOnlyList<double> values)
    {
        if (values.Count == 0)
            return default;
        var mean = values.Average();
        var variance = values.Count == 1 ? 0 : values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1);
        return new Estimate(mean, Math.Sqrt(variance / values.Count));
    }

    /// <summary>The mean of <paramref name="ours"/> − <paramref name="theirs"/>, paired: far sharper than two separate intervals.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static Estimate OfDifference(IReadOnlyList<double> ours, IReadOnlyList<double> theirs)
    {
        if (ours.Count != theirs.Count)
            throw new ArgumentException($"Pairs are needed; there are {ours.Count} and {theirs.Count} values.");
        return Of([.. ours.Zip(theirs, (a, b) => a - b)]);
    }
}
