using System.Text.Json.Serialization;

namespace MovieRecommender.Domain.Catalog;

/// <summary>A film as a data set describes it.</summary>
/// <param name="Genres">Joined by '|'; empty when none are listed.</param>
public sealed record MovieRow(int Id, ParsedTitle Title, string Genres, string? ImdbId = null, int? TmdbId = null);

/// <summary>A rating as a data set holds it.</summary>
/// <param name="Row">0-based row number in its file, header not counted, bad rows and empty lines counted.</param>
/// <param name="Stars">0.5 to 5 in halves.</param>
/// <param name="Time">Unix seconds.</param>
public readonly record struct RatingRow(int Row, int UserId, int MovieId, float Stars, long Time);

/// <summary>A word someone put on a film, as a data set holds it.</summary>
/// <param name="Row">As with <see cref="RatingRow"/>.</param>
/// <param name="Time">Unix seconds.</param>
public readonly record struct TagRow(int Row, int UserId, int MovieId, string Text, long Time);

/// <summary>A row that could not be used, and why.</summary>
/// <param name="Line">1-based line of the file.</param>
public sealed record BadRow(string File, long Line, string Column, string Reason)
{
    /// <summary>A row of a file that the reader of the reason gave themselves, in their language.</summary>
    public static BadRow Of(string file, long line, string column, Wording reason) => new(file, line, column, reason.ToString()) { Wording = reason };

    /// <summary>The reason, to be said in another language.</summary>
    [JsonIgnore]
    public Wording Wording { get => field ?? Reason; private init; }

    public override string ToString() => $"{File}, line {Line}, column {Column}: {Reason}";
}

/// <summary>Collects bad rows: all are counted, the first thousand are kept.</summary>
public sealed class BadRows
{
    const int Kept = 1000;
    readonly List<BadRow> _first = [];

    public IReadOnlyList<BadRow> First => _first;

    public long Total { get; private set; }

    public void Add(BadRow row)
    {
        Total++;
        if (_first.Count < Kept) _first.Add(row);
    }
}

/// <summary>
/// Films, ratings and tags from one place, read as a stream and more than once if need be.
/// Reading throws <see cref="InvalidInputException"/> when a file is not what it claims to be.
/// </summary>
public abstract class DataSet : IDisposable
{
    /// <summary>What people call it, such as <c>ml-latest-small</c>.</summary>
    public abstract string Name { get; }

    /// <summary>True for the built-in community that code made up.</summary>
    public virtual bool IsSimulated => false;

    /// <summary>False for a lone file of ratings: its films are those the store knows.</summary>
    public virtual bool HasMovies => true;

    /// <summary>False for a lone file of films.</summary>
    public virtual bool HasRatings => true;

    /// <summary>Roughly how many bytes <see cref="Ratings"/> reads; 0 when unknown. For progress only.</summary>
    public virtual long RatingBytes => 0;

    public abstract IEnumerable<MovieRow> Movies(BadRows bad);

    /// <param name="bad">Receives the rows that cannot be used.</param>
    /// <param name="read">Told now and then how many bytes of <see cref="RatingBytes"/> are read.</param>
    public abstract IEnumerable<RatingRow> Ratings(BadRows bad, Action<long>? read = null);

    public abstract IEnumerable<TagRow> Tags(BadRows bad);

    /// <summary>The report on a rating that was read well but cannot be taken.</summary>
    public virtual BadRow Reject(RatingRow rating, string column, string reason) => new("ratings", rating.Row + 1, column, reason);

    /// <summary>The report on a tag that was read well but cannot be taken.</summary>
    public virtual BadRow Reject(TagRow tag, string column, string reason) => new("tags", tag.Row + 1, column, reason);

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing) { }
}
