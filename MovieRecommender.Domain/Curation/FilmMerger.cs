using Microsoft.EntityFrameworkCore;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Catalog;
using MovieRecommender.Domain.Ratings;
using MovieRecommender.Domain.Ratings.Showings;
using MovieRecommender.Domain.Recommendations.Nights;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Domain.Curation;

/// <summary>What merging a film into another does.</summary>
/// <param name="Ratings">Ratings of the film that goes.</param>
/// <param name="RatedBoth">How many people rated both: their newer rating stays.</param>
/// <param name="Marks">Entries on watchlists, "not for me" and "seen it" of the film that goes.</param>
public sealed record MergePlan(Film From, Film Into, int Ratings, int RatedBoth, int Marks, int Tags);

/// <summary>
/// Makes two entries of one film one. Everything people did with the one that goes moves to the one that stays; its id keeps leading there,
/// in links, in models trained before, and in data sets imported later.
/// </summary>
public sealed class FilmMerger(Store store, MovieCatalog catalog, AdminActions actions)
{
    // Where somebody has both, the newer stays.
    const string MoveRatings = """
        INSERT INTO "Ratings" ("ViewerId", "MovieId", "HalfStars", "RatedAt", "Predicted")
        SELECT "ViewerId", {1}, "HalfStars", "RatedAt", "Predicted" FROM "Ratings" WHERE "MovieId" = {0} AND "ViewerId" IN (SELECT "ViewerId" FROM "RatingsByFilm" WHERE "MovieId" = {0})
        ON CONFLICT ("ViewerId", "MovieId") DO UPDATE SET "HalfStars" = excluded."HalfStars", "RatedAt" = excluded."RatedAt", "Predicted" = excluded."Predicted"
        WHERE excluded."RatedAt" > "Ratings"."RatedAt"
        """;

    const string MoveMarks = """
        INSERT INTO "Marks" ("ViewerId", "MovieId", "Kind", "MarkedAt")
        SELECT "ViewerId", {1}, "Kind", "MarkedAt" FROM "Marks" WHERE "MovieId" = {0}
        ON CONFLICT ("ViewerId", "MovieId") DO UPDATE SET "Kind" = excluded."Kind", "MarkedAt" = excluded."MarkedAt"
        WHERE excluded."MarkedAt" > "Marks"."MarkedAt"
        """;

    const string MoveTags = """
        INSERT INTO "MovieTags" ("MovieId", "ViewerId", "Text", "TaggedAt")
        SELECT {1}, "ViewerId", "Text", "TaggedAt" FROM "MovieTags" WHERE "MovieId" = {0} ON CONFLICT DO NOTHING
        """;

    const string MoveVetoes = """
        INSERT INTO "NightVetoes" ("NightCode", "GuestId", "MovieId")
        SELECT "NightCode", "GuestId", {1} FROM "NightVetoes" WHERE "MovieId" = {0} ON CONFLICT DO NOTHING
        """;

    const string MoveShowings = """
        INSERT INTO "Showings" ("ViewerId", "MovieId", "Version", "ShownAt")
        SELECT "ViewerId", {1}, "Version", "ShownAt" FROM "Showings" WHERE "MovieId" = {0} ON CONFLICT DO NOTHING
        """;

    /// <summary>What would happen; nothing does.</summary>
    /// <exception cref="NotFoundException">One of the films does not exist.</exception>
    /// <exception cref="InvalidInputException">They are the same.</exception>
    public async Task<MergePlan> PlanAsync(Caller caller, int from, int into, CancellationToken cancellationToken = default)
    {
        caller.RequireAdmin();
        var (leaving, staying) = Films(from, into);
        return await store.ReadSnapshotAsync(async db =>
        {
            var (ratings, byPerson) = (db.RatingsByFilm, db.Ratings);
            return new MergePlan(leaving, staying,
                await ratings.CountAsync(rating => rating.MovieId == leaving.Id, cancellationToken),
                await ratings.CountAsync(rating => rating.MovieId == leaving.Id && byPerson.Any(other => other.ViewerId == rating.ViewerId && other.MovieId == staying.Id), cancellationToken),
                await db.Marks.CountAsync(mark => mark.MovieId == leaving.Id, cancellationToken),
                await db.MovieTags.CountAsync(tag => tag.MovieId == leaving.Id, cancellationToken));
        }, cancellationToken);
    }

