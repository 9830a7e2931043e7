using System.Text.Json;
using System.Text.Json.Serialization;
using MovieRecommender.Domain.Factorization;

namespace MovieRecommender.Domain.Training;

/// <summary>What a run trains, where that is not simply everything with its defaults.</summary>
/// <param name="Algorithms">Names of the candidates; empty for all.</param>
/// <param name="Options">Values that differ from the default, by algorithm and option.</param>
/// <param name="Factors">SHA-256 of films' vectors that were trained elsewhere and are judged in the place of a ranking; null for none.</param>
public sealed record TrainingChoice(IReadOnlyList<string> Algorithms, IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> Options, string? Factors = null)
{
    /// <summary>The vectors themselves, while they are judged.</summary>
    [JsonIgnore]
    internal ItemFactors? Given { get; init; }

    /// <summary>All candidates with their defaults.</summary>
    public static readonly TrainingChoice Everything = Of([]);

    public static TrainingChoice Of(IReadOnlyList<string> algorithms) => new(algorithms, new Dictionary<string, IReadOnlyDictionary<string, double>>());

    /// <summary>The algorithms that are trained: those chosen, and popularity, which all are judged against.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Candidates => Algorithms.Count == 0 ? Trainers.Names : [.. Algorithms.Union([PopularityTrainer.AlgorithmName], StringComparer.Ordinal)];

    /// <summary>Vectors that were sent, with the stars that this app learns.</summary>
    internal static TrainingChoice OfFactors(string name) => Of([ItemFactorsTrainer.AlgorithmName, BiasedMfTrainer.AlgorithmName]) with { Factors = name };

    /// <exception cref="InvalidInputException">A name or value is not allowed, or no version can come of it; the message says which and what is.</exception>
    public void Validate()
    {
        foreach (var name in Algorithms) Require(name, "algorithm");
        if (!Candidates.Any(Trainers.Ranks))
            throw new InvalidInputException($"The candidates {string.Join(", ", Algorithms)} cannot make a version: it needs one that ranks. Add {string.Join(" or ", Trainers.Names.Where(Trainers.Ranks))}.");
        if (!Candidates.Any(name => !Trainers.Ranks(name) && name != PopularityTrainer.AlgorithmName))
            throw new InvalidInputException($"The candidates {string.Join(", ", Algorithms)} cannot make a version: it needs one that predicts stars. Add {string.Join(" or ", Trainers.Names.Where(name => !Trainers.Ranks(name) && name != PopularityTrainer.AlgorithmName))}.");
        foreach (var (name, options) in Options)
        {
            Require(name, "algorithm");
            if (!Candidates.Contains(name, StringComparer.Ordinal)) throw new InvalidInputException($"Options are given for {name}, which is not among the candidates {string.Join(", ", Candidates)}.");
            _ = Create(name, options);
        }
    }

    /// <param name="movieIds">Public id of each dense item index of the data.</param>
    public ITrainer Create(string name, IReadOnlyList<int> movieIds)
        => name == ItemFactorsTrainer.AlgorithmName && Given is { } given ? new ItemFactorsTrainer(given, movieIds) : Create(name, Options.GetValueOrDefault(name) ?? new Dictionary<string, double>());

    /// <summary>Every candidate with all its options as this choice leaves them.</summary>
    public Dictionary<string, IReadOnlyDictionary<string, double>> Recipe()
        => Candidates.ToDictionary(name => name, name => name == ItemFactorsTrainer.AlgorithmName ? new Dictionary<string, double>() : (IReadOnlyDictionary<string, double>)Trainers.OptionsOf(name).ToDictionary(
            option => option.Name,
            option => Options.GetValueOrDefault(name)?.Where(given => given.Key.Equals(option.Name, StringComparison.OrdinalIgnoreCase)).Select(given => (double?)given.Value).LastOrDefault() ?? option.Default));

    /// <summary>For the store; null for everything with its defaults, whatever those are by then.</summary>
    internal string? ToJson() => Algorithms.Count == 0 && Options.Values.All(options => options.Count == 0) ? null : JsonSerializer.Serialize(this);

    internal static TrainingChoice? FromJson(string? json) => json is null ? null : JsonSerializer.Deserialize<TrainingChoice>(json);

    static ITrainer Create(string name, IReadOnlyDictionary<string, double> options)
    {
        try
        {
            return Trainers.Create(name, options);
        }
        catch (ArgumentException error)
        {
            throw new InvalidInputException($"{name}: {error.Message}", error);
        }
    }

    static void Require(string name, string what)
    {
        if (!Trainers.Names.Contains(name, StringComparer.Ordinal)) throw new InvalidInputException($"There is no {what} '{name}'; allowed are {string.Join(", ", Trainers.Names)}.");
    }
}
