using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;

namespace MovieRecommender.Tests;

/// <summary>Looks into a database file past the app: what is seen here is on disk.</summary>
static class StoreFile
{
    public static bool IsDatabase(string file)
        => File.Exists(file) && File.ReadAllBytes(file).AsSpan().StartsWith("SQLite format 3"u8);

    /// <summary>Every row of every table as text.</summary>
    public static string Dump(string database)
    {
        using var connection = Open(database);
        var text = new StringBuilder();
        foreach (var table in Rows(connection, "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"))
        {
            text.AppendLine(table);
            foreach (var row in Rows(connection, $"SELECT * FROM \"{table}\"").Order(StringComparer.Ordinal)) text.Append("  ").AppendLine(row);
        }
        return text.ToString();
    }

    /// <summary>One number.</summary>
    public static long Count(string database, string sql)
    {
        using var connection = Open(database);
        return long.Parse(Rows(connection, sql).Single(), CultureInfo.InvariantCulture);
    }

    /// <summary>Changes it behind the app's back.</summary>
    public static void Change(string database, string sql)
    {
        using var connection = Open(database, SqliteOpenMode.ReadWrite);
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    static SqliteConnection Open(string database, SqliteOpenMode mode = SqliteOpenMode.ReadOnly)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = database, Mode = mode, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }

    static List<string> Rows(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => Convert.ToString(reader.GetValue(i), CultureInfo.InvariantCulture))));
        return rows;
    }
}
