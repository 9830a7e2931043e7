using System.Text;
using CsvHelper;

namespace MovieRecommender.Domain.Catalog.MovieLens;

/// <summary>MovieLens since 2015: <c>ratings.csv</c>, <c>movies.csv</c> and, if present, <c>links.csv</c> and <c>tags.csv</c>.</summary>
sealed class CsvDataSet(SourceFiles files) : DataSet
{
    const long ReportEvery = 1 << 20;
    const int LongestLine = 1 << 20;

    /// <summary>Line of the first record: the header stands above it.</summary>
    const int FirstLine = 2;

    public override string Name => files.Name;

    public override bool HasMovies => !files.IsPart || files.Has("movies.csv");

    public override bool HasRatings => !files.IsPart || files.Has("ratings.csv");

    public override long RatingBytes => files.Length("ratings.csv");

    public static bool Fits(SourceFiles files) => files.Has("ratings.csv") || files.Has("movies.csv");

    public override IEnumerable<MovieRow> Movies(BadRows bad)
    {
        var links = ReadLinks(bad);
        using var csv = Open("movies.csv", bad, "movieId", "title", "genres");
        while (Next(csv, "movies.csv"))
        {
            if (!Id(csv, 0, "movies.csv", "movieId", bad, out var id)) continue;
            var title = csv.GetString(1).Trim();
            if (title.Length == 0)
            {
                bad.Add(new("movies.csv", csv.LineNumber, "title", "the title is empty"));
                continue;
            }
            // What the reader puts where bytes make no character.
            if (title.Contains('\uFFFD'))
            {
                bad.Add(new("movies.csv", csv.LineNumber, "title", $"'{title}' is not written in UTF-8"));
                continue;
            }
            var genres = csv.GetString(2).Trim();
            if (genres == RowRules.NoGenres) genres = "";
            var link = links.GetValueOrDefault(id);
            yield return new(id, TitleParser.Parse(title), genres, link.Imdb, link.Tmdb);
        }
    }

    public override IEnumerable<RatingRow> Ratings(BadRows bad, Action<long>? read = null)
    {
        using var csv = Open("ratings.csv", bad, "userId", "movieId", "rating", "timestamp");
        long reported = 0;
        while (Next(csv, "ratings.csv"))
        {
            if (csv.ByteOffset - reported >= ReportEvery) read?.Invoke(reported = csv.ByteOffset);
            if (!Id(csv, 0, "ratings.csv", "userId", bad, out var user) || !Id(csv, 1, "ratings.csv", "movieId", bad, out var movie)) continue;
            if (RowRules.CheckStars(Chars(csv, 2), out var stars) is { } badStars)
                bad.Add(new("ratings.csv", csv.LineNumber, "rating", badStars));
            else if (RowRules.CheckTime(Chars(csv, 3), out var time) is { } badTime)
                bad.Add(new("ratings.csv", csv.LineNumber, "timestamp", badTime));
            else
                yield return new(RowOf(csv), user, movie, stars, time);
        }
    }

    public override IEnumerable<TagRow> Tags(BadRows bad)
    {
        if (!files.Has("tags.csv")) yield break;
        using var csv = Open("tags.csv", bad, "userId", "movieId", "tag", "timestamp");
        while (Next(csv, "tags.csv"))
        {
            if (!Id(csv, 0, "tags.csv", "userId", bad, out var user) || !Id(csv, 1, "tags.csv", "movieId", bad, out var movie)) continue;
            var text = csv.GetString(2).Trim();
            if (RowRules.CheckTag(text) is { } badTag)
                bad.Add(new("tags.csv", csv.LineNumber, "tag", badTag));
            else if (RowRules.CheckTime(Chars(csv, 3), out var time) is { } badTime)
                bad.Add(new("tags.csv", csv.LineNumber, "timestamp", badTime));
            else
                yield return new(RowOf(csv), user, movie, text, time);
        }
    }

    public override BadRow Reject(RatingRow rating, string column, string reason) => new("ratings.csv", rating.Row + FirstLine, column, reason);

    public override BadRow Reject(TagRow tag, string column, string reason) => new("tags.csv", tag.Row + FirstLine, column, reason);

    protected override void Dispose(bool disposing)
    {
        if (disposing) files.Dispose();
    }

