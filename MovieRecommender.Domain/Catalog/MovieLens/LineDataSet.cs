using System.Text;

namespace MovieRecommender.Domain.Catalog.MovieLens;

/// <summary>The older formats, one record a line without a header: <c>::</c> files of 1M and 10M, and the 100k set.</summary>
abstract class LineDataSet(SourceFiles files) : DataSet
{
    static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    public override string Name => files.Name;

    protected abstract string RatingsFile { get; }

    protected abstract string MoviesFile { get; }

    protected abstract string RatingSeparator { get; }

    protected SourceFiles Files => files;

    public override long RatingBytes => files.Length(RatingsFile);

    public override IEnumerable<RatingRow> Ratings(BadRows bad, Action<long>? read = null)
    {
        long bytes = 0, reported = 0;
        foreach (var (line, text) in Lines(RatingsFile))
        {
            bytes += text.Length + 1;
            if (bytes - reported >= 1 << 20) read?.Invoke(reported = bytes);
            var fields = text.Split(RatingSeparator);
            if (!FieldsMatch(fields, 4, RatingsFile, line, bad)) continue;
            if (RowRules.CheckId(fields[0], out var user) is { } badUser) bad.Add(new(RatingsFile, line, "user", badUser));
            else if (RowRules.CheckId(fields[1], out var movie) is { } badMovie) bad.Add(new(RatingsFile, line, "item", badMovie));
            else if (RowRules.CheckStars(fields[2], out var stars) is { } badStars) bad.Add(new(RatingsFile, line, "rating", badStars));
            else if (RowRules.CheckTime(fields[3].Trim(), out var time) is { } badTime) bad.Add(new(RatingsFile, line, "timestamp", badTime));
            else yield return new((int)line - 1, user, movie, stars, time);
        }
    }

    public override BadRow Reject(RatingRow rating, string column, string reason) => new(RatingsFile, rating.Row + 1, column, reason);

    public override BadRow Reject(TagRow tag, string column, string reason) => new("tags.dat", tag.Row + 1, column, reason);

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
            files.CheckRows(file, ++number);
            if (text.Length > 0) yield return (number, Decode(text));
        }
    }

    protected bool FieldsMatch(string[] fields, int count, string file, long line, BadRows bad)
    {
        if (fields.Length >= count) return true;
        if (line == 1) throw new InvalidInputException($"{file} does not start with {count} fields a line. It is not a MovieLens file.");
        bad.Add(new(file, line, $"{fields.Length + 1}", $"{fields.Length} fields instead of {count}"));
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
            var tag = fields[2].Trim();
            if (RowRules.CheckId(fields[0], out var user) is { } badUser) bad.Add(new("tags.dat", line, "user", badUser));
            else if (RowRules.CheckId(fields[1], out var movie) is { } badMovie) bad.Add(new("tags.dat", line, "item", badMovie));
            else if (RowRules.CheckTag(tag) is { } badTag) bad.Add(new("tags.dat", line, "tag", badTag));
            else if (RowRules.CheckTime(fields[3].Trim(), out var time) is { } badTime) bad.Add(new("tags.dat", line, "timestamp", badTime));
            else yield return new((int)line - 1, user, movie, tag, time);
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
