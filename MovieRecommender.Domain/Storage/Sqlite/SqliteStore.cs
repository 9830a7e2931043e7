using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace MovieRecommender.Domain.Storage.Sqlite;

/// <summary>All that is special about SQLite.</summary>
static class SqliteStore
{
    public static void Configure(DbContextOptionsBuilder options, string database)
        => options
            .UseSqlite(new SqliteConnectionStringBuilder { DataSource = database, DefaultTimeout = 30 }.ToString())
            .AddInterceptors(DurableConnections.Instance);

    /// <summary>A connection past EF, which leaves the file alone as soon as it is disposed.</summary>
    public static SqliteConnection Open(string file, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = mode, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }

    public static string? Ask(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The SQL is this folder's own.
        command.CommandText = sql;
#pragma warning restore CA2100
        return Convert.ToString(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    /// <exception cref="InvalidInputException">The database is damaged.</exception>
    public static void Check(SqliteConnection connection)
    {
        if (Ask(connection, "PRAGMA integrity_check") is var found && found != "ok") throw new InvalidInputException($"The copy of the database is damaged: {found}.");
    }

    /// <summary>Makes sure that a file is a sound database that this version can open.</summary>
    /// <param name="known">The migrations this version knows.</param>
    /// <exception cref="InvalidInputException">It is none.</exception>
    public static void Check(string file, IEnumerable<string> known)
    {
        try
        {
            using var connection = Open(file, SqliteOpenMode.ReadWrite);
            Check(connection);
            var newest = Ask(connection, "SELECT MAX(\"MigrationId\") FROM \"__EFMigrationsHistory\"");
            if (!known.Contains(newest, StringComparer.Ordinal)) throw new InvalidInputException($"The database was made by a newer version of MovieRecommender ('{newest}').");
        }
        catch (DbException error)
        {
            throw new InvalidInputException($"The database cannot be opened: {error.Message.TrimEnd('.')}.", error);
        }
    }

    /// <summary>Leaves the file alone: no log beside it, no connection kept for later.</summary>
    public static async Task LetGoAsync(AppDbContext db)
    {
        await db.Database.ExecuteSqlRawAsync("PRAGMA journal_mode = DELETE");
        await db.Database.CloseConnectionAsync();
        SqliteConnection.ClearPool((SqliteConnection)db.Database.GetDbConnection());
    }

    public static async Task ClearStaleMigrationLockAsync(AppDbContext db, CancellationToken cancellationToken)
    {
        const string table = "__EFMigrationsLock";
        var found = await db.Database
            .SqlQuery<int>($"SELECT COUNT(*) AS Value FROM sqlite_master WHERE type = 'table' AND name = {table}")
            .SingleAsync(cancellationToken);
        if (found > 0)
            await db.Database.ExecuteSqlRawAsync("DELETE FROM \"__EFMigrationsLock\"", cancellationToken);
    }

    /// <summary>WAL with synchronous FULL: an acknowledged rating survives a power cut (NORMAL may lose the last commits).</summary>
    sealed class DurableConnections : DbConnectionInterceptor
    {
        public static readonly DurableConnections Instance = new();

        public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => Prepare(connection);

        public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            Prepare(connection);
            return Task.CompletedTask;
        }

        static void Prepare(DbConnection connection)
        {
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;";
            command.ExecuteNonQuery();
        }
    }
}
