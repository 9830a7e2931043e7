using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Catalog;
using MovieRecommender.Domain.Ratings.Showings;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Domain.Ratings.Histories;

/// <summary>What a viewer likes and was shown, to take away.</summary>
public sealed class HistoryExport(Store store, RatingService ratings, MarkService marks, MovieCatalog catalog)
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>The ratings as a csv that Letterboxd imports; cells that a spreadsheet would take for a formula get an apostrophe.</summary>
    /// <exception cref="AccessDeniedException">The caller is no viewer yet.</exception>
    public async Task<string> CsvAsync(Caller caller, CancellationToken cancellationToken = default)
    {
        caller.RequireViewer();
        var csv = new StringBuilder("tmdbID,imdbID,Title,Year,Rating,WatchedDate\r\n");
        foreach (var rating in await ratings.MineAsync(caller, cancellationToken))
        {
            if (catalog.Find(rating.MovieId) is not { } film) continue;
            csv.AppendJoin(',', film.TmdbId?.ToString(CultureInfo.InvariantCulture), film.ImdbId is { } imdb ? "tt" + imdb : "", Cell(film.Title),
                film.Year?.ToString(CultureInfo.InvariantCulture), rating.Stars.ToString("0.0", CultureInfo.InvariantCulture),
                DateTimeOffset.FromUnixTimeSeconds(rating.RatedAt).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)).Append("\r\n");
        }
        return csv.ToString();
    }

    /// <summary>Ratings, watchlist, "not for me", "seen it", and which films were on lists, as JSON.</summary>
    /// <exception cref="AccessDeniedException">The caller is no viewer yet.</exception>
    public async Task<string> JsonAsync(Caller caller, CancellationToken cancellationToken = default)
    {
        var viewer = caller.RequireViewer();
        var shown = await store.ReadAsync(db => db.Showings.Where(showing => showing.ViewerId == viewer).OrderBy(showing => showing.ShownAt).ThenBy(showing => showing.MovieId).ToListAsync(cancellationToken), cancellationToken);
        var mine = await ratings.MineAsync(caller, cancellationToken);
        var marked = await marks.MineAsync(caller, cancellationToken);
        return JsonSerializer.Serialize(new
        {
            Ratings = mine.Select(rating => new { rating.MovieId, catalog.Find(rating.MovieId)?.Title, catalog.Find(rating.MovieId)?.Year, rating.Stars, RatedAt = DateTimeOffset.FromUnixTimeSeconds(rating.RatedAt) }),
            Marks = marked.Select(mark => new { MovieId = mark.Key, catalog.Find(mark.Key)?.Title, catalog.Find(mark.Key)?.Year, Mark = mark.Value.ToString().ToLowerInvariant() }),
            Shown = shown.Select(showing => new { showing.MovieId, catalog.Find(showing.MovieId)?.Title, catalog.Find(showing.MovieId)?.Year, showing.Version, ShownAt = DateTimeOffset.FromUnixTimeSeconds(showing.ShownAt) }),
        }, Json);
    }

    /// <summary>A cell of csv that a spreadsheet shows as it is.</summary>
    internal static string Cell(string text)
    {
        if (text is ['=' or '+' or '-' or '@' or '\t' or '\0', ..]) text = "'" + text;
        return text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }
}