    /// <summary>Merges the first film into the second; it cannot be undone.</summary>
    /// <inheritdoc cref="PlanAsync"/>
    /// <exception cref="ConflictException">Another admin has just merged one of them, or a data set is being imported.</exception>
    /// <returns>The film that stays.</returns>
    public async Task<Film> MergeAsync(Caller caller, int from, int into, CancellationToken cancellationToken = default)
    {
        caller.RequireAdmin();
        var (leaving, staying) = Films(from, into);
        using var still = store.KeepImportsAway();
        await store.WriteAsync(async db =>
        {
            // Another admin may have merged either of them since the catalogue was read.
            if (await db.Movies.CountAsync(movie => (movie.Id == leaving.Id || movie.Id == staying.Id) && movie.MergedIntoId == null, cancellationToken) != 2)
                throw new ConflictException($"One of the films {leaving.Id} and {staying.Id} has just been merged. Look again.");
            var moved = await MoveAsync(db, leaving.Id, staying.Id, cancellationToken);
            await db.Movies.Where(movie => movie.Id == leaving.Id || movie.MergedIntoId == leaving.Id).ExecuteUpdateAsync(set => set
                .SetProperty(movie => movie.MergedIntoId, staying.Id).SetProperty(movie => movie.RatingCount, 0).SetProperty(movie => movie.RatingHalves, 0), cancellationToken);
            var ratings = db.RatingsByFilm.Where(rating => rating.MovieId == staying.Id);
            var (count, halves) = (await ratings.CountAsync(cancellationToken), await ratings.SumAsync(rating => (long)rating.HalfStars, cancellationToken));
            await db.Movies.Where(movie => movie.Id == staying.Id).ExecuteUpdateAsync(set => set
                .SetProperty(movie => movie.RatingCount, count).SetProperty(movie => movie.RatingHalves, halves), cancellationToken);
            if (moved > 0) await db.AddToStateAsync(StoreState.RatingsRevision, moved, cancellationToken);
            actions.Record(db, caller, "merged films:", $"{leaving.TitleAndYear} ({leaving.Id}) into {staying.TitleAndYear} ({staying.Id})");
        }, cancellationToken);
        await catalog.ReloadAsync(CancellationToken.None);
        return catalog.Get(staying.Id);
    }

    /// <summary>Moves all that people did with one entry to another.</summary>
    /// <returns>How many ratings there were.</returns>
    internal static async Task<int> MoveAsync(AppDbContext db, int from, int into, CancellationToken cancellationToken)
    {
        object[] ids = [from, into];
        foreach (var move in new[] { MoveRatings, MoveMarks, MoveTags, MoveVetoes, MoveShowings }) await db.Database.ExecuteSqlRawAsync(move, ids, cancellationToken);
        var raters = db.RatingsByFilm.Where(rating => rating.MovieId == from).Select(rating => rating.ViewerId);
        var moved = await db.Ratings.Where(rating => rating.MovieId == from && raters.Contains(rating.ViewerId)).ExecuteDeleteAsync(cancellationToken);
        await db.Marks.Where(mark => mark.MovieId == from).ExecuteDeleteAsync(cancellationToken);
        await db.MovieTags.Where(tag => tag.MovieId == from).ExecuteDeleteAsync(cancellationToken);
        await db.Showings.Where(showing => showing.MovieId == from).ExecuteDeleteAsync(cancellationToken);
        await db.NightVetoes.Where(veto => veto.MovieId == from).ExecuteDeleteAsync(cancellationToken);
        await db.Nights.Where(night => night.WatchedMovieId == from).ExecuteUpdateAsync(set => set.SetProperty(night => night.WatchedMovieId, into), cancellationToken);
        return moved;
    }

    (Film Leaving, Film Staying) Films(int from, int into)
    {
        var (leaving, staying) = (catalog.Get(from), catalog.Get(into));
        return leaving != staying ? (leaving, staying) : throw new InvalidInputException($"{from} and {into} are the same film, {leaving.TitleAndYear}; choose another.");
    }
}
