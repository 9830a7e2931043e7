using System.Globalization;
using Microsoft.EntityFrameworkCore;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Catalog.Demo;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Domain.Imports;

/// <summary>
/// Brings in more ratings and tags than one short write can: all imported ones, the old and the new, are put in order beside the store
/// and written in slices to tables that nobody reads, while people go on rating. Those tables take the place of the old ones at the end.
/// Until then nothing has happened.
/// </summary>
/// <param name="staged">With the rows of the data set in <c>staged.Ratings</c> and <c>staged.MovieTags</c>.</param>
/// <param name="report">Takes what share of it is done.</param>
sealed class ShadowTables(Store.StagedWriter staged, Action<double> report, CancellationToken cancellationToken)
{
    /// <param name="Name">A table that a shadow is built of.</param>
    /// <param name="From">The table in <c>staged</c> that it is filled from.</param>
    /// <param name="Columns">The first one is what slices are cut by.</param>
    sealed record Part(string Name, string From, string Columns)
    {
        public string Lead { get; } = Columns[..Columns.IndexOf(',', StringComparison.Ordinal)];
    }

    static readonly Part[] Parts =
    [
        new("Ratings", "Sorted", """ "ViewerId", "MovieId", "HalfStars", "RatedAt" """),
        new("RatingsByFilm", "Sorted", """ "MovieId", "HalfStars", "ViewerId" """),
        new("MovieTags", "SortedTags", """ "MovieId", "ViewerId", "Text", "TaggedAt" """),
    ];

    public static readonly string[] Tables = [.. Parts.Select(part => part.Name)];

    /// <summary>Rows of a write that nobody notices.</summary>
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

    const string SortedTagsTable = """
        CREATE TABLE "staged"."SortedTags" ("MovieId" INTEGER NOT NULL, "ViewerId" INTEGER NOT NULL, "Text" TEXT NOT NULL, "TaggedAt" INTEGER NOT NULL,
            PRIMARY KEY ("MovieId", "ViewerId", "Text")) WITHOUT ROWID
        """;

    const string KeepTags = """
        INSERT INTO "staged"."SortedTags" SELECT "MovieId", "ViewerId", "Text", "TaggedAt" FROM "main"."MovieTags" WHERE "ViewerId" > {0} AND "ViewerId" < {1}
        """;

    const string SortTags = """
        INSERT INTO "staged"."SortedTags"
        SELECT COALESCE(m."MergedIntoId", s."MovieId"), s."ViewerId", s."Text", s."TaggedAt" FROM "staged"."MovieTags" AS s
        LEFT JOIN "main"."Movies" AS m ON m."Id" = s."MovieId" AND m."MergedIntoId" IS NOT NULL AND NOT {0}
        WHERE true ORDER BY 1, 2, 3 ON CONFLICT DO NOTHING
        """;

    static readonly string[] Count =
    [
        """CREATE INDEX "staged"."ByFilm" ON "Sorted" ("MovieId", "HalfStars")""",
        """CREATE TABLE "staged"."Counts" AS SELECT "MovieId", COUNT(*) AS "Count", SUM("HalfStars") AS "Halves" FROM "staged"."Sorted" GROUP BY "MovieId" """,
    ];

    // Ends of slices: whole people, or whole films.
    const string Ends = """
        SELECT DISTINCT "Value" FROM (SELECT {0} AS "Value", ROW_NUMBER() OVER (ORDER BY {0}) AS "Place" FROM "staged"."{1}") WHERE "Place" % {2} = 0
        """;

    static readonly string[] AddHouse =
    [
        """INSERT INTO "RatingsShadow" ("ViewerId", "MovieId", "HalfStars", "RatedAt", "Predicted") SELECT "ViewerId", "MovieId", "HalfStars", "RatedAt", "Predicted" FROM "Ratings" WHERE "ViewerId" >= {0}""",
        """INSERT INTO "RatingsByFilmShadow" ("MovieId", "HalfStars", "ViewerId") SELECT "MovieId", "HalfStars", "ViewerId" FROM "Ratings" WHERE "ViewerId" >= {0}""",
        """INSERT INTO "MovieTagsShadow" ("MovieId", "ViewerId", "Text", "TaggedAt") SELECT "MovieId", "ViewerId", "Text", "TaggedAt" FROM "MovieTags" WHERE "ViewerId" >= {0} OR "ViewerId" = 0""",
        """INSERT INTO "staged"."Counts" SELECT "MovieId", COUNT(*), SUM("HalfStars") FROM "Ratings" WHERE "ViewerId" >= {0} GROUP BY "MovieId" """,
    ];

    const string Recount = """
        UPDATE "Movies" SET "RatingCount" = counted."Count", "RatingHalves" = counted."Halves"
        FROM (SELECT "MovieId", SUM("Count") AS "Count", SUM("Halves") AS "Halves" FROM "staged"."Counts" GROUP BY "MovieId") AS counted
        WHERE "Movies"."Id" = counted."MovieId"
        """;

    /// <summary>Builds them. What was built stays until it is <see cref="PromoteAsync">promoted</see> or dropped.</summary>
    /// <param name="rows">How many ratings are staged.</param>
    /// <param name="takesTheDemosPlace">What the demo's people gave does not come along, and its films' merging says nothing of the new ones.</param>
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
        for (var part = 0; part < Parts.Length; part++) await FillAsync(Parts[part], part);
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
        await db.Database.ExecuteSqlRawAsync(SortedTagsTable, cancellationToken);
        await db.Database.ExecuteSqlRawAsync(KeepTags, [gone, Viewer.FirstLocalId], cancellationToken);
        await db.Database.ExecuteSqlRawAsync(SortTags, [takesTheDemosPlace], cancellationToken);
        foreach (var step in Count)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await db.Database.ExecuteSqlRawAsync(step, cancellationToken);
        }
        return changed;
    }

    async Task FillAsync(Part part, int before)
    {
        var ask = string.Format(CultureInfo.InvariantCulture, Ends, part.Lead, part.From, Slice);
        var ends = await staged.GatherAsync(db => db.Database.SqlQueryRaw<int>(ask).ToListAsync(cancellationToken), cancellationToken);
        ends.Add(int.MaxValue);
        var fill = $$"""
            INSERT INTO "{{AppDbContext.ShadowOf(part.Name)}}" ({{part.Columns}}) SELECT {{part.Columns}} FROM "staged"."{{part.From}}"
            WHERE {{part.Lead}} > {0} AND {{part.Lead}} <= {1} ORDER BY {{part.Columns}}
            """;
        for (var slice = 0; slice < ends.Count; slice++)
        {
            object[] bounds = [slice == 0 ? 0 : ends[slice - 1], ends[slice]];
            await staged.WriteAsync(db => db.Database.ExecuteSqlRawAsync(fill, bounds, cancellationToken), cancellationToken);
            report(0.4 + (0.6 * (before + ((slice + 1.0) / ends.Count)) / Parts.Length));
        }
    }

    /// <summary>Within the last write: adds what the people of the house have rated and tagged by now, and puts the new tables in the old ones' place.</summary>
    public async Task PromoteAsync(AppDbContext db)
    {
        foreach (var add in AddHouse) await db.Database.ExecuteSqlRawAsync(add, [Viewer.FirstLocalId], cancellationToken);
        await db.PromoteShadowsAsync(Tables, cancellationToken);
        await db.Database.ExecuteSqlRawAsync(Recount, cancellationToken);
    }
}
