namespace MovieRecommender.Domain.Factorization;

/// <summary>The catalogue of trainers by public name.</summary>
public static class Trainers
{
    static readonly (string Name, Func<ITrainer> Create)[] Catalogue =
    [
        (PopularityTrainer.AlgorithmName, () => new PopularityTrainer()),
        (LinearAutoencoderTrainer.AlgorithmName, () => new LinearAutoencoderTrainer()),
        (BiasedMfTrainer.AlgorithmName, () => new BiasedMfTrainer()),
        (RecommenderNetTrainer.AlgorithmName, () => new RecommenderNetTrainer()),
#if MLNET_RECOMMENDER
        (MlNet.MlNetFactorModel.AlgorithmName, () => new MlNet.MlNetFactorTrainer()),
#endif
    ];

    /// <summary>Every algorithm's public name.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Catalogue.Select(entry => entry.Name)];

    /// <summary>A trainer of each algorithm with its default options.</summary>
    public static IReadOnlyList<ITrainer> All => [.. Catalogue.Select(entry => entry.Create())];

    /// <summary>A trainer with its default options.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <exception cref="ArgumentException">No algorithm has this name; the message lists those that exist.</exception>
    public static ITrainer Create(string name)
    {
        foreach (var entry in Catalogue)
        {
            if (string.Equals(entry.Name, name, StringComparison.Ordinal))
                return entry.Create();
        }
        throw new ArgumentException($"Unknown algorithm '{name}'. Known are: {string.Join(", ", Names)}.");
    }
}
