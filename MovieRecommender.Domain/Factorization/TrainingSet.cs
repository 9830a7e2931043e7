namespace MovieRecommender.Domain.Factorization;

/// <summary>One film of a person's history.</summary>
/// <param name="Item">Dense item index, from 0.</param>
/// <param name="Stars">0.5 to 5 in halves.</param>
/// <param name="Time">Unix seconds; 0 when unknown.</param>
public readonly record struct RatedItem(int Item, float Stars, long Time);

/// <summary>What is known about the items besides their ratings; one entry per dense item index.</summary>
/// <param name="Genres">Genre names; empty when none are listed.</param>
/// <param name="Years">Year of release, or null.</param>
/// <param name="Tags">Lower-cased tags people gave; may repeat.</param>
public sealed record ItemFeatures(
    IReadOnlyList<IReadOnlyList<string>> Genres,
    IReadOnlyList<int?> Years,
    IReadOnlyList<IReadOnlyList<string>> Tags);

/// <summary>All a trainer sees: the ratings and what is known about the items.</summary>
public sealed record TrainingSet(RatingMatrix Ratings, ItemFeatures Features);
