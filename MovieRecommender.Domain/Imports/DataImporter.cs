using Microsoft.EntityFrameworkCore;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Catalog;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Domain.Imports;

/// <summary>How far an import is.</summary>
/// <param name="Fraction">0 to 1.</param>
/// <param name="Step">What is being done, for people.</param>
/// <param name="Rows">Ratings read so far.</param>
public sealed record ImportProgress(double Fraction, string Step, long Rows = 0);

/// <summary>What an import did.</summary>
/// <param name="Ratings">Ratings read.</param>
/// <param name="Changed">Ratings that were new or different; 0 when the same data is imported again.</param>
public sealed record ImportResult(int Films, int Viewers, long Ratings, long Tags, long Changed, BadRows Bad);

/// <summary>Brings a data set into the store: one transaction, all or nothing, and doing it twice changes nothing.</summary>
public sealed class DataImporter(Store store, MovieCatalog catalog, TimeProvider time)
{
    const int CancelEvery = 4096;

    const string UpsertMovie = """
        INSERT INTO "Movies" ("Id", "Title", "OtherTitles", "Year", "Genres", "ImdbId", "TmdbId", "RatingCount", "RatingHalves")
        VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, 0, 0)
        ON CONFLICT ("Id") DO UPDATE SET "Title" = excluded."Title", "OtherTitles" = excluded."OtherTitles", "Year" = excluded."Year",
            "Genres" = excluded."Genres", "ImdbId" = COALESCE(excluded."ImdbId", "Movies"."ImdbId"), "TmdbId" = COALESCE(excluded."TmdbId", "Movies"."TmdbId")
        """;

    const string InsertViewer = """
        INSERT INTO "Viewers" ("Id", "Kind", "CreatedUtc") VALUES (@p0, @p1, @p2) ON CONFLICT ("Id") DO NOTHING
        """;

    const string UpsertRating = """
        INSERT INTO "Ratings" ("ViewerId", "MovieId", "HalfStars", "RatedAt") VALUES (@p0, @p1, @p2, @p3)
        ON CONFLICT ("ViewerId", "MovieId") DO UPDATE SET "HalfStars" = excluded."HalfStars", "RatedAt" = excluded."RatedAt"
        WHERE "Ratings"."HalfStars" <> excluded."HalfStars" OR "Ratings"."RatedAt" <> excluded."RatedAt"
        """;

    const string InsertTag = """
        INSERT INTO "MovieTags" ("MovieId", "ViewerId", "Text", "TaggedAt") VALUES (@p0, @p1, @p2, @p3) ON CONFLICT DO NOTHING
        """;

    const string RecountMovies = """
        UPDATE "Movies" SET "RatingCount" = counted."Count", "RatingHalves" = counted."Halves"
        FROM (SELECT "MovieId", COUNT(*) AS "Count", SUM("HalfStars") AS "Halves" FROM "Ratings" GROUP BY "MovieId") AS counted
        WHERE "Movies"."Id" = counted."MovieId"
        """;

    /// <exception cref="InvalidInputException">A file is not what it claims to be; the store is as it was.</exception>
    public async Task<ImportResult> ImportAsync(Caller caller, DataSet data, IProgress<ImportProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        caller.RequireAdmin();
        // Reading and writing are synchronous underneath (SQLite has no async I/O), so they get a thread of their own.
        var result = await Task.Run(() => store.WriteAsync(db => ImportAsync(db, data, progress, cancellationToken), cancellationToken), cancellationToken);
        // It is stored now, so it is no longer to be cancelled.
        await catalog.ReloadAsync(CancellationToken.None);
        return result;
    }

