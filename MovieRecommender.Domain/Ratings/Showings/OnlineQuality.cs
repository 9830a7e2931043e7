using Microsoft.EntityFrameworkCore;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Domain.Ratings.Showings;

/// <summary>A share of films with its 95 % interval after Wilson (1927), as if one film on a list told nothing of the next.</summary>
public sealed record OnlineShare(int Count, double Share, double Low, double High)
{
    const double Z = 1.96;

    public static OnlineShare Of(int count, int all)
    {
        if (all == 0) return new(0, 0, 0, 0);
        var (n, p) = ((double)all, count / (double)all);
        var middle = (p + (Z * Z / (2 * n))) / (1 + (Z * Z / n));
        var half = Z / (1 + (Z * Z / n)) * Math.Sqrt((p * (1 - p) / n) + (Z * Z / (4 * n * n)));
        return new(count, p, count == 0 ? 0 : middle - half, count == all ? 1 : middle + half);
    }
}

/// <summary>What became of the films a version put on people's own lists.</summary>
/// <param name="Version">Null for what was most popular, before there was a version.</param>
/// <param name="Shown">Films on its lists, each counted once for each person.</param>
/// <param name="Liked">Of those, how many the person then gave four stars or more.</param>
/// <param name="Rated">How many they then rated at all.</param>
/// <param name="Watchlisted">How many they then put on the watchlist.</param>
/// <param name="Dismissed">How many were then "not for me".</param>
public sealed record OnlineFigures(
    int? Version, DateTime FirstUtc, DateTime LastUtc, int Shown, int Viewers, OnlineShare Liked, OnlineShare Rated, OnlineShare Watchlisted, OnlineShare Dismissed);

/// <summary>How good lists are in use, version by version: counts of all people together.</summary>
public sealed class OnlineQuality(Store store)
{
    const byte Love = 8;

    /// <summary>Newest version first. What somebody said of a film counts for the version that showed it to them last before that.</summary>
    public async Task<IReadOnlyList<OnlineFigures>> ReadAsync(Caller caller, CancellationToken cancellationToken = default)
    {
        caller.RequireAdmin();
        var rows = await store.ReadAsync(db =>
        {
            var showings = db.Showings;
            return (
            from showing in showings
            from rating in db.Set<Rating>().Where(row => row.ViewerId == showing.ViewerId && row.MovieId == showing.MovieId && row.RatedAt >= showing.ShownAt).DefaultIfEmpty()
            from mark in db.Set<Mark>().Where(row => row.ViewerId == showing.ViewerId && row.MovieId == showing.MovieId && row.MarkedAt >= showing.ShownAt).DefaultIfEmpty()
            let isLast = !showings.Any(later => later.ViewerId == showing.ViewerId && later.MovieId == showing.MovieId
                && (later.ShownAt > showing.ShownAt || (later.ShownAt == showing.ShownAt && later.Version > showing.Version)))
            select new { showing.Version, showing.ViewerId, showing.ShownAt, Halves = isLast ? (byte?)rating!.HalfStars : null, Kind = isLast ? (MarkKind?)mark!.Kind : null })
            .GroupBy(row => row.Version).OrderByDescending(group => group.Key)
            .Select(group => new
            {
                Version = group.Key,
                First = group.Min(row => row.ShownAt),
                Last = group.Max(row => row.ShownAt),
                Shown = group.Count(),
                Viewers = group.Select(row => row.ViewerId).Distinct().Count(),
                Liked = group.Count(row => row.Halves >= Love),
                Rated = group.Count(row => row.Halves != null),
                Watchlisted = group.Count(row => row.Kind == MarkKind.Watchlist),
                Dismissed = group.Count(row => row.Kind == MarkKind.Dismissed),
            }).ToListAsync(cancellationToken);
        }, cancellationToken);
        return [.. rows.Select(row => new OnlineFigures(
            row.Version == 0 ? null : row.Version, DateTimeOffset.FromUnixTimeSeconds(row.First).UtcDateTime, DateTimeOffset.FromUnixTimeSeconds(row.Last).UtcDateTime, row.Shown, row.Viewers,
            OnlineShare.Of(row.Liked, row.Shown), OnlineShare.Of(row.Rated, row.Shown), OnlineShare.Of(row.Watchlisted, row.Shown), OnlineShare.Of(row.Dismissed, row.Shown)))];
    }
}
