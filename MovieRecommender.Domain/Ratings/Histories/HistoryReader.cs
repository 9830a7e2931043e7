using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using CsvHelper;
using MovieRecommender.Domain.Catalog;

namespace MovieRecommender.Domain.Ratings.Histories;

/// <summary>Reads what people can take away from Letterboxd, IMDb, Trakt, MovieLens and this app. Columns are found by name.</summary>
public sealed class HistoryReader
{
    /// <summary>Largest file, in bytes; a zip's entries count inflated.</summary>
    public const int LargestFile = 16 << 20;

    /// <summary>Most rows, of whatever kind; a zip's files count together.</summary>
    public const int MostRows = 100_000;

    static readonly string[] LetterboxdFiles = ["watchlist.csv", "watched.csv", "diary.csv", "ratings.csv"];

    readonly List<HistoryEntry> _entries = [];
    readonly BadRows _problems = new();
    readonly long _now;
    string _source = "";
    bool _outOfTen;
    int _rows;

    HistoryReader(DateTimeOffset now) => _now = now.ToUnixTimeSeconds();

    /// <param name="fileName">For messages only; it never becomes a path.</param>
    /// <exception cref="InvalidInputException">The file is too large, damaged, or nothing this app knows.</exception>
    public static History Read(string fileName, byte[] content, DateTimeOffset now)
    {
        if (content.Length > LargestFile) throw TooLarge(fileName);
        if (content.Length == 0) throw new InvalidInputException($"'{fileName}' is empty.");
        var reader = new HistoryReader(now);
        if (content.AsSpan().StartsWith("PK"u8)) reader.ReadZip(fileName, content);
        else if (content.AsSpan().TrimStart(" \t\r\n\uFEFF"u8) is [(byte)'[' or (byte)'{', ..]) reader.ReadTrakt(fileName, content);
        else if (fileName.EndsWith(".zip", StringComparison.OrdinalIgnoreCase)) throw new InvalidInputException($"'{fileName}' is a damaged or half-finished zip. Export it again.");
        else reader.ReadCsv(fileName, content);
        return new(reader._source, reader._outOfTen, Merged(reader._entries), reader._problems);
    }

    void ReadZip(string fileName, byte[] content)
    {
        try
        {
            using var zip = new ZipArchive(new MemoryStream(content), ZipArchiveMode.Read);
            var found = zip.Entries.Where(entry => LetterboxdFiles.Contains(entry.Name, StringComparer.OrdinalIgnoreCase))
                // An export holds deleted and orphaned entries in folders of their own; the file nearest the root is the real one.
                .OrderBy(entry => entry.FullName.Count(c => c == '/')).DistinctBy(entry => entry.Name.ToUpperInvariant())
                .OrderBy(entry => Array.FindIndex(LetterboxdFiles, name => name.Equals(entry.Name, StringComparison.OrdinalIgnoreCase))).ToList();
            if (found.Count == 0) throw new InvalidInputException($"'{fileName}' holds none of {string.Join(", ", LetterboxdFiles)}. Give the zip that Letterboxd exports, or a csv or json file.");
            foreach (var entry in found) ReadCsv(entry.Name, Inflate(fileName, entry));
        }
        catch (InvalidDataException error)
        {
            throw new InvalidInputException($"'{fileName}' is a damaged or half-finished zip. Export it again.", error);
        }
    }

    static byte[] Inflate(string fileName, ZipArchiveEntry entry)
    {
        using var from = entry.Open();
        using var to = new MemoryStream();
        var buffer = new byte[1 << 16];
        int read;
        while ((read = from.Read(buffer)) > 0)
        {
            if (to.Length + read > LargestFile) throw TooLarge($"{fileName}, {entry.Name}");
            to.Write(buffer, 0, read);
        }
        return to.ToArray();
    }

    void ReadCsv(string file, byte[] content)
    {
        try
        {
            using var csv = CsvReader.Create(new MemoryStream(content), new CsvReaderOptions
            {
                Separator = ',',
                TrackLineNumbers = true,
                MaxRecordSize = 1 << 20,
                MalformedData = CsvMalformedDataHandling.Skip,
                FieldCountMismatch = CsvFieldCountHandling.Skip,
                OnMalformedRecord = record => _problems.Add(BadRow.Of(file, record.LineNumber, "", "the row has another number of columns, or a quote is not closed")),
            });
            csv.ReadHeader();
            var layout = CsvLayout.Of(file, [.. csv.Headers.Select(header => header.Trim('\uFEFF', ' '))]);
            (_source, _outOfTen) = (layout.Source, layout.OutOfTen);
            while (csv.Read())
            {
                CheckRows(file);
                string Cell(int column) => column < 0 ? "" : Unguard(csv.GetString(column).Trim());
                if (layout.IsFilm(Cell(layout.Kind))) Add(layout, file, csv.LineNumber, Cell);
            }
        }
        catch (CsvFormatException error)
        {
            throw new InvalidInputException($"{file} cannot be read from line {error.LineNumber} on. It is not a csv file, or not in UTF-8.", error);
        }
    }

