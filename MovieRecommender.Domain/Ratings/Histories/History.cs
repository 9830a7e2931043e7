using MovieRecommender.Domain.Catalog;

namespace MovieRecommender.Domain.Ratings.Histories;

/// <summary>One film of a history from elsewhere.</summary>
/// <param name="ImdbId">Digits only, without leading zeros.</param>
/// <param name="HalfStars">1 to 10, or null when the film was not rated.</param>
/// <param name="Mark">What is known of it without stars.</param>
/// <param name="RatedAt">Unix seconds, or null when the file does not say.</param>
public sealed record HistoryEntry(
    string File, long Line, string Title, int? Year, string? ImdbId = null, int? TmdbId = null, int? MovieLensId = null,
    byte? HalfStars = null, MarkKind? Mark = null, long? RatedAt = null)
{
    public string TitleAndYear => Year is { } year ? FormattableString.Invariant($"{Title} ({year})") : Title;
}

/// <summary>A history as a file holds it.</summary>
/// <param name="Source">Where it came from, for people: "Letterboxd".</param>
/// <param name="OutOfTen">Whether its stars go from 1 to 10 and are halved here.</param>
/// <param name="Problems">Rows that were skipped or taken with a change.</param>
public sealed record History(string Source, bool OutOfTen, IReadOnlyList<HistoryEntry> Entries, BadRows Problems);

/// <summary>A film of the history and the film it is here.</summary>
/// <param name="Current">The stars it has here already, or null.</param>
public sealed record HistoryMatch(HistoryEntry Entry, Film Film, double? Current);

/// <summary>A film of the history that may be one of several here.</summary>
public sealed record HistoryDoubt(HistoryEntry Entry, IReadOnlyList<Film> Candidates);

/// <summary>What an import would do, before it does anything.</summary>
/// <param name="New">Films that would get stars or a mark.</param>
/// <param name="Different">Films that have other stars here.</param>
/// <param name="Same">How many films are here already, just so.</param>
/// <param name="Unsure">Films for the viewer to settle.</param>
/// <param name="Unmatched">Films that are not in this catalogue.</param>
public sealed record HistoryPlan(
    History History, IReadOnlyList<HistoryMatch> New, IReadOnlyList<HistoryMatch> Different, int Same,
    IReadOnlyList<HistoryDoubt> Unsure, IReadOnlyList<HistoryEntry> Unmatched);
