using MovieRecommender.Domain.Catalog;
using MovieRecommender.Domain.Ratings;

namespace MovieRecommender.Domain.Recommendations;

/// <summary>A rating that speaks for a film.</summary>
/// <param name="Share">Its share of all that speaks for the film, 0 to 1.</param>
public sealed record Reason(Film Film, double Stars, double Share);

/// <summary>A film for someone.</summary>
/// <param name="Score">What the list is ordered by; comparable within one list only.</param>
/// <param name="PredictedStars">0.5 to 5, or null while only popularity serves.</param>
/// <param name="Deviation">Standard deviation of the stars this person would give, or null.</param>
/// <param name="Because">The ratings that weigh most, heaviest first; empty when none does.</param>
public sealed record Recommendation(Film Film, double Score, double? PredictedStars, double? Deviation, IReadOnlyList<Reason> Because);

/// <summary>A list, and what made it.</summary>
/// <param name="Version">The model version, or null when popularity served.</param>
/// <param name="RatingCount">How many of the person's ratings counted.</param>
public sealed record RecommendationList(IReadOnlyList<Recommendation> Items, int? Version, int RatingCount);

/// <summary>What may be on the list. Unset parts do not restrict.</summary>
public sealed record RecommendationQuery
{
    /// <summary>Length of the list, 1 to 100.</summary>
    public int Count { get; init; } = 10;

    public string? Genre { get; init; }

    /// <summary>A genre no film of the list may have.</summary>
    public string? WithoutGenre { get; init; }

    public int? YearFrom { get; init; }

    public int? YearTo { get; init; }

    /// <summary>-1 favours what few people know, 1 what everybody knows, 0 leaves the ranking alone.</summary>
    public double Popularity { get; init; }

    /// <summary>A number draws the list at random from the best sixty; the same number draws the same list.</summary>
    public int? Surprise { get; init; }

    /// <summary>Films to leave out, besides those rated: seen without stars, say, or shown before.</summary>
    public IReadOnlyCollection<int> Without { get; init; } = [];

    /// <summary>Films the person does not want: they are left out, and what resembles them is held back.</summary>
    public IReadOnlyCollection<int> Dismissed { get; init; } = [];

    public RecommendationQuery With(IReadOnlyDictionary<int, MarkKind> marks) => this with
    {
        Without = [.. Without, .. marks.Where(mark => mark.Value == MarkKind.Watched).Select(mark => mark.Key)],
        Dismissed = [.. marks.Where(mark => mark.Value == MarkKind.Dismissed).Select(mark => mark.Key)],
    };

    /// <exception cref="InvalidInputException">A value is out of range.</exception>
    public void Validate()
    {
        if (Count is < 1 or > 100) throw new InvalidInputException($"n is {Count}; allowed is 1 to 100.");
        if (Popularity is not (>= -1 and <= 1)) throw new InvalidInputException(FormattableString.Invariant($"popularity is {Popularity}; allowed is -1 to 1."));
        if (YearFrom > YearTo) throw new InvalidInputException($"yearFrom {YearFrom} lies after yearTo {YearTo}.");
    }
}
