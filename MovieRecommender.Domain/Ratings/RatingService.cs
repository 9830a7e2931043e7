using Microsoft.EntityFrameworkCore;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Catalog;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Domain.Ratings;

/// <summary>One of a viewer's ratings.</summary>
/// <param name="Stars">0.5 to 5 in halves.</param>
/// <param name="RatedAt">Unix seconds.</param>
public readonly record struct ViewerRating(int MovieId, double Stars, long RatedAt);

/// <summary>A rating with what was thought of it before.</summary>
/// <param name="Stars">0.5 to 5 in halves.</param>
/// <param name="RatedAt">Unix seconds.</param>
/// <param name="Predicted">The stars that were predicted before the film's first rating, if any.</param>
public sealed record OwnRating(double Stars, long RatedAt, float? Predicted);

/// <summary>A viewer's stars: the only place that changes them. What it returns is on disk.</summary>
public sealed class RatingService(Store store, MovieCatalog catalog, ChangeFeed changes, TimeProvider time)
{
    /// <summary>Half stars from which on a viewer is said to love a film: four stars.</summary>
    const byte Love = 8;

    // Compiled: it is asked for every list, and working out its SQL would take as long as running it.
    static readonly Func<AppDbContext, int, IAsyncEnumerable<ViewerRating>> _history = EF.CompileAsyncQuery((AppDbContext db, int viewer) =>
        db.Set<Rating>().Where(rating => rating.ViewerId == viewer)
            .OrderBy(rating => rating.RatedAt).ThenBy(rating => rating.MovieId)
            .Select(rating => new ViewerRating(rating.MovieId, rating.HalfStars / 2.0, rating.RatedAt)));

    /// <summary>The caller's ratings, oldest first; empty for someone who has not begun.</summary>
    public Task<List<ViewerRating>> MineAsync(Caller caller, CancellationToken cancellationToken = default)
        => caller.ViewerId is { } viewer ? OfAsync(viewer, cancellationToken) : Task.FromResult(new List<ViewerRating>());

    /// <summary>The caller's rating of one film, or null.</summary>
    public Task<OwnRating?> OwnAsync(Caller caller, int movieId, CancellationToken cancellationToken = default)
        => caller.ViewerId is { } viewer
            ? store.ReadAsync(db => db.Ratings.Where(rating => rating.ViewerId == viewer && rating.MovieId == movieId)
                .Select(rating => new OwnRating(rating.HalfStars / 2.0, rating.RatedAt, rating.Predicted)).FirstOrDefaultAsync(cancellationToken), cancellationToken)
            : Task.FromResult<OwnRating?>(null);

    /// <summary>Gives a film stars, or changes them.</summary>
    /// <param name="predicted">The stars that were predicted for the caller just before, if any; kept with a film's first rating.</param>
    /// <returns>The stars the film had before, or null.</returns>
    /// <exception cref="AccessDeniedException">The caller is no viewer yet.</exception>
    /// <exception cref="InvalidInputException">No such film, or no such stars.</exception>
    public async Task<double?> RateAsync(Caller caller, int movieId, double stars, float? predicted = null, CancellationToken cancellationToken = default)
    {
        var viewer = caller.RequireRater();
        movieId = catalog.Get(movieId).Id;
        var halves = HalvesOf(stars);
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        var before = await store.WriteAsync(async db =>
        {
            // A guest who signed in elsewhere meanwhile has become that member, and this session is nobody's.
            if (!await db.Viewers.AnyAsync(known => known.Id == viewer, cancellationToken)) throw new AccessDeniedException(signedIn: false);
            var rating = await db.Ratings.FirstOrDefaultAsync(row => row.ViewerId == viewer && row.MovieId == movieId, cancellationToken);
            var old = rating?.HalfStars ?? 0;
            if (rating is null) db.Add(new Rating { ViewerId = viewer, MovieId = movieId, HalfStars = halves, RatedAt = now, Predicted = predicted });
            else (rating.HalfStars, rating.RatedAt) = (halves, now);
            await CountAsync(db, movieId, old == 0 ? 1 : 0, halves - old, cancellationToken);
            return old;
        }, cancellationToken);
        catalog.Count(movieId, before == 0 ? 1 : 0, halves - before);
        changes.Publish(ChangeFeed.Viewer(viewer));
        return before == 0 ? null : before / 2.0;
    }

