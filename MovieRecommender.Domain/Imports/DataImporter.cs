using System.Globalization;
using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Catalog;
using MovieRecommender.Domain.Curation;
using MovieRecommender.Domain.Models;
using MovieRecommender.Domain.Storage;
using MovieRecommender.Domain.Training;

namespace MovieRecommender.Domain.Imports;

/// <summary>How far an import is.</summary>
/// <param name="Fraction">0 to 1.</param>
/// <param name="Step">What is being done, for people.</param>
/// <param name="Rows">Ratings read so far.</param>
public sealed record ImportProgress(double Fraction, Wording Step, long Rows = 0);

/// <summary>What an import did.</summary>
/// <param name="Ratings">Ratings read.</param>
/// <param name="Changed">Ratings that were new or different; 0 when the same data is imported again.</param>
/// <param name="TookTheDemosPlace">Whether the simulated people and their films went.</param>
public sealed record ImportResult(int Films, int Viewers, long Ratings, long Tags, long Changed, BadRows Bad, bool TookTheDemosPlace)
{
    /// <summary>What it did, in words.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Films:N0} films, {Viewers:N0} viewers, {Ratings:N0} ratings ({Changed:N0} new or changed), {Tags:N0} tags; {Bad.Total:N0} rows rejected.")
        + (TookTheDemosPlace ? " It took the demo's place: the simulated people and their films are gone, and training begins anew." : "");
}

/// <summary>Every row was bad.</summary>
sealed class NothingReadException(Wording wording, BadRows bad) : InvalidInputException(wording)
{
    internal BadRows Bad { get; } = bad;
}

/// <summary>
/// Brings a data set into the store: all or nothing, and doing it twice changes nothing. Nobody waits for it: the rows gather beside the
/// store and come in by one short transaction, or by a shadow of the ratings where they are many (<see cref="ShadowTables"/>). A real
/// data set whose numbers mean other films takes the demo's place (<see cref="DemoRemoval"/>).
/// </summary>
public sealed class DataImporter(Store store, MovieCatalog catalog, ModelShelf shelf, TrainingService training, AdminActions actions, TimeProvider time)
{
    const int Batch = 4096;

    const double Read = 0.75;

    /// <summary>Ratings and tags that one write brings in while nobody notices.</summary>
    internal long MostAtOnce { get; set; } = 200_000;

    const string StagingTables = """
        CREATE TABLE "staged"."Ratings" ("Row" INTEGER PRIMARY KEY, "ViewerId" INTEGER NOT NULL, "MovieId" INTEGER NOT NULL, "HalfStars" INTEGER NOT NULL, "RatedAt" INTEGER NOT NULL);
        CREATE TABLE "staged"."MovieTags" ("MovieId" INTEGER NOT NULL, "ViewerId" INTEGER NOT NULL, "Text" TEXT NOT NULL, "TaggedAt" INTEGER NOT NULL);
        """;

    /// <summary>Ratings staged by one statement: what SQLite does around a statement costs as much as the row in it.</summary>
    const int Together = 32;
    const int RatingColumns = 4;

    const string StageTag = """INSERT INTO "staged"."MovieTags" ("MovieId", "ViewerId", "Text", "TaggedAt") VALUES (@p0, @p1, @p2, @p3)""";

    const string UpsertMovie = """
        INSERT INTO "Movies" ("Id", "Title", "OtherTitles", "Year", "Genres", "ImdbId", "TmdbId", "RatingCount", "RatingHalves")
        VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, 0, 0)
        ON CONFLICT ("Id") DO UPDATE SET "Title" = excluded."Title", "OtherTitles" = excluded."OtherTitles", "Year" = excluded."Year",
            "Genres" = excluded."Genres", "ImdbId" = COALESCE(excluded."ImdbId", "Movies"."ImdbId"), "TmdbId" = COALESCE(excluded."TmdbId", "Movies"."TmdbId")
            WHERE NOT "Movies"."IsEdited"
        """;

    const string InsertViewer = """
        INSERT INTO "Viewers" ("Id", "Kind", "CreatedUtc") VALUES (@p0, @p1, @p2) ON CONFLICT ("Id") DO NOTHING
        """;

    // In the order of the file: of two ratings of a film by one viewer the later line counts, also where two films turned out to be one.
    const string MergeRatings = """
        INSERT INTO "Ratings" ("ViewerId", "MovieId", "HalfStars", "RatedAt")
        SELECT s."ViewerId", COALESCE(m."MergedIntoId", s."MovieId"), s."HalfStars", s."RatedAt" FROM "staged"."Ratings" AS s
        LEFT JOIN "Movies" AS m ON m."Id" = s."MovieId" AND m."MergedIntoId" IS NOT NULL
        WHERE true ORDER BY s."Row"
        ON CONFLICT ("ViewerId", "MovieId") DO UPDATE SET "HalfStars" = excluded."HalfStars", "RatedAt" = excluded."RatedAt"
        WHERE "Ratings"."HalfStars" <> excluded."HalfStars" OR "Ratings"."RatedAt" <> excluded."RatedAt"
        """;

