using System.Globalization;
using Microsoft.AspNetCore.Identity;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Catalog;
using MovieRecommender.Domain.Ratings;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Tests.Storage;

/// <summary>A store that an older version left, with rows in all its tables, is brought up to date and nothing of it is lost.</summary>
public sealed class OlderStoreTests
{
    const string First = "20261124041903_Initial";

    public static TheoryData<string> Migrations()
    {
        using var db = new ServiceCollection().AddStore(Path.GetTempPath()).BuildServiceProvider().GetRequiredService<IDbContextFactory<AppDbContext>>().CreateDbContext();
        return [.. db.Database.GetMigrations().SkipLast(1)];
    }

    [Theory]
    [MemberData(nameof(Migrations))]
    public async Task EveryRowOfEveryTableIsThereAfterwards(string migration)
    {
        await using var store = await TestStore.OlderAsync(migration);
        Dictionary<(string Table, string Columns), string> before;
        using (var connection = Open(store))
        {
            Run(connection, "PRAGMA foreign_keys = OFF");
            foreach (var table in Tables(connection)) Fill(connection, table);
            before = Contents(connection);
        }
        Assert.All(before, table => Assert.Contains("|", table.Value, StringComparison.Ordinal));

        await StoreSetup.MigrateAsync(store.Services);

        using var after = Open(store);
        foreach (var ((table, columns), rows) in before)
            // Renamed since; everything else is still called what it was.
            Assert.Equal(rows, Rows(after, Select(table, table == "ImportJobs" ? columns.Replace("\"Errors\"", "\"Report\"", StringComparison.Ordinal) : columns)));
        Assert.Empty(Rows(after, "PRAGMA foreign_key_check"));
        Assert.Equal("|ok\n", Rows(after, "PRAGMA integrity_check"));
    }

    [Fact]
    public async Task AMemberOfTheFirstVersionSignsInAndFindsTheirFilms()
    {
        await using var store = await TestStore.OlderAsync(First);
        using (var connection = Open(store))
        {
            var hash = new PasswordHasher<Account>().HashPassword(new(), "a quiet seat at the back");
            Run(connection, $"""
                INSERT INTO Viewers (Id, Kind, CreatedUtc) VALUES (5, 0, '2026-11-01 00:00:00'), (1000000000, 2, '2026-11-02 00:00:00');
                INSERT INTO Movies (Id, Title, OtherTitles, Year, Genres, RatingCount, RatingHalves) VALUES (7, 'Lanterns', '', 1999, 'Drama', 2, 15);
                INSERT INTO Ratings (ViewerId, MovieId, HalfStars, RatedAt) VALUES (5, 7, 6, 1000), (1000000000, 7, 9, 2000);
                INSERT INTO AspNetUsers (Id, ViewerId, CreatedUtc, UserName, NormalizedUserName, Email, NormalizedEmail, EmailConfirmed, PasswordHash, SecurityStamp, ConcurrencyStamp, PhoneNumberConfirmed, TwoFactorEnabled, LockoutEnabled, AccessFailedCount)
                    VALUES (3, 1000000000, '2026-11-02 00:00:00', 'ana@example.org', 'ANA@EXAMPLE.ORG', 'ana@example.org', 'ANA@EXAMPLE.ORG', 0, '{hash}', 'stamp', 'stamp', 0, 0, 1, 0);
                """);
        }
        await StoreSetup.MigrateAsync(store.Services);
        await store.Get<MovieCatalog>().ReloadAsync();
        await using var scope = store.Services.CreateAsyncScope();
        var account = await scope.ServiceProvider.GetRequiredService<PasswordCheck>().FindAsync("ana@example.org", "a quiet seat at the back");
        var ana = await Accounts.AccountTests.CallerAsync(store, account);
        var rating = Assert.Single(await store.Get<RatingService>().MineAsync(ana));
        Assert.Equal((7, 4.5), (rating.MovieId, rating.Stars));
        Assert.Equal("Lanterns", store.Get<MovieCatalog>().Find(7)?.Title);
        await store.Get<RatingService>().RateAsync(ana, 7, 5);
        Assert.Equal(16, store.Count("SELECT RatingHalves FROM Movies"));
    }

    /// <summary>Two rows of values that tell them apart; numbers and texts are the same in all tables, so that what refers to another table finds its row.</summary>
    static void Fill(SqliteConnection connection, string table)
    {
        var columns = Columns(connection, table);
        for (var row = 1; row <= 2; row++)
        {
            var values = columns.Select(column => column.Name.EndsWith("Utc", StringComparison.Ordinal) || column.Name == "LockoutEnd" ? $"'2026-11-0{row} 00:00:00'"
                : column.Type switch { "INTEGER" => row.ToString(CultureInfo.InvariantCulture), "REAL" => $"{row}.5", "BLOB" => $"x'0{row}'", _ => $"'text {row}'" });
            Run(connection, $"INSERT INTO \"{table}\" ({string.Join(", ", columns.Select(column => $"\"{column.Name}\""))}) VALUES ({string.Join(", ", values)})");
        }
    }

    /// <summary>The rows of each table, with its columns.</summary>
    static Dictionary<(string Table, string Columns), string> Contents(SqliteConnection connection)
        => Tables(connection).Select(table => (Table: table, Columns: string.Join(", ", Columns(connection, table).Select(column => $"\"{column.Name}\""))))
            .ToDictionary(table => table, table => Rows(connection, Select(table.Table, table.Columns)));

    static string Select(string table, string columns) => $"SELECT {columns} FROM \"{table}\"";

    static List<string> Tables(SqliteConnection connection)
        => [.. Rows(connection, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '__EF%' ORDER BY name").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(row => row[1..])];

    static List<(string Name, string Type)> Columns(SqliteConnection connection, string table)
        => [.. Rows(connection, $"SELECT name, type FROM pragma_table_info('{table}')").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(row => row.Split('|')).Select(parts => (parts[1], parts[2]))];

    static SqliteConnection Open(TestStore store)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = store.Paths.Database, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }

    static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The SQL is this test's own.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    /// <summary>Sorted lines of values, each after a bar.</summary>
    static string Rows(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The SQL is this test's own.
        command.CommandText = sql;
#pragma warning restore CA2100
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
            rows.Add(string.Concat(Enumerable.Range(0, reader.FieldCount).Select(i => "|" + (reader.GetValue(i) is byte[] bytes ? Convert.ToHexString(bytes) : Convert.ToString(reader.GetValue(i), CultureInfo.InvariantCulture)))) + "\n");
        return string.Concat(sql.Contains("pragma_table_info", StringComparison.Ordinal) ? rows : rows.Order(StringComparer.Ordinal));
    }
}