    void Add(CsvLayout layout, string file, long line, Func<int, string> cell)
    {
        var title = cell(layout.Title);
        var imdb = Imdb(cell(layout.Imdb));
        int? tmdb = Whole(cell(layout.Tmdb)), movie = Whole(cell(layout.MovieLens));
        int? year = Whole(cell(layout.Year));
        if (layout.YearInTitle && title.Length > 0)
        {
            var parsed = TitleParser.Parse(title);
            (title, year) = (parsed.Title, parsed.Year ?? year);
        }
        if (title.Contains('\uFFFD')) _problems.Add(BadRow.Of(file, line, "title", $"'{title}' is not in UTF-8; it may not be found"));
        if (title.Length == 0 && imdb is null && tmdb is null && movie is null)
        {
            _problems.Add(BadRow.Of(file, line, "title", "neither a title nor an id is given"));
            return;
        }
        byte? halves = null;
        var text = cell(layout.Rating);
        if (text.Length > 0)
        {
            halves = Halves(text, layout.OutOfTen);
            if (halves is null)
            {
                _problems.Add(BadRow.Of(file, line, "rating", layout.OutOfTen ? (Wording)$"'{text}' is not 1 to 10" : $"'{text}' is not 0.5 to 5 in halves"));
                return;
            }
        }
        _entries.Add(new(file, line, title, year, imdb, tmdb, movie, halves, halves is null ? layout.Unrated : null, When(file, line, cell(layout.Date))));
    }

    void ReadTrakt(string fileName, byte[] content)
    {
        (_source, _outOfTen) = ("Trakt", true);
        try
        {
            using var json = JsonDocument.Parse(content, new JsonDocumentOptions { MaxDepth = 16 });
            if (json.RootElement.ValueKind != JsonValueKind.Array) throw new InvalidInputException($"'{fileName}' is no list of ratings. Give the json of Trakt's rated films.");
            var place = 0;
            foreach (var item in json.RootElement.EnumerateArray())
            {
                place++;
                CheckRows(fileName);
                if (item.ValueKind != JsonValueKind.Object || !item.TryGetProperty("movie", out var movie) || movie.ValueKind != JsonValueKind.Object) continue;
                movie.TryGetProperty("ids", out var ids);
                var text = Text(item, "rating");
                var halves = Halves(text, outOfTen: true);
                if (halves is null)
                {
                    _problems.Add(BadRow.Of(fileName, place, "rating", $"'{text}' is not 1 to 10"));
                    continue;
                }
                _entries.Add(new(fileName, place, Text(movie, "title"), Whole(Text(movie, "year")), Imdb(Text(ids, "imdb")), Whole(Text(ids, "tmdb")),
                    HalfStars: halves, RatedAt: When(fileName, place, Text(item, "rated_at"))));
            }
        }
        catch (JsonException error)
        {
            throw new InvalidInputException($"'{fileName}' is no valid json (line {error.LineNumber + 1}). Export it again.", error);
        }
        catch (InvalidOperationException error)
        {
            // A text that is no Unicode is found out only when it is read.
            throw new InvalidInputException($"'{fileName}' is no valid json: {error.Message} Export it again.", error);
        }
    }

    /// <summary>One entry for each film: the last stars win, stars win over "seen", and "seen" over a watchlist.</summary>
    static List<HistoryEntry> Merged(List<HistoryEntry> entries)
        => [.. entries.GroupBy(entry => entry.ImdbId ?? entry.TmdbId?.ToString(CultureInfo.InvariantCulture) ?? entry.MovieLensId?.ToString(CultureInfo.InvariantCulture) ?? $"{TitleKey.Of(entry.Title)}|{entry.Year}", StringComparer.Ordinal)
            .Select(same => same.OrderBy(entry => entry.HalfStars is null ? 0 : 1).ThenBy(entry => entry.Mark == MarkKind.Watchlist ? 0 : 1).ThenBy(entry => entry.RatedAt ?? 0).Last())];

    long? When(string file, long line, string text)
    {
        if (text.Length == 0) return null;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and < 10_000_000_000) return Past(seconds);
        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date))
        {
            _problems.Add(BadRow.Of(file, line, "date", $"'{text}' is no date; today is used"));
            return null;
        }
        return Past(date.ToUnixTimeSeconds());

        long? Past(long time)
        {
            if (time <= _now + 86_400) return Math.Min(time, _now);
            _problems.Add(BadRow.Of(file, line, "date", $"'{text}' lies in the future; today is used"));
            return null;
        }
    }

    void CheckRows(string file)
    {
        if (++_rows > MostRows) throw new InvalidInputException($"'{file}' has more than {MostRows:N0} rows.");
    }

    static byte? Halves(string text, bool outOfTen)
        => double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            && (outOfTen ? value : value * 2) is >= 1 and <= 10 and var halves && halves == Math.Truncate(halves) ? (byte)halves : null;

    static int? Whole(string text)
        => double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value is > 0 and < int.MaxValue ? (int)value : null;

    static string? Imdb(string text)
    {
        var digits = (text.StartsWith("tt", StringComparison.OrdinalIgnoreCase) ? text[2..] : text).TrimStart('0');
        return digits.Length is > 0 and <= 10 && digits.All(char.IsAsciiDigit) ? digits : null;
    }

    static string Text(JsonElement element, string name)
        => element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String or JsonValueKind.Number
            ? element.GetProperty(name).ToString() : "";

    /// <summary>Takes off the apostrophe that keeps a spreadsheet from reading a cell as a formula.</summary>
    static string Unguard(string cell) => cell is ['\'', '=' or '+' or '-' or '@' or '\t' or '\0', ..] ? cell[1..] : cell;

    static InvalidInputException TooLarge(string fileName) => new($"'{fileName}' is larger than {LargestFile >> 20} MB. A history of films is smaller than that.");
}
