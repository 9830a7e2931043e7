namespace MovieRecommender.Domain.Factorization;

/// <summary>Options of <see cref="BiasedMfTrainer"/>.</summary>
public sealed record BiasedMfOptions
{
    /// <summary>Factors for each film and person, besides the bias. Default 32; 1 to 256.</summary>
    public int Factors { get; init; } = 32;

    /// <summary>Sweeps over films, then people. Default 15; 1 to 1000.</summary>
    public int Sweeps { get; init; } = 15;

    /// <summary>Prior precision of a film's factors. Default 2; 1e-3 to 1e3.</summary>
    public float FactorPrecision { get; init; } = 2;

    /// <summary>Models from different starts whose predictions are averaged. Default 2; 1 to 32.</summary>
    public int Members { get; init; } = 2;

    /// <summary>Ridge on what a film's description says of its bias. Default 5; 1e-6 to 1e6.</summary>
    public float DescriptionRidge { get; init; } = 5;

    /// <summary>Ridge on what a film's audience, genres and years say of its factors. Default 1; 1e-3 to 1e6.</summary>
    public float AudienceRidge { get; init; } = 1;

    /// <summary>Exponent of the discount (films + 1)^−x on a person's, genre's or period's part in that. Default 0.3; 0 to 2.</summary>
    public float AudienceDiscount { get; init; } = 0.3f;

    /// <summary>Directions kept of the likeness between films' audiences. Default 128; 0 (no such prior) to 2048.</summary>
    public int AudienceRank { get; init; } = 128;

    /// <summary>Factor on what an audience leads to expect: it is learned from factors that are themselves drawn towards less. Default 1.2; 0 to 2.</summary>
    public float AudienceStrength { get; init; } = 1.2f;

    /// <summary>What a genre or a period of five years weighs in a film's audience beside a person. Default 6; 0 to 1000.</summary>
    public float DescriptionPart { get; init; } = 6;

    /// <summary>Ridge on what the choice of films says of a person. Default 2; 1e-3 to 1e6.</summary>
    public float ChoiceRidge { get; init; } = 2;

    /// <summary>Exponent of the discount (raters + 1)^−x on a film's part in that choice. Default 0.6; 0 to 2.</summary>
    public float ChoiceDiscount { get; init; } = 0.6f;

    /// <summary>Directions kept of the likeness between people's choices. Default 256; 0 (no such prior) to 2048.</summary>
    public int ChoiceRank { get; init; } = 256;

    /// <summary>Most similar films kept for each film. Default 200; 0 (no item-kNN) to 2000.</summary>
    public int Neighbours { get; init; } = 200;

    /// <summary>Common raters at which half of a correlation between films is believed. Default 150; 0 to 10000.</summary>
    public float NeighbourShrinkage { get; init; } = 150;

    /// <summary>Likeness's worth of doubt about what similar films say. Default 0.03; 1e-6 to 100.</summary>
    public float NeighbourDamping { get; init; } = 0.03f;

    /// <summary>Films over which a rating loses its say in a person's present mood by e. Default 30; 0.1 to 10000.</summary>
    public float RecentSpan { get; init; } = 30;

    /// <summary>Weight of the factors in the blend, around the overall mean. Default 0.8; 0 to 2.</summary>
    public float FactorWeight { get; init; } = 0.8f;

    /// <summary>Weight of the damped biases in the blend. Default 0.16; 0 to 2.</summary>
    public float BiasWeight { get; init; } = 0.16f;

    /// <summary>Weight of the residuals on similar films. Default 0.6; 0 to 2.</summary>
    public float NeighbourWeight { get; init; } = 0.6f;

    /// <summary>Weight of the newest residuals. Default 0.25; 0 to 2.</summary>
    public float RecentWeight { get; init; } = 0.25f;

    /// <summary>Seed of the first member; the others count on from it. Default 1.</summary>
    public int Seed { get; init; } = 1;

    internal void Validate()
    {
        OptionRange.Check(Factors, 1, 256);
        OptionRange.Check(Sweeps, 1, 1000);
        OptionRange.Check(Members, 1, 32);
        OptionRange.Check(FactorPrecision, 1e-3, 1e3);
        OptionRange.Check(DescriptionRidge, 1e-6, 1e6);
        OptionRange.Check(AudienceRidge, 1e-3, 1e6);
        OptionRange.Check(AudienceDiscount, 0, 2);
        OptionRange.Check(AudienceRank, 0, 2048);
        OptionRange.Check(AudienceStrength, 0, 2);
        OptionRange.Check(DescriptionPart, 0, 1000);
        OptionRange.Check(ChoiceRidge, 1e-3, 1e6);
        OptionRange.Check(ChoiceDiscount, 0, 2);
        OptionRange.Check(ChoiceRank, 0, 2048);
        OptionRange.Check(Neighbours, 0, 2000);
        OptionRange.Check(NeighbourShrinkage, 0, 10000);
        OptionRange.Check(NeighbourDamping, 1e-6, 100);
        OptionRange.Check(RecentSpan, 0.1, 10000);
        OptionRange.Check(FactorWeight, 0, 2);
        OptionRange.Check(BiasWeight, 0, 2);
        OptionRange.Check(NeighbourWeight, 0, 2);
        OptionRange.Check(RecentWeight, 0, 2);
    }
}
