namespace MovieRecommender.Domain.Factorization;

/// <summary>Options of <see cref="LinearAutoencoderTrainer"/>. Distances in a history are counted in films.</summary>
public sealed record LinearAutoencoderOptions : ITrainerOptions
{
    [Option("Ratings a film needs to be ranked at all.", 1, 1000)]
    public int MinRatings { get; init; } = 5;

    [Option("Ridge of the item Gram matrix.", 1e-3, 1e7)]
    public float Regularization { get; init; } = 200;

    [Option("Ridge for a person of whom hardly anything is known; there is none up to Regularization.", 1e-3, 1e7)]
    public float EarlyRegularization { get; init; } = 400;

    [Option("Ratings over which the early ridge gives way to the other; 0: there is none.", 0, 1000)]
    public int EarlyUntil { get; init; } = 20;

    [Option("Directions of the item Gram matrix that are kept; more is closer to the exact inverse.", 1, 4096)]
    public int Rank { get; init; } = 768;

    [Option("Directions of the next-film matrix that are kept; 0: no next-film term.", 0, 1024)]
    public int NextRank { get; init; } = 128;

    [Option("Passes that sharpen both subspaces.", 1, 20)]
    public int Passes { get; init; } = 2;

    [Option("How much more two ratings made close together count.", 0, 100)]
    public float Near { get; init; } = 3;

    [Option("Films over which Near falls by e.", 0.1, 1000)]
    public float NearSpan { get; init; } = 5;

    [Option("How much more two ratings made within the same days count.", 0, 100)]
    public float Period { get; init; } = 0.5f;

    [Option("Days over which Period falls by e.", 0.01, 10000)]
    public float PeriodDays { get; init; } = 30;

    [Option("Weight of the next-film term; 0 ranks by taste alone.", 0, 100)]
    public float Next { get; init; } = 4;

    [Option("Ratings up to which there is no next film: what somebody picks first is no sequence yet.", 0, 1000)]
    public int NextAfter { get; init; } = 10;

    [Option("How fast, in films from the newest, a rating loses its say in what comes next.", 0.1, 1000)]
    public float NextRecency { get; init; } = 3;

    [Option("Films over which a later film stops being the next one in training.", 0.1, 1000)]
    public float NextSpan { get; init; } = 20;

    [Option("Weight of any later film, however far, in the next-film matrix.", 0, 10)]
    public float NextFloor { get; init; } = 0.05f;

    [Option("Weight of the undirected Gram matrix in the next-film matrix.", 0, 10)]
    public float NextTaste { get; init; } = 0.15f;

    [Option("Exponent of the popularity discount (raters + 20)^−x.", 0, 1)]
    public float PopularityDiscount { get; init; } = 0.232f;

    [Option("Weight of a shared genre.", 0, 1000)]
    public float Genre { get; init; } = 30;

    [Option("Weight of a shared tag.", 0, 1000)]
    public float Tag { get; init; } = 3;

    [Option("Weight of a shared five-year period of release.", 0, 1000)]
    public float Year { get; init; } = 10;

    [Option("Weight of the community's favourites; after n ratings 1/(1 + n) of it is left.", 0, 10)]
    public float Prior { get; init; } = 0.4f;

    [Option("Seed of the random subspaces.", 0, int.MaxValue)]
    public int Seed { get; init; } = 1;

    public void Validate() => OptionAttribute.Check(this);
}
