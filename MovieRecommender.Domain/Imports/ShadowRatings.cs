using Microsoft.EntityFrameworkCore;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Catalog.Demo;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Domain.Imports;

/// <summary>
/// Brings in more ratings than one short write can: all imported ratings, the old and the new, are put in order beside the store and
/// written in slices to tables that nobody reads, while people go on rating. Those tables take the place of the old ones at the end.
/// Until then nothing has happened.
/// </summary>
/// <param name="staged">With the rows of the data set in <c>staged.Ratings</c>.</param>
/// <param name="report">Takes what share of it is done.</param>
sealed class ShadowRatings(Store.StagedWriter staged, Action<double> report, CancellationToken cancellationToken)
{
    const string ByPerson = "Ratings";
    const string ByFilm = "RatingsByFilm";
    public static readonly string[] Tables = [ByPerson, ByFilm];

    /// <summary>Rows of a write that nobody notices: some 30 ms.</summary>
    const int Slice = 20_000;

    /// <summary>Staged rows that are put in order by one statement.</summary>
    const long Stretch = 500_000;

    const string SortedTable = """
        CREATE TABLE "staged"."Sorted" ("ViewerId" INTEGER NOT NULL, "MovieId" INTEGER NOT NULL, "HalfStars" INTEGER NOT NULL, "RatedAt" INTEGER NOT NULL,
            PRIMARY KEY ("ViewerId", "MovieId")) WITHOUT ROWID
        """;

    // In the order of the file: of two ratings of a film by one viewer the later line counts, also where two films turned out to be one.
    const string Sort = """
        INSERT INTO "staged"."Sorted"
        SELECT s."ViewerId", COALESCE(m."MergedIntoId", s."MovieId"), s."HalfStars", s."RatedAt" FROM "staged"."Ratings" AS s
        LEFT JOIN "main"."Movies" AS m ON m."Id" = s."MovieId" AND m."MergedIntoId" IS NOT NULL AND NOT {2}
        WHERE s."Row" >= {0} AND s."Row" < {1} ORDER BY s."Row"
        ON CONFLICT DO UPDATE SET "HalfStars" = excluded."HalfStars", "RatedAt" = excluded."RatedAt"
        """;

    // What the demo's people gave is not among what stays.
    const string CountSame = """
        SELECT COUNT(*) AS "Value" FROM "main"."Ratings" AS r JOIN "staged"."Sorted" AS s ON s."ViewerId" = r."ViewerId" AND s."MovieId" = r."MovieId"
        WHERE r."ViewerId" > {0} AND r."HalfStars" = s."HalfStars" AND r."RatedAt" = s."RatedAt"
        """;

    const string Keep = """
        INSERT INTO "staged"."Sorted" SELECT "ViewerId", "MovieId", "HalfStars", "RatedAt" FROM "main"."Ratings"
        WHERE "ViewerId" > {0} AND "ViewerId" < {1} ON CONFLICT DO NOTHING
        """;

    static readonly string[] Count =
    [
        """CREATE INDEX "staged"."ByFilm" ON "Sorted" ("MovieId", "HalfStars")""",
        """CREATE TABLE "staged"."Counts" AS SELECT "MovieId", COUNT(*) AS "Count", SUM("HalfStars") AS "Halves" FROM "staged"."Sorted" GROUP BY "MovieId" """,
    ];

    // Ends of slices: whole people, or whole films.
    const string Ends = """
        SELECT DISTINCT "Value" FROM (SELECT {0} AS "Value", ROW_NUMBER() OVER (ORDER BY {0}) AS "Place" FROM "staged"."Sorted") WHERE "Place" % {1} = 0
        """;

    static readonly string[] AddHouse =
    [
        """INSERT INTO "RatingsShadow" ("ViewerId", "MovieId", "HalfStars", "RatedAt", "Predicted") SELECT "ViewerId", "MovieId", "HalfStars", "RatedAt", "Predicted" FROM "Ratings" WHERE "ViewerId" >= {0}""",
        """INSERT INTO "RatingsByFilmShadow" ("MovieId", "HalfStars", "ViewerId") SELECT "MovieId", "HalfStars", "ViewerId" FROM "Ratings" WHERE "ViewerId" >= {0}""",
        """INSERT INTO "staged"."Counts" SELECT "MovieId", COUNT(*), SUM("HalfStars") FROM "Ratings" WHERE "ViewerId" >= {0} GROUP BY "MovieId" """,
    ];

