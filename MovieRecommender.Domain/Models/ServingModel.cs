using System.Collections.Frozen;
using MovieRecommender.Domain.Factorization;

namespace MovieRecommender.Domain.Models;

/// <summary>The two heads of one version, ready to answer. Immutable: a request reads it once and keeps it to its end.</summary>
public sealed class ServingModel
{
    readonly FrozenDictionary<int, int> _items;

    public ServingModel(int version, IReadOnlyList<int> movieIds, ItemModel ranking, StarModel stars)
    {
        if (ranking.Items != movieIds.Count || stars.Items != movieIds.Count)
            throw new InvalidInputException($"A model knows {ranking.Items} and {stars.Items} films, but lists {movieIds.Count}.");
        Version = version;
        MovieIds = movieIds;
        Ranking = ranking;
        Stars = stars;
        _items = movieIds.Select((id, item) => KeyValuePair.Create(id, item)).ToFrozenDictionary();
    }

    public int Version { get; }

    /// <summary>SHA-256 of the file it was read from, in hex; null for one that was just trained.</summary>
    public string? Checksum { get; init; }

    /// <summary>Movie id of each dense item index.</summary>
    public IReadOnlyList<int> MovieIds { get; }

    /// <summary>Orders the top 10.</summary>
    public ItemModel Ranking { get; }

    /// <summary>Predicts stars.</summary>
    public StarModel Stars { get; }

    /// <summary>The same model of the same films, where these have got other numbers.</summary>
    internal ServingModel Renumbered(Func<int, int> numberOf) => new(Version, [.. MovieIds.Select(numberOf)], Ranking, Stars);

    /// <summary>Dense item index of a film, or -1 when the model was trained before it came.</summary>
    public int ItemOf(int movieId) => _items.GetValueOrDefault(movieId, -1);
}
