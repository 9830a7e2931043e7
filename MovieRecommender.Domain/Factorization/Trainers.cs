namespace MovieRecommender.Domain.Factorization;

/// <summary>The catalogue of trainers by public name.</summary>
public static class Trainers
{
    static readonly Entry[] Catalogue =
    [
        Entry.Of(PopularityTrainer.AlgorithmName, () => new PopularityOptions(), options => new PopularityTrainer(options)),
        Entry.Of(LinearAutoencoderTrainer.AlgorithmName, () => new LinearAutoencoderOptions(), options => new LinearAutoencoderTrainer(options), ranks: true),
        Entry.Of(BiasedMfTrainer.AlgorithmName, () => new BiasedMfOptions(), options => new BiasedMfTrainer(options)),
        Entry.Of(RecommenderNetTrainer.AlgorithmName, () => RecommenderNetOptions.Tuned with { }, options => new RecommenderNetTrainer(options)),
#if MLNET_RECOMMENDER
        Entry.Of(MlNet.MlNetFactorModel.AlgorithmName, () => new NoOptions(), _ => new MlNet.MlNetFactorTrainer()),
#endif
    ];

    /// <summary>Every algorithm's public name.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Catalogue.Select(entry => entry.Name)];

    /// <summary>A trainer of each algorithm with its default options.</summary>
    public static IReadOnlyList<ITrainer> All => [.. Catalogue.Select(entry => entry.Create(entry.Defaults()))];

    /// <summary>A trainer with its default options.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <exception cref="ArgumentException">No algorithm has this name; the message lists those that exist.</exception>
    public static ITrainer Create(string name) => Create(name, new Dictionary<string, double>());

    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="options">Values by the name of the option; what is missing has its default.</param>
    /// <inheritdoc cref="Create(string)"/>
    /// <exception cref="ArgumentException">No such algorithm or option, or a value that is not allowed; the message says which and what is.</exception>
    public static ITrainer Create(string name, IReadOnlyDictionary<string, double> options)
    {
        var entry = Find(name);
        var chosen = entry.Defaults();
        foreach (var (option, value) in options) OptionAttribute.Set(chosen, option, value);
        chosen.Validate();
        return entry.Create(chosen);
    }

    /// <summary>The options of an algorithm with their defaults, ranges and meaning.</summary>
    /// <inheritdoc cref="Create(string)"/>
    public static IReadOnlyList<TrainerOption> OptionsOf(string name) => OptionAttribute.Describe(Find(name).Defaults());

    /// <summary>Whether an algorithm learns to order lists; the others predict stars, or count.</summary>
    /// <inheritdoc cref="Create(string)"/>
    public static bool Ranks(string name) => Find(name).Ranks;

    static Entry Find(string name)
        => Array.Find(Catalogue, entry => entry.Name == name) ?? throw new ArgumentException($"Unknown algorithm '{name}'. Known are: {string.Join(", ", Names)}.");

    sealed record Entry(string Name, Func<ITrainerOptions> Defaults, Func<ITrainerOptions, ITrainer> Create, bool Ranks)
    {
        public static Entry Of<T>(string name, Func<T> defaults, Func<T, ITrainer> create, bool ranks = false) where T : class, ITrainerOptions
            => new(name, defaults, options => create((T)options), ranks);
    }
#if MLNET_RECOMMENDER

    sealed record NoOptions : ITrainerOptions
    {
        public void Validate() { }
    }
#endif
}
