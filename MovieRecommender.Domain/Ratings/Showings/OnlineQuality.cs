using Microsoft.EntityFrameworkCore;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Domain.Ratings.Showings;

/// <summary>What became of the films a version put on people's own lists.</summary>
/// <param name="Version">Null for what was most popular, before there was a version.</param>
/// <param name="Shown">Films on its lists, each counted once for each person.</param>
/// <param name="Liked">Of those, how many the person then gave four stars or more.</param>
/// <param name="Rated">How many they then rated at all.</param>
/// <param name="Watchlisted">How many they then put on the watchlist.</param>
/// <param name="Dismissed">How many were then "not for me".</param>
public sealed record OnlineFigures(
    int? Version, DateTime FirstUtc, DateTime LastUtc, int Shown, int Viewers, OnlineShare Liked, OnlineShare Rated, OnlineShare Watchlisted, OnlineShare Dismissed);

/// <summary>What became of the films that a version first put on people's lists within some days.</summary>
/// <param name="Version">Null for what was most popular.</param>
/// <param name="From">The first of the days.</param>
public sealed record OnlinePoint(int? Version, DateOnly From, int Shown, OnlineShare Liked, OnlineShare Watchlisted, OnlineShare Dismissed);

/// <summary>How lists did over time.</summary>
/// <param name="Days">Days in a point: 1 while all showings lie within two weeks, else 7.</param>
public sealed record OnlineCurve(int Days, IReadOnlyList<OnlinePoint> Points);

/// <summary>How good lists are in use, version by version: counts of all people together.</summary>
public sealed class OnlineQuality(Store store)
{
    const byte Love = 8;
    const int Day = 24 * 60 * 60;
    const int DaysShownSingly = 14;

    /// <summary>Day 4 of Unix time was a Monday.</summary>
    const int FirstMonday = 4;

    sealed class Row
    {
        public int Version { get; init; }

        public int ViewerId { get; init; }

        public long ShownAt { get; init; }

        public byte? HalfStars { get; init; }

        public MarkKind? Kind { get; init; }
    }

    /// <summary>Newest version first. What somebody said of a film counts for the version that showed it to them last before that.</summary>
    /// <param name="newSince">Only films that were on nobody's list before: so versions that serve side by side since then are compared fairly, however long one has served. A film counts for each person by itself.</param>
    public async Task<IReadOnlyList<OnlineFigures>> ReadAsync(Caller caller, DateTime? newSince = null, CancellationToken cancellationToken = default)
    {
        caller.RequireAdmin();
        var since = newSince is { } moment ? new DateTimeOffset(moment).ToUnixTimeSeconds() : 0;
        var rows = await store.ReadAsync(db => Rows(db, since)
            .GroupBy(row => row.Version).OrderByDescending(group => group.Key)
            .Select(group => new
            {
                Version = group.Key,
                First = group.Min(row => row.ShownAt),
                Last = group.Max(row => row.ShownAt),
                Shown = group.Count(),
                Viewers = group.Select(row => row.ViewerId).Distinct().Count(),
                Liked = group.Count(row => row.HalfStars >= Love),
                Rated = group.Count(row => row.HalfStars != null),
                Watchlisted = group.Count(row => row.Kind == MarkKind.Watchlist),
                Dismissed = group.Count(row => row.Kind == MarkKind.Dismissed),
            }).ToListAsync(cancellationToken), cancellationToken);
        return [.. rows.Select(row => new OnlineFigures(
            VersionOf(row.Version), DateTimeOffset.FromUnixTimeSeconds(row.First).UtcDateTime, DateTimeOffset.FromUnixTimeSeconds(row.Last).UtcDateTime, row.Shown, row.Viewers,
            OnlineShare.Of(row.Liked, row.Shown), OnlineShare.Of(row.Rated, row.Shown), OnlineShare.Of(row.Watchlisted, row.Shown), OnlineShare.Of(row.Dismissed, row.Shown)))];
    }

    /// <summary>Two versions that serve side by side since a moment.</summary>
    public async Task<OnlineDuel> CompareAsync(Caller caller, int one, int other, DateTime sinceUtc, CancellationToken cancellationToken = default)
    {
        var rows = await ReadAsync(caller, sinceUtc, cancellationToken);
        return new(rows.FirstOrDefault(row => row.Version == one), rows.FirstOrDefault(row => row.Version == other));
    }

    /// <summary>The figures by day or by week, as there is time: versions newest first, and each from its beginning.</summary>
    public async Task<OnlineCurve> CurveAsync(Caller caller, CancellationToken cancellationToken = default)
    {
        caller.RequireAdmin();
        return await store.ReadSnapshotAsync(async db =>
        {
            var span = (await db.Showings.MaxAsync(showing => (long?)showing.ShownAt, cancellationToken) ?? 0) / Day - ((await db.Showings.MinAsync(showing => (long?)showing.ShownAt, cancellationToken) ?? 0) / Day);
            var days = span < DaysShownSingly ? 1 : 7;
            var first = days == 1 ? 0 : FirstMonday;
            var rows = await Rows(db, 0)
                .GroupBy(row => new { row.Version, Point = ((row.ShownAt / Day) - first) / days })
                .OrderByDescending(group => group.Key.Version).ThenBy(group => group.Key.Point)
                .Select(group => new
                {
                    group.Key.Version,
                    group.Key.Point,
                    Shown = group.Count(),
                    Liked = group.Count(row => row.HalfStars >= Love),
                    Watchlisted = group.Count(row => row.Kind == MarkKind.Watchlist),
                    Dismissed = group.Count(row => row.Kind == MarkKind.Dismissed),
                }).ToListAsync(cancellationToken);
            return new OnlineCurve(days, [.. rows.Select(row => new OnlinePoint(
                VersionOf(row.Version), DateOnly.FromDateTime(DateTime.UnixEpoch).AddDays((int)((row.Point * days) + first)), row.Shown,
                OnlineShare.Of(row.Liked, row.Shown), OnlineShare.Of(row.Watchlisted, row.Shown), OnlineShare.Of(row.Dismissed, row.Shown)))]);
        }, cancellationToken);
    }

    static IQueryable<Row> Rows(AppDbContext db, long since)
    {
        var showings = db.Showings;
        return
            from showing in showings
            where showing.ShownAt >= since && (since == 0 || !showings.Any(earlier => earlier.ViewerId == showing.ViewerId && earlier.MovieId == showing.MovieId && earlier.ShownAt < since))
            from rating in db.Set<Rating>().Where(row => row.ViewerId == showing.ViewerId && row.MovieId == showing.MovieId && row.RatedAt >= showing.ShownAt).DefaultIfEmpty()
            from mark in db.Set<Mark>().Where(row => row.ViewerId == showing.ViewerId && row.MovieId == showing.MovieId && row.MarkedAt >= showing.ShownAt).DefaultIfEmpty()
            let isLast = !showings.Any(later => later.ViewerId == showing.ViewerId && later.MovieId == showing.MovieId
                && (later.ShownAt > showing.ShownAt || (later.ShownAt == showing.ShownAt && later.Version > showing.Version)))
            select new Row { Version = showing.Version, ViewerId = showing.ViewerId, ShownAt = showing.ShownAt, HalfStars = isLast ? rating!.HalfStars : null, Kind = isLast ? mark!.Kind : null };
    }

    static int? VersionOf(int noted) => noted == 0 ? null : noted;
}