    async Task<ImportResult> ImportAsync(AppDbContext db, DataSet data, IProgress<ImportProgress>? progress, CancellationToken cancellationToken)
    {
        var bad = new BadRows();
        progress?.Report(new(0, $"Reading the films of {data.Name}"));
        var known = await db.Movies.Select(movie => movie.Id).ToHashSetAsync(cancellationToken);
        var films = data.HasMovies ? ImportMovies(db, data, bad, known, cancellationToken) : 0;
        if (data.HasMovies && films == 0) throw new InvalidInputException($"No film of '{data.Name}' could be read. {FirstReason(bad)}");

        progress?.Report(new(0.05, $"Reading the ratings of {data.Name}"));
        var firstRatings = !await db.Movies.AnyAsync(movie => movie.RatingCount > 0, cancellationToken);
        var buildIndices = firstRatings ? await db.SuspendIndicesAsync("Ratings", cancellationToken) : null;
        var (ratings, changed, viewers) = data.HasRatings ? ImportRatings(db, data, bad, known, progress, cancellationToken) : (0, 0, []);
        if (data.HasRatings && ratings == 0 && bad.Total > 0) throw new InvalidInputException($"No rating of '{data.Name}' could be read. {FirstReason(bad)}");
        var tags = ImportTags(db, data, bad, known, viewers, cancellationToken);

        progress?.Report(new(0.97, "Counting", ratings));
        if (buildIndices is not null) await buildIndices();
        await db.Database.ExecuteSqlRawAsync(RecountMovies, cancellationToken);
        if (changed > 0) await db.AddToStateAsync(StoreState.RatingsRevision, changed, cancellationToken);
        if (data.IsSimulated && await db.ReadStateAsync(StoreState.SimulatedCommunity, cancellationToken) == 0)
            await db.AddToStateAsync(StoreState.SimulatedCommunity, 1, cancellationToken);
        progress?.Report(new(1, "Done", ratings));
        return new(films, viewers.Count, ratings, tags, changed, bad);
    }

    static int ImportMovies(AppDbContext db, DataSet data, BadRows bad, HashSet<int> known, CancellationToken cancellationToken)
    {
        using var upsert = db.Prepare(UpsertMovie, 7);
        var count = 0;
        foreach (var movie in data.Movies(bad))
        {
            if (count % CancelEvery == 0) cancellationToken.ThrowIfCancellationRequested();
            upsert.Run(movie.Id, movie.Title.Title, string.Join('|', movie.Title.OtherTitles), movie.Title.Year, movie.Genres, movie.ImdbId, movie.TmdbId);
            known.Add(movie.Id);
            count++;
        }
        return count;
    }

    (long Ratings, long Changed, HashSet<int> Viewers) ImportRatings(
        AppDbContext db, DataSet data, BadRows bad, HashSet<int> known, IProgress<ImportProgress>? progress, CancellationToken cancellationToken)
    {
        using var addViewer = db.Prepare(InsertViewer, 3);
        using var upsert = db.Prepare(UpsertRating, 4);
        var now = time.GetUtcNow().UtcDateTime;
        var viewers = new HashSet<int>();
        long ratings = 0, changed = 0;
        void Report(long bytes) => progress?.Report(new(0.05 + (0.9 * Math.Min(1, bytes / (double)Math.Max(1, data.RatingBytes))), $"{ratings:N0} ratings read", ratings));
        foreach (var rating in data.Ratings(bad, Report))
        {
            if (ratings % CancelEvery == 0) cancellationToken.ThrowIfCancellationRequested();
            if (!known.Contains(rating.MovieId))
            {
                bad.Add(data.Reject(rating, "movieId", $"no film has the id {rating.MovieId}"));
                continue;
            }
            if (viewers.Add(rating.UserId)) addViewer.Run(rating.UserId, (int)ViewerKind.Imported, now);
            changed += upsert.Run(rating.UserId, rating.MovieId, (int)(rating.Stars * 2), rating.Time);
            ratings++;
        }
        return (ratings, changed, viewers);
    }

    long ImportTags(AppDbContext db, DataSet data, BadRows bad, HashSet<int> known, HashSet<int> viewers, CancellationToken cancellationToken)
    {
        using var addViewer = db.Prepare(InsertViewer, 3);
        using var insert = db.Prepare(InsertTag, 4);
        var now = time.GetUtcNow().UtcDateTime;
        long tags = 0;
        foreach (var tag in data.Tags(bad))
        {
            if (tags % CancelEvery == 0) cancellationToken.ThrowIfCancellationRequested();
            if (!known.Contains(tag.MovieId))
            {
                bad.Add(data.Reject(tag, "movieId", $"no film has the id {tag.MovieId}"));
                continue;
            }
            if (viewers.Add(tag.UserId)) addViewer.Run(tag.UserId, (int)ViewerKind.Imported, now);
            insert.Run(tag.MovieId, tag.UserId, tag.Text, tag.Time);
            tags++;
        }
        return tags;
    }

    static string FirstReason(BadRows bad) => bad.First.Count == 0 ? "" : $"The first reason: {bad.First[0]}.";
}
