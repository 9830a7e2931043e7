namespace MovieRecommender.Domain.Factorization;

/// <summary>Options of <see cref="RecommenderNetTrainer"/>.</summary>
public sealed record RecommenderNetOptions : ITrainerOptions
{
    /// <summary>The hyperparameters of the article that the network comes from; also the defaults.</summary>
    public static RecommenderNetOptions Article { get; } = new();

    /// <summary>Only the rows of a batch move; longer embeddings, more epochs and a real penalty.</summary>
    public static RecommenderNetOptions Tuned { get; } = new() { Size = 128, Penalty = 2e-4f, CatchUp = false, Epochs = 13, FoldInRidge = 0.05f };

    [Option("Length of an embedding.", 1, 512)]
    public int Size { get; init; } = 32;

    [Option("Passes over the ratings.", 1, 1000)]
    public int Epochs { get; init; } = 5;

    [Option("Ratings averaged for one step.", 1, 65536)]
    public int BatchSize { get; init; } = 64;

    [Option("Adam's step length.", 1e-6, 1)]
    public float LearningRate { get; init; } = 0.001f;

    [Option("L2 penalty on the embeddings.", 0, 1)]
    public float Penalty { get; init; } = 1e-6f;

    [Option("Whether a row that a batch leaves out keeps moving by its momentum, as in dense Adam.", 0, 1)]
    public bool CatchUp { get; init; } = true;

    [Option("Share of the ratings set aside to report a validation loss; 0: none.", 0, 0.5)]
    public double ValidationShare { get; init; }

    [Option("Epochs without a better validation loss after which training stops and goes back to the best; 0: never.", 0, 1000)]
    public int Patience { get; init; }

    [Option("How strongly a new person is drawn to the average one, in units of the spread of the trained people.", 1e-3, 1e3)]
    public float FoldInRidge { get; init; } = 0.2f;

    [Option("Seed of the first weights and of the order of the ratings.", 0, int.MaxValue)]
    public int Seed { get; init; } = 42;

    public void Validate()
    {
        OptionAttribute.Check(this);
        if (Patience > 0 && ValidationShare == 0)
            throw new ArgumentException($"Patience is {Patience} and ValidationShare 0; stopping early needs a share above 0.");
    }
}
