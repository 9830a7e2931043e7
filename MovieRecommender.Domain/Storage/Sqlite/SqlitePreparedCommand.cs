using System.Globalization;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace MovieRecommender.Domain.Storage.Sqlite;

/// <summary>A statement of SQLite itself: a <see cref="SqliteCommand"/> spends twice as long around each row as SQLite does on it.</summary>
sealed class SqlitePreparedCommand : PreparedCommand
{
    readonly sqlite3 _database;
    readonly sqlite3_stmt _statement;
    readonly int[] _positions;

    public SqlitePreparedCommand(SqliteConnection connection, string sql, int parameters)
    {
        _database = connection.Handle ?? throw new InvalidOperationException("The connection is closed.");
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(_database, sql, out _statement), _database);
        _positions = [.. Enumerable.Range(0, parameters).Select(i => raw.sqlite3_bind_parameter_index(_statement, string.Create(CultureInfo.InvariantCulture, $"@p{i}")))];
    }

    public override int Run(params ReadOnlySpan<object?> values)
    {
        for (var i = 0; i < values.Length; i++) SqliteException.ThrowExceptionForRC(Bind(_positions[i], values[i]), _database);
        return Step();
    }

    public override int RunNumbers(params ReadOnlySpan<long> values)
    {
        for (var i = 0; i < values.Length; i++) SqliteException.ThrowExceptionForRC(raw.sqlite3_bind_int64(_statement, _positions[i], values[i]), _database);
        return Step();
    }

    int Step()
    {
        var code = raw.sqlite3_step(_statement);
        raw.sqlite3_reset(_statement);
        SqliteException.ThrowExceptionForRC(code, _database);
        return raw.sqlite3_changes(_database);
    }

    int Bind(int position, object? value) => value switch
    {
        null => raw.sqlite3_bind_null(_statement, position),
        int number => raw.sqlite3_bind_int(_statement, position, number),
        long number => raw.sqlite3_bind_int64(_statement, position, number),
        string text => raw.sqlite3_bind_text(_statement, position, text),
        // As EF's provider writes and reads it.
        DateTime time => raw.sqlite3_bind_text(_statement, position, time.ToString(@"yyyy\-MM\-dd HH\:mm\:ss.FFFFFFF", CultureInfo.InvariantCulture)),
        _ => throw new NotSupportedException($"A {value.GetType().Name} cannot be a parameter."),
    };

    protected override void Dispose(bool disposing)
    {
        if (disposing) _statement.Dispose();
    }
}