    /// <summary>Takes a rating back.</summary>
    /// <returns>The stars the film had, or null when it had none; then nothing changes.</returns>
    public async Task<double?> RemoveAsync(Caller caller, int movieId, CancellationToken cancellationToken = default)
    {
        var viewer = caller.RequireRater();
        movieId = catalog.Find(movieId)?.Id ?? movieId;
        var before = await store.WriteAsync(async db =>
        {
            var rating = await db.Ratings.FirstOrDefaultAsync(row => row.ViewerId == viewer && row.MovieId == movieId, cancellationToken);
            if (rating is null) return 0;
            db.Remove(rating);
            await CountAsync(db, movieId, -1, -rating.HalfStars, cancellationToken);
            return rating.HalfStars;
        }, cancellationToken);
        if (before == 0) return null;
        catalog.Count(movieId, -1, -before);
        changes.Publish(ChangeFeed.Viewer(viewer));
        return before / 2.0;
    }

    /// <summary>
    /// Moves a guest's ratings to the member they turned out to be, and forgets the guest.
    /// Where both rated a film, the newer stars stay. Both callers come from the same browser's sessions.
    /// </summary>
    public async Task AdoptAsync(Caller guest, Caller member, CancellationToken cancellationToken = default)
    {
        var to = member.RequireViewer();
        if (!guest.IsGuest || guest.ViewerId is not { } from || from == to) return;
        var replaced = await store.WriteAsync(async db =>
        {
            if (!await db.Viewers.AnyAsync(viewer => viewer.Id == from && viewer.Kind == ViewerKind.Guest, cancellationToken)) return [];
            var theirs = await db.Ratings.Where(rating => rating.ViewerId == from).ToListAsync(cancellationToken);
            var mine = await db.Ratings.Where(rating => rating.ViewerId == to).ToDictionaryAsync(rating => rating.MovieId, cancellationToken);
            var lost = new List<(int MovieId, int Halves)>();
            foreach (var rating in theirs)
            {
                db.Remove(rating);
                if (!mine.TryGetValue(rating.MovieId, out var own))
                {
                    db.Add(new Rating { ViewerId = to, MovieId = rating.MovieId, HalfStars = rating.HalfStars, RatedAt = rating.RatedAt, Predicted = rating.Predicted });
                    continue;
                }
                var newer = rating.RatedAt >= own.RatedAt;
                lost.Add((rating.MovieId, newer ? own.HalfStars : rating.HalfStars));
                if (newer) (own.HalfStars, own.RatedAt) = (rating.HalfStars, rating.RatedAt);
            }
            await AdoptMarksAsync(db, from, to, cancellationToken);
            await db.SaveChangesAsync(cancellationToken);
            await db.Database.ExecuteSqlAsync($"""INSERT INTO "Showings" ("ViewerId", "MovieId", "Version", "ShownAt") SELECT {to}, "MovieId", "Version", "ShownAt" FROM "Showings" WHERE "ViewerId" = {from} ON CONFLICT DO NOTHING""", cancellationToken);
            foreach (var (movieId, halves) in lost) await CountAsync(db, movieId, -1, -halves, cancellationToken);
            await db.Viewers.Where(viewer => viewer.Id == from).ExecuteDeleteAsync(cancellationToken);
            return lost;
        }, cancellationToken);
        foreach (var (movieId, halves) in replaced) catalog.Count(movieId, -1, -halves);
        changes.Publish(ChangeFeed.Viewer(to));
    }