    const string MergeTags = """
        INSERT INTO "MovieTags" ("MovieId", "ViewerId", "Text", "TaggedAt")
        SELECT COALESCE(m."MergedIntoId", s."MovieId"), s."ViewerId", s."Text", s."TaggedAt" FROM "staged"."MovieTags" AS s
        LEFT JOIN "Movies" AS m ON m."Id" = s."MovieId" WHERE true ORDER BY 1, 2, 3 ON CONFLICT DO NOTHING
        """;

    const string Recount = """
        UPDATE "Movies" SET "RatingCount" = counted."Count", "RatingHalves" = counted."Halves"
        FROM (SELECT "MovieId", COUNT(*) AS "Count", SUM("HalfStars") AS "Halves" FROM "RatingsByFilm" {0} GROUP BY "MovieId") AS counted
        WHERE "Movies"."Id" = counted."MovieId"
        """;

    static readonly string[] RebuildByFilm =
    [
        """DELETE FROM "RatingsByFilm" """,
        """INSERT INTO "RatingsByFilm" ("MovieId", "HalfStars", "ViewerId") SELECT "MovieId", "HalfStars", "ViewerId" FROM "Ratings" ORDER BY "MovieId", "HalfStars", "ViewerId" """,
        string.Format(null, Recount, ""),
    ];

    static readonly string RecountTouched = string.Format(null, Recount, """
        WHERE "MovieId" IN (SELECT COALESCE(m."MergedIntoId", s."MovieId") FROM "staged"."Ratings" AS s LEFT JOIN "Movies" AS m ON m."Id" = s."MovieId")
        """);

    /// <summary>What was read; the ratings and tags themselves lie in the staging tables.</summary>
    sealed record Gathered(List<MovieRow> Films, HashSet<int> Viewers, bool TakesTheDemosPlace, long Ratings, long Tags, BadRows Bad);

    /// <exception cref="InvalidInputException">A file is not what it claims to be; the store is as it was.</exception>
    public async Task<ImportResult> ImportAsync(Caller caller, DataSet data, IProgress<ImportProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        caller.RequireAdmin();
        // Reading and writing are synchronous underneath (SQLite has no async I/O), so they get a thread of their own.
        var result = await Task.Run(() => StoreAsync(caller, data, progress, cancellationToken), cancellationToken);
        // It is stored now, so it is no longer to be cancelled.
        if (result.TookTheDemosPlace) await shelf.SettleAsync();
        await catalog.ReloadAsync(CancellationToken.None);
        if (result.TookTheDemosPlace) await training.RequestIfDueAsync(CancellationToken.None);
        return result;
    }

    /// <summary>Drops what an import left that was killed.</summary>
    internal async Task ClearAsync(CancellationToken cancellationToken)
    {
        await using var alone = FileLock.TryAcquire(store.Paths.DataLock);
        if (alone is not null) await store.WriteAsync(db => db.DropShadowsAsync(ShadowTables.Tables, cancellationToken), cancellationToken);
    }

    async Task<ImportResult> StoreAsync(Caller caller, DataSet data, IProgress<ImportProgress>? progress, CancellationToken cancellationToken)
    {
        await using var alone = await FileLock.AcquireAsync(store.Paths.DataLock, cancellationToken);
        await using var staged = await store.StageAsync(cancellationToken);
        var gathered = await staged.GatherAsync(db => GatherAsync(db, data, progress, cancellationToken), cancellationToken);
        void Report(double share) => progress?.Report(new(Read + ((0.97 - Read) * share), "Storing", gathered.Ratings));
        var shadow = gathered.Ratings + gathered.Tags > MostAtOnce ? new ShadowTables(staged, Report, cancellationToken) : null;
        try
        {
            var changed = shadow is null ? 0 : await shadow.BuildAsync(gathered.Ratings, gathered.TakesTheDemosPlace);
            return await staged.WriteAsync(async db =>
            {
                actions.Record(db, caller, "imported", data.Name);
                var demo = gathered.TakesTheDemosPlace ? await DemoRemoval.BeginAsync(db, cancellationToken) : null;
                MergeMoviesAndViewers(db, gathered);
                var numberOf = demo is null ? null : await demo.EndAsync(cancellationToken);
                Report(1);
                if (shadow is null) changed = await MergeRowsAsync(db, gathered, cancellationToken);
                else await shadow.PromoteAsync(db);
                if (changed > 0) await db.AddToStateAsync(StoreState.RatingsRevision, changed, cancellationToken);
                if (data.IsSimulated && await db.ReadStateAsync(StoreState.SimulatedCommunity, cancellationToken) == 0)
                    await db.AddToStateAsync(StoreState.SimulatedCommunity, 1, cancellationToken);
                if (numberOf is not null)
                {
                    await shelf.RenumberAsync(db, numberOf, cancellationToken);
                    await db.SetStateAsync(StoreState.DataReplaced, 1, cancellationToken);
                }
                progress?.Report(new(1, "Done", gathered.Ratings));
                return new ImportResult(gathered.Films.Count, gathered.Viewers.Count, gathered.Ratings, gathered.Tags, changed, gathered.Bad, demo is not null);
            }, cancellationToken);
        }
        catch when (shadow is not null)
        {
            await store.WriteAsync(db => db.DropShadowsAsync(ShadowTables.Tables), CancellationToken.None);
            throw;
        }
    }