    Dictionary<int, (string? Imdb, int? Tmdb)> ReadLinks(BadRows bad)
    {
        var links = new Dictionary<int, (string?, int?)>();
        if (!files.Has("links.csv")) return links;
        using var csv = Open("links.csv", bad, "movieId", "imdbId", "tmdbId");
        while (Next(csv, "links.csv"))
        {
            if (!Id(csv, 0, "links.csv", "movieId", bad, out var id)) continue;
            var imdb = csv.GetString(1).Trim();
            if (imdb.Length > 10 || imdb.Any(c => !char.IsAsciiDigit(c)))
            {
                bad.Add(new("links.csv", csv.LineNumber, "imdbId", $"'{imdb}' is not an IMDb number"));
                continue;
            }
            int? tmdb = null;
            if (!csv.IsEmpty(2))
            {
                if (csv.TryParse<int>(2, out var number)) tmdb = number;
                else bad.Add(new("links.csv", csv.LineNumber, "tmdbId", $"'{csv.GetString(2)}' is not a whole number"));
            }
            links[id] = (imdb.Length == 0 ? null : imdb, tmdb);
        }
        return links;
    }

    CsvReader Open(string file, BadRows bad, params string[] columns)
    {
        if (!files.Has(file)) throw new InvalidInputException($"'{files.Name}' has no {file}. A MovieLens data set holds movies.csv and ratings.csv.");
        var csv = CsvReader.Create(files.Open(file), new CsvReaderOptions
        {
            Separator = ',',
            TrackLineNumbers = true,
            MaxRecordSize = LongestLine,
            // No value holds a line break, so a quote left open spoils its own line and not the rest of the file.
            AllowLineBreaksInQuotes = false,
            MalformedData = CsvMalformedDataHandling.Skip,
            FieldCountMismatch = CsvFieldCountHandling.Skip,
            OnMalformedRecord = record =>
            {
                files.CheckRows(file, record.LineNumber - 1);
                bad.Add(Malformed(file, columns, record));
            },
        });
        try
        {
            ReadHeader(csv, file);
            var found = csv.Headers.Take(columns.Length).Select(header => header.Trim());
            if (!found.SequenceEqual(columns, StringComparer.OrdinalIgnoreCase))
                throw new InvalidInputException($"{file} starts with '{Shorten(string.Join(',', csv.Headers))}', not with '{string.Join(',', columns)}'. It is not a MovieLens file.");
            return csv;
        }
        catch
        {
            csv.Dispose();
            throw;
        }
    }

    static void ReadHeader(CsvReader csv, string file)
    {
        try
        {
            csv.ReadHeader();
        }
        catch (CsvFormatException error)
        {
            throw Unreadable(file, 1, error);
        }
    }

    bool Next(CsvReader csv, string file)
    {
        try
        {
            if (!csv.Read()) return false;
        }
        catch (CsvFormatException error)
        {
            throw Unreadable(file, error.LineNumber, error);
        }
        files.CheckRows(file, csv.LineNumber - 1);
        return true;
    }

    static int RowOf(CsvReader csv) => (int)(csv.LineNumber - FirstLine);

    static InvalidInputException Unreadable(string file, long line, CsvFormatException error)
        => new($"{file} cannot be read from line {line} on: {error.Message.TrimEnd('.')}. It is not a MovieLens file.", error);

    static BadRow Malformed(string file, string[] columns, CsvMalformedRecord record)
    {
        var text = record.RawRecord;
        var fields = text.Count(c => c == ',') + 1;
        return record.Reason switch
        {
            CsvMalformedReason.FieldCountMismatch when fields < columns.Length => new(file, record.LineNumber, columns[fields], "the column is missing"),
            CsvMalformedReason.FieldCountMismatch => new(file, record.LineNumber, columns[^1], $"there are more columns than {columns.Length}; a value with a comma needs quotes around it"),
            _ => new(file, record.LineNumber, columns[Math.Min(columns.Length - 1, text.TakeWhile(c => c != '"').Count(c => c == ','))], "a quote is not closed, or stands where none may"),
        };
    }

    static string Shorten(string text) => text.Length <= 80 ? text : text[..80] + "…";

    static bool Id(CsvReader csv, int column, string file, string name, BadRows bad, out int id)
    {
        if (RowRules.CheckId(Chars(csv, column), out id) is not { } reason) return true;
        bad.Add(new(file, csv.LineNumber, name, reason));
        return false;
    }

    [ThreadStatic]
    static char[]? s_chars;

    /// <summary>The field as characters, in a buffer of this thread that the next call reuses.</summary>
    static ReadOnlySpan<char> Chars(CsvReader csv, int column)
    {
        var bytes = csv.GetSpan(column);
        s_chars ??= new char[256];
        if (bytes.Length > s_chars.Length) return csv.GetString(column);
        return s_chars.AsSpan(0, Encoding.UTF8.GetChars(bytes, s_chars));
    }
}
