using Microsoft.AspNetCore.Identity;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.Extensions.DependencyInjection;

namespace MovieRecommender.Domain.Storage.Sqlite;

/// <summary>The store on SQLite.</summary>
public sealed class SqliteAppDbContext(DbContextOptions<SqliteAppDbContext> options) : AppDbContext(options)
{
    public override async Task<IAsyncDisposable> BeginSnapshotAsync(CancellationToken cancellationToken = default)
    {
        await Database.OpenConnectionAsync(cancellationToken);
        // EF begins transactions as writers do and would lock them out; a deferred one reads the WAL as it is at its first query.
        var transaction = ((SqliteConnection)Database.GetDbConnection()).BeginTransaction(deferred: true);
        await Database.UseTransactionAsync(transaction, cancellationToken);
        return new Snapshot(this, transaction);
    }

    public override async Task<IAsyncDisposable> OpenStagingAsync(CancellationToken cancellationToken = default)
    {
        await Database.OpenConnectionAsync(cancellationToken);
        // Without a name it is a temporary file of SQLite's, which no crash leaves behind.
        // Pages beyond the cache go to the log before their time and are read back: many rows want more than the usual 2 MB.
        await Database.ExecuteSqlRawAsync("ATTACH '' AS \"staged\"; PRAGMA main.cache_size = -65536; PRAGMA staged.cache_size = -65536; PRAGMA foreign_keys = OFF", cancellationToken);
        return new Staging(this);
    }

    public override PreparedCommand Prepare(string sql, int parameters) => new SqlitePreparedCommand((SqliteConnection)Database.GetDbConnection(), sql, parameters);

    public override async Task CopyToAsync(string file, CancellationToken cancellationToken = default)
    {
        await Database.OpenConnectionAsync(cancellationToken);
        await using var copy = SqliteStore.Open(file, SqliteOpenMode.ReadWriteCreate);
        ((SqliteConnection)Database.GetDbConnection()).BackupDatabase(copy);
        // Without this the copy would keep the log beside it as a second file.
        SqliteStore.Ask(copy, "PRAGMA journal_mode = DELETE");
        SqliteStore.Check(copy);
    }

    public override async Task<Func<Task>> SuspendTriggersAsync(string table, CancellationToken cancellationToken = default)
    {
        var triggers = await TriggersAsync([table], cancellationToken);
        foreach (var trigger in triggers) await RunAsync($"DROP TRIGGER \"{trigger.Name}\"", cancellationToken);
        return async () =>
        {
            foreach (var trigger in triggers) await RunAsync(trigger.Sql, cancellationToken);
        };
    }

    public override async Task CreateShadowsAsync(IReadOnlyList<string> tables, CancellationToken cancellationToken = default)
    {
        foreach (var table in tables)
        {
            var created = await Database.SqlQuery<string>($"""SELECT "sql" AS "Value" FROM sqlite_master WHERE "type" = 'table' AND "name" = {table}""").SingleAsync(cancellationToken);
            await RunAsync($"CREATE TABLE \"{ShadowOf(table)}\" {created[created.IndexOf('(', StringComparison.Ordinal)..]}", cancellationToken);
        }
    }

    public override async Task DropShadowsAsync(IReadOnlyList<string> tables, CancellationToken cancellationToken = default)
    {
        foreach (var table in tables) await RunAsync($"DROP TABLE IF EXISTS \"{ShadowOf(table)}\"", cancellationToken);
    }

    public override async Task PromoteShadowsAsync(IReadOnlyList<string> tables, CancellationToken cancellationToken = default)
    {
        // They go with their tables, and no table is renamed while one speaks of a table that is missing.
        var triggers = await TriggersAsync(tables, cancellationToken);
        foreach (var table in tables) await RunAsync($"DROP TABLE \"{table}\"", cancellationToken);
        foreach (var table in tables) await RunAsync($"ALTER TABLE \"{ShadowOf(table)}\" RENAME TO \"{table}\"", cancellationToken);
        foreach (var trigger in triggers) await RunAsync(trigger.Sql, cancellationToken);
    }

    Task<List<Trigger>> TriggersAsync(IReadOnlyList<string> tables, CancellationToken cancellationToken)
        => Database.SqlQuery<Trigger>($"""SELECT "name" AS "Name", "sql" AS "Sql", "tbl_name" AS "Table" FROM sqlite_master WHERE "type" = 'trigger'""")
            .Where(trigger => tables.Contains(trigger.Table)).ToListAsync(cancellationToken);

    Task RunAsync(string sql, CancellationToken cancellationToken) => Database.ExecuteSqlRawAsync(sql, cancellationToken);

    sealed record Trigger(string Name, string Sql, string Table);

    sealed class Staging(SqliteAppDbContext db) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await db.Database.ExecuteSqlRawAsync("DETACH \"staged\"; PRAGMA main.cache_size = -2000; PRAGMA foreign_keys = ON");
            await db.Database.CloseConnectionAsync();
        }
    }

    sealed class Snapshot(SqliteAppDbContext db, SqliteTransaction transaction) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await db.Database.UseTransactionAsync(null);
            await transaction.DisposeAsync();
            await db.Database.CloseConnectionAsync();
        }
    }
}

/// <summary>Lets <c>dotnet ef</c> see the same model as the running app (Identity's schema version 3 comes from its options).</summary>
sealed class SqliteDesignTimeFactory : IDesignTimeDbContextFactory<SqliteAppDbContext>
{
    public SqliteAppDbContext CreateDbContext(string[] args)
    {
        var options = new DbContextOptionsBuilder<SqliteAppDbContext>();
        SqliteStore.Configure(options, "design-time.db");
        options.UseApplicationServiceProvider(new ServiceCollection()
            .Configure<IdentityOptions>(identity => identity.Stores.SchemaVersion = IdentitySchemaVersions.Version3)
            .BuildServiceProvider());
        return new(options.Options);
    }
}
