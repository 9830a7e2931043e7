namespace MovieRecommender.Domain.Factorization;

/// <summary>Options of <see cref="LinearAutoencoderTrainer"/>. Distances in a history are counted in films.</summary>
public sealed record LinearAutoencoderOptions
{
    /// <summary>Ratings a film needs to be ranked at all. Default 5; 1 to 1000.</summary>
    public int MinRatings { get; init; } = 5;

    /// <summary>Ridge of the item Gram matrix. Default 200; 1e-3 to 1e7.</summary>
    public float Regularization { get; init; } = 200;

    /// <summary>Directions of the item Gram matrix that are kept; more is closer to the exact inverse. Default 768; 1 to 4096.</summary>
    public int Rank { get; init; } = 768;

    /// <summary>Directions of the next-film matrix that are kept. Default 128; 0 (no next-film term) to 1024.</summary>
    public int NextRank { get; init; } = 128;

    /// <summary>Passes that sharpen both subspaces. Default 2; 1 to 20.</summary>
    public int Passes { get; init; } = 2;

    /// <summary>How much more two ratings made close together count. Default 3; 0 to 100.</summary>
    public float Near { get; init; } = 3;

    /// <summary>Distance over which <see cref="Near"/> falls by e. Default 5; 0.1 to 1000.</summary>
    public float NearSpan { get; init; } = 5;

    /// <summary>How much more two ratings made within the same days count. Default 0.5; 0 to 100.</summary>
    public float Period { get; init; } = 0.5f;

    /// <summary>Days over which <see cref="Period"/> falls by e. Default 30; 0.01 to 10000.</summary>
    public float PeriodDays { get; init; } = 30;

    /// <summary>Weight of the next-film term; 0 ranks by taste alone. Default 4; 0 to 100.</summary>
    public float Next { get; init; } = 4;

    /// <summary>How fast, in films from the newest, a rating loses its say in what comes next. Default 3; 0.1 to 1000.</summary>
    public float NextRecency { get; init; } = 3;

    /// <summary>Distance over which a later film stops being a "next" one in training. Default 20; 0.1 to 1000.</summary>
    public float NextSpan { get; init; } = 20;

    /// <summary>Weight of any later film, however far, in the next-film matrix. Default 0.05; 0 to 10.</summary>
    public float NextFloor { get; init; } = 0.05f;

    /// <summary>Weight of the undirected Gram matrix in the next-film matrix. Default 0.15; 0 to 10.</summary>
    public float NextTaste { get; init; } = 0.15f;

    /// <summary>Exponent of the popularity discount (raters + 20)^−x. Default 0.2; 0 to 1.</summary>
    public float PopularityDiscount { get; init; } = 0.2f;

    /// <summary>Weight of a shared genre. Default 30; 0 to 1000.</summary>
    public float Genre { get; init; } = 30;

    /// <summary>Weight of a shared tag. Default 3; 0 to 1000.</summary>
    public float Tag { get; init; } = 3;

    /// <summary>Weight of a shared five-year period of release. Default 10; 0 to 1000.</summary>
    public float Year { get; init; } = 10;

    /// <summary>Weight of the community's favourites; after n ratings 1/(1 + n) of it is left. Default 0.4; 0 to 10.</summary>
    public float Prior { get; init; } = 0.4f;

    /// <summary>Seed of the random subspaces. Default 1.</summary>
    public int Seed { get; init; } = 1;

    internal void Validate()
    {
        OptionRange.Check(MinRatings, 1, 1000);
        OptionRange.Check(Regularization, 1e-3, 1e7);
        OptionRange.Check(Rank, 1, 4096);
        OptionRange.Check(NextRank, 0, 1024);
        OptionRange.Check(Passes, 1, 20);
        OptionRange.Check(Near, 0, 100);
        OptionRange.Check(NearSpan, 0.1, 1000);
        OptionRange.Check(Period, 0, 100);
        OptionRange.Check(PeriodDays, 0.01, 10000);
        OptionRange.Check(Next, 0, 100);
        OptionRange.Check(NextRecency, 0.1, 1000);
        OptionRange.Check(NextSpan, 0.1, 1000);
        OptionRange.Check(NextFloor, 0, 10);
        OptionRange.Check(NextTaste, 0, 10);
        OptionRange.Check(PopularityDiscount, 0, 1);
        OptionRange.Check(Genre, 0, 1000);
        OptionRange.Check(Tag, 0, 1000);
        OptionRange.Check(Year, 0, 1000);
        OptionRange.Check(Prior, 0, 10);
    }
}
