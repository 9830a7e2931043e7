using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Catalog;
using MovieRecommender.Domain.Ratings;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Domain.Recommendations;

/// <summary>A film on a watchlist.</summary>
/// <param name="PredictedStars">For the list's owner; null while only popularity serves.</param>
public sealed record WatchlistItem(Film Film, double? PredictedStars);

/// <summary>A viewer's watchlist, best guess first, and the one link by which they may show it to others.</summary>
public sealed class WatchlistService(Store store, RatingService ratings, MarkService marks, RecommendationService recommendations, MovieCatalog catalog, TimeProvider time)
{
    /// <summary>The caller's own list; empty for someone who has not begun.</summary>
    public async Task<IReadOnlyList<WatchlistItem>> MineAsync(Caller caller, CancellationToken cancellationToken = default)
        => caller.ViewerId is { } viewer ? await OfAsync(viewer, cancellationToken) : [];

    /// <summary>The list behind a link, or null when there is no such link or it was revoked.</summary>
    public async Task<IReadOnlyList<WatchlistItem>?> SharedAsync(string code, CancellationToken cancellationToken = default)
    {
        var share = await store.ReadAsync(db => db.WatchlistShares.FirstOrDefaultAsync(row => row.Code == code, cancellationToken), cancellationToken);
        return share is null ? null : await OfAsync(share.ViewerId, cancellationToken);
    }

    /// <summary>The code of the caller's link, or null while the list is not shared.</summary>
    public async Task<string?> MyCodeAsync(Caller caller, CancellationToken cancellationToken = default)
        => caller.ViewerId is { } viewer
            ? await store.ReadAsync(db => db.WatchlistShares.Where(row => row.ViewerId == viewer).Select(row => row.Code).FirstOrDefaultAsync(cancellationToken), cancellationToken)
            : null;

    /// <summary>Makes the caller's link, or returns the one there is.</summary>
    public async Task<string> ShareAsync(Caller caller, CancellationToken cancellationToken = default)
    {
        var viewer = caller.RequireRater();
        return await store.WriteAsync(async db =>
        {
            if (await db.WatchlistShares.FirstOrDefaultAsync(row => row.ViewerId == viewer, cancellationToken) is { } known) return known.Code;
            var share = new WatchlistShare { Code = RandomNumberGenerator.GetString("abcdefghjkmnpqrstuvwxyz23456789", 20), ViewerId = viewer, CreatedUtc = time.GetUtcNow().UtcDateTime };
            db.Add(share);
            return share.Code;
        }, cancellationToken);
    }

    /// <summary>Revokes the caller's link: from now on it leads nowhere.</summary>
    public Task RevokeAsync(Caller caller, CancellationToken cancellationToken = default)
    {
        var viewer = caller.RequireRater();
        return store.WriteAsync(db => db.WatchlistShares.Where(row => row.ViewerId == viewer).ExecuteDeleteAsync(cancellationToken), cancellationToken);
    }

    async Task<IReadOnlyList<WatchlistItem>> OfAsync(int viewer, CancellationToken cancellationToken)
    {
        var history = await ratings.OfAsync(viewer, cancellationToken);
        var rated = history.Select(rating => rating.MovieId).ToHashSet();
        var films = (await marks.OfAsync(viewer, cancellationToken))
            .Where(mark => mark.Value == MarkKind.Watchlist && !rated.Contains(mark.Key))
            .Select(mark => catalog.Find(mark.Key)).OfType<Film>().ToList();
        var stars = recommendations.Predict(history, [.. films.Select(film => film.Id)]);
        return [.. films.Select((film, i) => new WatchlistItem(film, stars is null ? null : stars[i].Stars))
            .OrderByDescending(item => item.PredictedStars ?? item.Film.AverageStars).ThenBy(item => item.Film.Id)];
    }
}
