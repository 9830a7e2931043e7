namespace MovieRecommender.Domain.Factorization;

/// <summary>Options of <see cref="RecommenderNetTrainer"/>.</summary>
public sealed record RecommenderNetOptions
{
    /// <summary>The hyperparameters of the article that the network comes from; also the defaults.</summary>
    public static RecommenderNetOptions Article { get; } = new();

    /// <summary>Only the rows of a batch move; longer embeddings, more epochs and a real penalty.</summary>
    public static RecommenderNetOptions Tuned { get; } = new() { Size = 128, Penalty = 2e-4f, CatchUp = false, Epochs = 13, FoldInRidge = 0.05f };

    /// <summary>Length of an embedding. Default 32; 1 to 512.</summary>
    public int Size { get; init; } = 32;

    /// <summary>Passes over the ratings. Default 5; 1 to 1000.</summary>
    public int Epochs { get; init; } = 5;

    /// <summary>Ratings averaged for one step. Default 64; 1 to 65536.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>Adam's step length. Default 0.001; 1e-6 to 1.</summary>
    public float LearningRate { get; init; } = 0.001f;

    /// <summary>L2 penalty on the embeddings. Default 1e-6; 0 to 1.</summary>
    public float Penalty { get; init; } = 1e-6f;

    /// <summary>Whether a row that a batch leaves out keeps moving by its momentum, as in dense Adam. Default true.</summary>
    public bool CatchUp { get; init; } = true;

    /// <summary>Share of the ratings set aside to report a validation loss. Default 0 (none); 0 to 0.5.</summary>
    public double ValidationShare { get; init; }

    /// <summary>Epochs without a better validation loss after which training stops and goes back to the best. Default 0 (never); 0 to 1000.</summary>
    public int Patience { get; init; }

    /// <summary>How strongly a new person is drawn to the average one, in units of the spread of the trained people. Default 0.2; 1e-3 to 1e3.</summary>
    public float FoldInRidge { get; init; } = 0.2f;

    /// <summary>Seed of the first weights and of the order of the ratings. Default 42.</summary>
    public int Seed { get; init; } = 42;

    internal void Validate()
    {
        OptionRange.Check(Size, 1, 512);
        OptionRange.Check(Epochs, 1, 1000);
        OptionRange.Check(BatchSize, 1, 65536);
        OptionRange.Check(LearningRate, 1e-6, 1);
        OptionRange.Check(Penalty, 0, 1);
        OptionRange.Check(ValidationShare, 0, 0.5);
        OptionRange.Check(Patience, 0, 1000);
        OptionRange.Check(FoldInRidge, 1e-3, 1e3);
        if (Patience > 0 && ValidationShare == 0)
            throw new ArgumentException($"Patience is {Patience} and ValidationShare 0; stopping early needs a share above 0.");
    }
}
