namespace MovieRecommender.Domain.Factorization;

/// <summary>Options of <see cref="BiasedMfTrainer"/>.</summary>
public sealed record BiasedMfOptions : ITrainerOptions
{
    [Option("Factors for each film and person, besides the bias.", 1, 256)]
    public int Factors { get; init; } = 32;

    [Option("Sweeps over films, then people.", 1, 1000)]
    public int Sweeps { get; init; } = 15;

    [Option("Prior precision of a film's factors.", 1e-3, 1e3)]
    public float FactorPrecision { get; init; } = 2;

    [Option("Models from different starts whose predictions are averaged.", 1, 32)]
    public int Members { get; init; } = 2;

    [Option("Ridge on what a film's description says of its bias.", 1e-6, 1e6)]
    public float DescriptionRidge { get; init; } = 5;

    [Option("Ridge on what a film's audience, genres and years say of its factors.", 1e-3, 1e6)]
    public float AudienceRidge { get; init; } = 1;

    [Option("Exponent of the discount (films + 1)^−x on a person's, genre's or period's part in that.", 0, 2)]
    public float AudienceDiscount { get; init; } = 0.3f;

    [Option("Directions kept of the likeness between films' audiences; 0: no such prior.", 0, 2048)]
    public int AudienceRank { get; init; } = 128;

    [Option("Factor on what an audience leads to expect: it is learned from factors that are themselves drawn towards less.", 0, 2)]
    public float AudienceStrength { get; init; } = 1.2f;

    [Option("What a genre or a period of five years weighs in a film's audience beside a person.", 0, 1000)]
    public float DescriptionPart { get; init; } = 6;

    [Option("Ridge on what the choice of films says of a person.", 1e-3, 1e6)]
    public float ChoiceRidge { get; init; } = 2;

    [Option("Exponent of the discount (raters + 1)^−x on a film's part in that choice.", 0, 2)]
    public float ChoiceDiscount { get; init; } = 0.6f;

    [Option("Directions kept of the likeness between people's choices; 0: no such prior.", 0, 2048)]
    public int ChoiceRank { get; init; } = 256;

    [Option("Most similar films kept for each film; 0: no item-kNN.", 0, 2000)]
    public int Neighbours { get; init; } = 200;

    [Option("Common raters at which half of a correlation between films is believed.", 0, 10000)]
    public float NeighbourShrinkage { get; init; } = 150;

    [Option("Likeness's worth of doubt about what similar films say.", 1e-6, 100)]
    public float NeighbourDamping { get; init; } = 0.03f;

    [Option("Films over which a rating loses its say in a person's present mood by e.", 0.1, 10000)]
    public float RecentSpan { get; init; } = 30;

    [Option("Weight of the factors in the blend, around the overall mean.", 0, 2)]
    public float FactorWeight { get; init; } = 0.8f;

    [Option("Weight of the damped biases in the blend.", 0, 2)]
    public float BiasWeight { get; init; } = 0.16f;

    [Option("Weight of the residuals on similar films.", 0, 2)]
    public float NeighbourWeight { get; init; } = 0.6f;

    [Option("Weight of the newest residuals.", 0, 2)]
    public float RecentWeight { get; init; } = 0.25f;

    [Option("Seed of the first member; the others count on from it.", 0, int.MaxValue)]
    public int Seed { get; init; } = 1;

    public void Validate() => OptionAttribute.Check(this);
}