    /// <summary>What was predicted for the caller's films before they rated them, beside what they gave.</summary>
    public Task<List<(float Predicted, double Stars)>> PredictedAndGivenAsync(Caller caller, CancellationToken cancellationToken = default)
    {
        var viewer = caller.RequireViewer();
        return store.ReadAsync(async db => (await db.Ratings.Where(rating => rating.ViewerId == viewer && rating.Predicted != null)
                .Select(rating => new { rating.Predicted, rating.HalfStars }).ToListAsync(cancellationToken))
            .ConvertAll(rating => (rating.Predicted!.Value, rating.HalfStars / 2.0)), cancellationToken);
    }

    /// <summary>How many viewers gave a film each number of stars: ten counts, from half a star to five.</summary>
    public Task<int[]> DistributionAsync(int movieId, CancellationToken cancellationToken = default)
        => store.ReadAsync(async db =>
        {
            var counts = new int[10];
            await foreach (var group in db.RatingsByFilm.Where(rating => rating.MovieId == movieId)
                .GroupBy(rating => rating.HalfStars).Select(group => new { group.Key, Count = group.Count() })
                .AsAsyncEnumerable().WithCancellation(cancellationToken))
            {
                counts[group.Key - 1] = group.Count;
            }
            return counts;
        }, cancellationToken);

    /// <summary>For each of some films, how many viewers love it as well as the first one; films nobody shares are missing.</summary>
    public Task<Dictionary<int, int>> SharedLoversAsync(int movieId, IReadOnlyCollection<int> others, CancellationToken cancellationToken = default)
        => store.ReadAsync(db => db.RatingsByFilm.Where(rating => rating.MovieId == movieId && rating.HalfStars >= Love)
            .Join(db.Ratings.Where(rating => others.Contains(rating.MovieId) && rating.HalfStars >= Love), rating => rating.ViewerId, rating => rating.ViewerId, (_, other) => other.MovieId)
            .GroupBy(id => id).ToDictionaryAsync(group => group.Key, group => group.Count(), cancellationToken), cancellationToken);

    /// <exception cref="InvalidInputException">Not 0.5 to 5 in halves.</exception>
    public static byte HalvesOf(double stars)
        => stars is >= 0.5 and <= 5 && stars * 2 == Math.Truncate(stars * 2)
            ? (byte)(stars * 2)
            : throw new InvalidInputException(FormattableString.Invariant($"stars is {stars}; allowed are 0.5 to 5 in halves."));

    internal Task<List<ViewerRating>> OfAsync(int viewer, CancellationToken cancellationToken)
        => store.ReadAsync(db => _history(db, viewer).ToListAsync(cancellationToken).AsTask(), cancellationToken);

    static async Task AdoptMarksAsync(AppDbContext db, int from, int to, CancellationToken cancellationToken)
    {
        var own = await db.Marks.Where(mark => mark.ViewerId == to).Select(mark => mark.MovieId).ToHashSetAsync(cancellationToken);
        var theirs = await db.Marks.AsNoTracking().Where(mark => mark.ViewerId == from).ToListAsync(cancellationToken);
        foreach (var mark in theirs.Where(mark => !own.Contains(mark.MovieId)))
            db.Add(new Mark { ViewerId = to, MovieId = mark.MovieId, Kind = mark.Kind, MarkedAt = mark.MarkedAt });
    }

    internal static async Task CountAsync(AppDbContext db, int movieId, int ratings, int halves, CancellationToken cancellationToken)
    {
        await db.Movies.Where(movie => movie.Id == movieId).ExecuteUpdateAsync(set => set
            .SetProperty(movie => movie.RatingCount, movie => movie.RatingCount + ratings)
            .SetProperty(movie => movie.RatingHalves, movie => movie.RatingHalves + halves), cancellationToken);
        await db.AddToStateAsync(StoreState.RatingsRevision, 1, cancellationToken);
    }
}
