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
        await Database.ExecuteSqlRawAsync("ATTACH '' AS \"staged\"; PRAGMA main.cache_size = -65536", cancellationToken);
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

    public override async Task<Func<Task>> SuspendIndicesAsync(string table, CancellationToken cancellationToken = default)
    {
        // Indices that belong to a key have no SQL of their own.
        var indices = await Database.SqlQuery<Index>($"""SELECT "name" AS "Name", "sql" AS "Sql" FROM sqlite_master WHERE "type" = 'index' AND "tbl_name" = {table} AND "sql" IS NOT NULL""")
            .ToListAsync(cancellationToken);
        foreach (var index in indices) await RunAsync($"DROP INDEX \"{index.Name}\"");
        return async () =>
        {
            foreach (var index in indices) await RunAsync(index.Sql);
        };

        Task RunAsync(string sql) => Database.ExecuteSqlRawAsync(sql, cancellationToken);
    }

    sealed record Index(string Name, string Sql);

    sealed class Staging(SqliteAppDbContext db) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await db.Database.ExecuteSqlRawAsync("DETACH \"staged\"; PRAGMA main.cache_size = -2000");
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
