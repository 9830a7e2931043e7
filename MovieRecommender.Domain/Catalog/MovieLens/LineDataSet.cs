using System.Text;

namespace MovieRecommender.Domain.Catalog.MovieLens;

/// <summary>The older formats, one record a line without a header: <c>::</c> files of 1M and 10M, and the 100k set.</summary>
abstract class LineDataSet(SourceFiles files) : DataSet
{
    static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);
    static readonly string[] RatingColumns = ["user", "item", "rating", "timestamp"];

    public override string Name => files.Name;

    protected abstract string RatingsFile { get; }

    protected abstract string MoviesFile { get; }

    protected abstract string RatingSeparator { get; }

    protected SourceFiles Files => files;

    public override long RatingBytes => files.Length(RatingsFile);

    public override IEnumerable<RatingRow> Ratings(BadRows bad, Action<long>? read = null)
    {
        var row = -1;
        long bytes = 0, reported = 0;
        foreach (var (line, text) in Lines(RatingsFile))
        {
            row++;
            bytes += text.Length + 1;
            if (bytes - reported >= 1 << 20) read?.Invoke(reported = bytes);
            var fields = text.Split(RatingSeparator);
            if (!FieldsMatch(fields, 4, RatingsFile, line, bad)) continue;
            var reason = RowRules.CheckId(fields[0], out var user);
            var column = 0;
            if (reason is null) (reason, column) = (RowRules.CheckId(fields[1], out _), 1);
            if (reason is null) (reason, column) = (RowRules.CheckStars(fields[2], out _), 2);
            if (reason is null) (reason, column) = (RowRules.CheckTime(fields[3].Trim(), out _), 3);
            if (reason is not null)
            {
                bad.Add(new(RatingsFile, line, RatingColumns[column], reason));
                continue;
            }
            RowRules.CheckId(fields[1], out var movie);
            RowRules.CheckStars(fields[2], out var stars);
            RowRules.CheckTime(fields[3].Trim(), out var time);
            yield return new(row, user, movie, stars, time);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) files.Dispose();
    }

    /// <summary>The lines of a file with their 1-based numbers. 1M and 100k are Latin-1, 10M is UTF-8: a line that is no UTF-8 is read as Latin-1.</summary>
    protected IEnumerable<(long Line, string Text)> Lines(string file)
    {
        if (!files.Has(file)) throw new InvalidInputException($"'{files.Name}' has no {file}. A MovieLens data set of this format holds {MoviesFile} and {RatingsFile}.");
        using var reader = new StreamReader(files.Open(file), Encoding.Latin1);
        var number = 0L;
        while (reader.ReadLine() is { } text)
        {
            number++;
            if (text.Length > 0) yield return (number, Decode(text));
        }
    }

    protected bool FieldsMatch(string[] fields, int count, string file, long line, BadRows bad)
    {
        if (fields.Length >= count) return true;
        if (line == 1) throw new InvalidInputException($"{file} does not start with {count} fields a line. It is not a MovieLens file.");
        bad.Add(new(file, line, "", $"{fields.Length} fields instead of {count}"));
        return false;
    }

    static string Decode(string latin)
    {
        if (System.Text.Ascii.IsValid(latin)) return latin;
        try
        {
            return StrictUtf8.GetString(Encoding.Latin1.GetBytes(latin));
        }
        catch (DecoderFallbackException)
        {
            return latin;
        }
    }
}

/// <summary><c>ratings.dat</c>, <c>movies.dat</c> and, with 10M, <c>tags.dat</c>, fields parted by <c>::</c>.</summary>
sealed class DatDataSet(SourceFiles files) : LineDataSet(files)
{
    protected override string RatingsFile => "ratings.dat";

    protected override string MoviesFile => "movies.dat";

    protected override string RatingSeparator => "::";

    public static bool Fits(SourceFiles files) => files.Has("ratings.dat");

    public override IEnumerable<MovieRow> Movies(BadRows bad)
    {
        foreach (var (line, text) in Lines(MoviesFile))
        {
            var fields = text.Split("::");
            if (!FieldsMatch(fields, 3, MoviesFile, line, bad)) continue;
            if (RowRules.CheckId(fields[0], out var id) is { } reason) bad.Add(new(MoviesFile, line, "movie", reason));
            else yield return new(id, TitleParser.Parse(fields[1]), fields[2] == RowRules.NoGenres ? "" : fields[2].Trim());
        }
    }

    public override IEnumerable<TagRow> Tags(BadRows bad)
    {
        if (!Files.Has("tags.dat")) yield break;
        foreach (var (line, text) in Lines("tags.dat"))
        {
            var fields = text.Split("::");
            if (!FieldsMatch(fields, 4, "tags.dat", line, bad)) continue;
            if ((RowRules.CheckId(fields[0], out var user) ?? RowRules.CheckId(fields[1], out _) ?? RowRules.CheckTime(fields[3].Trim(), out _)) is { } reason)
            {
                bad.Add(new("tags.dat", line, "", reason));
                continue;
            }
            RowRules.CheckId(fields[1], out var movie);
            RowRules.CheckTime(fields[3].Trim(), out var time);
            var tag = fields[2].Trim();
            if (tag.Length is > 0 and <= 200) yield return new(user, movie, tag, time);
        }
    }
}

/// <summary>MovieLens 100k: <c>u.data</c> parted by tabs, <c>u.item</c> by <c>|</c> with 19 genre flags.</summary>
sealed class HundredKDataSet(SourceFiles files) : LineDataSet(files)
{
    const int FirstFlag = 5;

    static readonly string[] Genres =
    [
        "", "Action", "Adventure", "Animation", "Children", "Comedy", "Crime", "Documentary", "Drama", "Fantasy",
        "Film-Noir", "Horror", "Musical", "Mystery", "Romance", "Sci-Fi", "Thriller", "War", "Western",
    ];

    protected override string RatingsFile => "u.data";

    protected override string MoviesFile => "u.item";

    protected override string RatingSeparator => "\t";

    public static bool Fits(SourceFiles files) => files.Has("u.data");

    public override IEnumerable<MovieRow> Movies(BadRows bad)
    {
        foreach (var (line, text) in Lines(MoviesFile))
        {
            var fields = text.Split('|');
            if (!FieldsMatch(fields, FirstFlag + Genres.Length, MoviesFile, line, bad)) continue;
            if (RowRules.CheckId(fields[0], out var id) is { } reason)
            {
                bad.Add(new(MoviesFile, line, "movie id", reason));
                continue;
            }
            var genres = Genres.Where((genre, index) => genre.Length > 0 && fields[FirstFlag + index].Trim() == "1");
            yield return new(id, TitleParser.Parse(fields[1]), string.Join('|', genres));
        }
    }

    public override IEnumerable<TagRow> Tags(BadRows bad) => [];
}