    static async Task<Gathered> GatherAsync(AppDbContext db, DataSet data, IProgress<ImportProgress>? progress, CancellationToken cancellationToken)
    {
        var gathered = new Gathered([], [], false, 0, 0, new());
        progress?.Report(new(0, $"Reading the films of {data.Name}"));
        var known = await db.Movies.Select(movie => movie.Id).ToHashSetAsync(cancellationToken);
        if (data.IsSimulated && known.Count > 0 && await db.ReadStateAsync(StoreState.SimulatedCommunity, cancellationToken) == 0)
            throw new InvalidInputException($"'{data.Name}' goes into an empty store only: its numbers for films are its own, and those here mean other films.");
        if (data.HasMovies)
        {
            foreach (var movie in data.Movies(gathered.Bad))
            {
                if (gathered.Films.Count % Batch == 0) cancellationToken.ThrowIfCancellationRequested();
                gathered.Films.Add(movie);
                known.Add(movie.Id);
            }
            gathered = gathered with { TakesTheDemosPlace = await TakesTheDemosPlaceAsync(db, data, gathered.Films, cancellationToken) };
            if (gathered.TakesTheDemosPlace) known = [.. gathered.Films.Select(film => film.Id)];
            if (gathered.Films.Count == 0) throw new NothingReadException($"No film of '{data.Name}' could be read. {FirstReason(gathered.Bad)}", gathered.Bad);
        }

        progress?.Report(new(0.05, $"Reading the ratings of {data.Name}"));
        await db.Database.ExecuteSqlRawAsync(StagingTables, cancellationToken);
        var ratings = data.HasRatings ? await GatherRatingsAsync(db, data, gathered, known, progress, cancellationToken) : 0;
        if (data.HasRatings && ratings == 0 && gathered.Bad.Total > 0)
            throw new NothingReadException($"No rating of '{data.Name}' could be read. {FirstReason(gathered.Bad)}", gathered.Bad);
        return gathered with { TakesTheDemosPlace = gathered.TakesTheDemosPlace && ratings > 0, Ratings = ratings, Tags = GatherTags(db, data, gathered, known, cancellationToken) };
    }

    /// <summary>One thread reads and checks the rows while another stages them.</summary>
    static async Task<long> GatherRatingsAsync(AppDbContext db, DataSet data, Gathered gathered, HashSet<int> known, IProgress<ImportProgress>? progress, CancellationToken cancellationToken)
    {
        var batches = Channel.CreateBounded<List<RatingRow>>(4);
        var staging = Task.Run(() => StageAsync(db, batches), CancellationToken.None);
        long ratings = 0;
        void Report(long bytes) => progress?.Report(new(0.05 + ((Read - 0.05) * Math.Min(1, bytes / (double)Math.Max(1, data.RatingBytes))), $"{ratings:N0} ratings read", ratings));
        try
        {
            var batch = new List<RatingRow>(Batch);
            foreach (var rating in data.Ratings(gathered.Bad, Report))
            {
                if (!known.Contains(rating.MovieId))
                {
                    gathered.Bad.Add(data.Reject(rating, "movieId", $"no film has the id {rating.MovieId}"));
                    continue;
                }
                gathered.Viewers.Add(rating.UserId);
                batch.Add(rating);
                ratings++;
                if (batch.Count < Batch) continue;
                await batches.Writer.WriteAsync(batch, cancellationToken);
                batch = new(Batch);
            }
            await batches.Writer.WriteAsync(batch, cancellationToken);
        }
        finally
        {
            batches.Writer.TryComplete();
            await staging;
        }
        return ratings;
    }