    const string Recount = """
        UPDATE "Movies" SET "RatingCount" = counted."Count", "RatingHalves" = counted."Halves"
        FROM (SELECT "MovieId", SUM("Count") AS "Count", SUM("Halves") AS "Halves" FROM "staged"."Counts" GROUP BY "MovieId") AS counted
        WHERE "Movies"."Id" = counted."MovieId"
        """;

    /// <summary>Builds them. What was built stays until it is <see cref="PromoteAsync">promoted</see> or dropped.</summary>
    /// <param name="rows">How many ratings are staged.</param>
    /// <param name="takesTheDemosPlace">The ratings of the demo's people do not come along, and its films' merging says nothing of the new ones.</param>
    /// <returns>Ratings that are new or different.</returns>
    public async Task<long> BuildAsync(long rows, bool takesTheDemosPlace)
    {
        var changed = await staged.GatherAsync(db => SortAsync(db, rows, takesTheDemosPlace), cancellationToken);
        report(0.4);
        await staged.WriteAsync(async db =>
        {
            await db.DropShadowsAsync(Tables, cancellationToken);
            await db.CreateShadowsAsync(Tables, cancellationToken);
            return true;
        }, cancellationToken);
        await FillAsync(ByPerson, """ "ViewerId" """, """ "ViewerId", "MovieId", "HalfStars", "RatedAt" """, 0.4);
        await FillAsync(ByFilm, """ "MovieId" """, """ "MovieId", "HalfStars", "ViewerId" """, 0.7);
        return changed;
    }

    async Task<long> SortAsync(AppDbContext db, long rows, bool takesTheDemosPlace)
    {
        var gone = takesTheDemosPlace ? DemoCommunity.Viewers : 0;
        await db.Database.ExecuteSqlRawAsync(SortedTable, cancellationToken);
        // SQLite numbers staged rows from 1.
        for (long row = 1; row <= rows; row += Stretch)
        {
            await db.Database.ExecuteSqlRawAsync(Sort, [row, row + Stretch, takesTheDemosPlace], cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            report(0.2 * row / rows);
        }
        var changed = await db.Database.SqlQueryRaw<long>("""SELECT COUNT(*) AS "Value" FROM "staged"."Sorted" """).SingleAsync(cancellationToken)
            - await db.Database.SqlQueryRaw<long>(CountSame, gone).SingleAsync(cancellationToken);
        await db.Database.ExecuteSqlRawAsync(Keep, [gone, Viewer.FirstLocalId], cancellationToken);
        foreach (var step in Count)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await db.Database.ExecuteSqlRawAsync(step, cancellationToken);
        }
        return changed;
    }

    async Task FillAsync(string table, string lead, string columns, double done)
    {
        var ends = await staged.GatherAsync(db => db.Database.SqlQueryRaw<int>(string.Format(null, Ends, lead, Slice)).ToListAsync(cancellationToken), cancellationToken);
        ends.Add(int.MaxValue);
        var fill = $$"""INSERT INTO "{{AppDbContext.ShadowOf(table)}}" ({{columns}}) SELECT {{columns}} FROM "staged"."Sorted" WHERE {{lead}} > {0} AND {{lead}} <= {1} ORDER BY {{columns}}""";
        for (var slice = 0; slice < ends.Count; slice++)
        {
            object[] bounds = [slice == 0 ? 0 : ends[slice - 1], ends[slice]];
            await staged.WriteAsync(db => db.Database.ExecuteSqlRawAsync(fill, bounds, cancellationToken), cancellationToken);
            report(done + (0.3 * (slice + 1) / ends.Count));
        }
    }

    /// <summary>Within the last write: adds what the people of the house have rated by now, and puts the new tables in the old ones' place.</summary>
    public async Task PromoteAsync(AppDbContext db)
    {
        foreach (var add in AddHouse) await db.Database.ExecuteSqlRawAsync(add, [Viewer.FirstLocalId], cancellationToken);
        await db.PromoteShadowsAsync(Tables, cancellationToken);
        await db.Database.ExecuteSqlRawAsync(Recount, cancellationToken);
    }
}
