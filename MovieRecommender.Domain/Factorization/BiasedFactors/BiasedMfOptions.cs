namespace MovieRecommender.Domain.Factorization;

/// <summary>Options of <see cref="BiasedMfTrainer"/>.</summary>
public sealed record BiasedMfOptions
{
    /// <summary>Factors for each film and person, besides the bias. Default 20; 1 to 256.</summary>
    public int Factors { get; init; } = 20;

    /// <summary>Sweeps over films, then people. Default 15; 1 to 1000.</summary>
    public int Sweeps { get; init; } = 15;

    /// <summary>Prior precision of a film's factors. Default 1; 1e-3 to 1e3.</summary>
    public float FactorPrecision { get; init; } = 1;

    /// <summary>Models from different starts whose predictions are averaged. Default 4; 1 to 32.</summary>
    public int Members { get; init; } = 4;

    /// <summary>Ridge on what a film's description says of its bias. Default 5; 1e-6 to 1e6.</summary>
    public float DescriptionRidge { get; init; } = 5;

    /// <summary>Ridge on what the choice of films says of a person. Default 5; 1e-3 to 1e6.</summary>
    public float ChoiceRidge { get; init; } = 5;

    /// <summary>Exponent of the discount (raters + 1)^−x on a film's part in that choice. Default 0.6; 0 to 2.</summary>
    public float ChoiceDiscount { get; init; } = 0.6f;

    /// <summary>Directions kept of the likeness between people's choices. Default 256; 0 (no such prior) to 2048.</summary>
    public int ChoiceRank { get; init; } = 256;

    /// <summary>Seed of the first member; the others count on from it. Default 1.</summary>
    public int Seed { get; init; } = 1;

    internal void Validate()
    {
        OptionRange.Check(Factors, 1, 256);
        OptionRange.Check(Sweeps, 1, 1000);
        OptionRange.Check(Members, 1, 32);
        OptionRange.Check(FactorPrecision, 1e-3, 1e3);
        OptionRange.Check(DescriptionRidge, 1e-6, 1e6);
        OptionRange.Check(ChoiceRidge, 1e-3, 1e6);
        OptionRange.Check(ChoiceDiscount, 0, 2);
        OptionRange.Check(ChoiceRank, 0, 2048);
    }
}