    static async Task StageAsync(AppDbContext db, Channel<List<RatingRow>> batches)
    {
        try
        {
            using var stage = PrepareStaging(db, Together);
            using var stageOne = PrepareStaging(db, 1);
            var values = new long[Together * RatingColumns];
            await foreach (var batch in batches.Reader.ReadAllAsync())
            {
                for (var from = 0; from < batch.Count;)
                {
                    var rows = from + Together <= batch.Count ? Together : 1;
                    for (var row = 0; row < rows; row++)
                    {
                        var rating = batch[from + row];
                        ReadOnlySpan<long> columns = [rating.UserId, rating.MovieId, (int)(rating.Stars * 2), rating.Time];
                        columns.CopyTo(values.AsSpan(row * RatingColumns));
                    }
                    (rows == 1 ? stageOne : stage).RunNumbers(values.AsSpan(0, rows * RatingColumns));
                    from += rows;
                }
            }
        }
        catch (Exception error)
        {
            // Ends the reader too, which would wait for ever.
            batches.Writer.TryComplete(error);
            throw;
        }
    }

    static PreparedCommand PrepareStaging(AppDbContext db, int rows)
    {
        var values = Enumerable.Range(0, rows).Select(row =>
            $"({string.Join(", ", Enumerable.Range(row * RatingColumns, RatingColumns).Select(i => string.Create(CultureInfo.InvariantCulture, $"@p{i}")))})");
        return db.Prepare($"""INSERT INTO "staged"."Ratings" ("ViewerId", "MovieId", "HalfStars", "RatedAt") VALUES {string.Join(", ", values)}""", rows * RatingColumns);
    }

    static long GatherTags(AppDbContext db, DataSet data, Gathered gathered, HashSet<int> known, CancellationToken cancellationToken)
    {
        using var stage = db.Prepare(StageTag, 4);
        long tags = 0;
        foreach (var tag in data.Tags(gathered.Bad))
        {
            if (tags % Batch == 0) cancellationToken.ThrowIfCancellationRequested();
            if (!known.Contains(tag.MovieId))
            {
                gathered.Bad.Add(data.Reject(tag, "movieId", $"no film has the id {tag.MovieId}"));
                continue;
            }
            gathered.Viewers.Add(tag.UserId);
            stage.Run(tag.MovieId, tag.UserId, tag.Text, tag.Time);
            tags++;
        }
        return tags;
    }

    /// <returns>Ratings that are new or different.</returns>
    static async Task<long> MergeRowsAsync(AppDbContext db, Gathered gathered, CancellationToken cancellationToken)
    {
        // For more rows than there are it is sooner made anew than kept up with row by row.
        var isMostOfAll = gathered.TakesTheDemosPlace || gathered.Ratings > await db.Movies.SumAsync(movie => (long)movie.RatingCount, cancellationToken);
        var resumeTriggers = isMostOfAll ? await db.SuspendTriggersAsync("Ratings", cancellationToken) : null;
        var changed = await db.Database.ExecuteSqlRawAsync(MergeRatings, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        if (resumeTriggers is not null)
        {
            foreach (var step in RebuildByFilm) await db.Database.ExecuteSqlRawAsync(step, cancellationToken);
            await resumeTriggers();
        }
        else
        {
            await db.Database.ExecuteSqlRawAsync(RecountTouched, cancellationToken);
        }
        await db.Database.ExecuteSqlRawAsync(MergeTags, cancellationToken);
        return changed;
    }

    /// <summary>Both cannot stay where one number means two films.</summary>
    static async Task<bool> TakesTheDemosPlaceAsync(AppDbContext db, DataSet data, IReadOnlyList<MovieRow> films, CancellationToken cancellationToken)
        => data is { IsSimulated: false, HasMovies: true, HasRatings: true }
            && await db.ReadStateAsync(StoreState.SimulatedCommunity, cancellationToken) > 0
            && await DemoRemoval.IsNeededAsync(db, films, cancellationToken);

    void MergeMoviesAndViewers(AppDbContext db, Gathered gathered)
    {
        using var upsertMovie = db.Prepare(UpsertMovie, 7);
        foreach (var movie in gathered.Films)
            upsertMovie.Run(movie.Id, movie.Title.Title, string.Join('|', movie.Title.OtherTitles), movie.Title.Year, movie.Genres, movie.ImdbId, movie.TmdbId);
        using var insertViewer = db.Prepare(InsertViewer, 3);
        var now = time.GetUtcNow().UtcDateTime;
        foreach (var viewer in gathered.Viewers) insertViewer.Run(viewer, (int)ViewerKind.Imported, now);
    }

    static string FirstReason(BadRows bad) => bad.First.Count == 0 ? "" : $"The first reason: {bad.First[0]}.";
}
