using System.Globalization;

namespace MovieRecommender.Domain.Catalog;

/// <summary>A film as pages and services see it: read-only but for its two running counts.</summary>
public sealed class Film
{
    int _ratingCount;
    long _ratingHalves;

    public Film(Movie movie)
    {
        Id = SameAs = movie.Id;
        Title = movie.Title;
        OtherTitles = movie.OtherTitles.Length == 0 ? [] : movie.OtherTitles.Split('|');
        Year = movie.Year;
        Genres = movie.Genres.Length == 0 ? [] : movie.Genres.Split('|');
        ImdbId = movie.ImdbId;
        TmdbId = movie.TmdbId;
        IsHidden = movie.IsHidden;
        IsEdited = movie.IsEdited;
        _ratingCount = movie.RatingCount;
        _ratingHalves = movie.RatingHalves;
        Key = TitleKey.Of(Title);
        BareKey = TitleKey.WithoutArticle(Key);
        Identity = IdentityOf(BareKey, Year);
        OtherKeys = [.. OtherTitles.Select(TitleKey.Of)];
    }

    public int Id { get; }

    /// <summary>As spoken: "The Matrix".</summary>
    public string Title { get; }

    public IReadOnlyList<string> OtherTitles { get; }

    public int? Year { get; }

    public IReadOnlyList<string> Genres { get; }

    public string? ImdbId { get; }

    public int? TmdbId { get; }

    /// <summary>Neither listed nor recommended.</summary>
    public bool IsHidden { get; }

    /// <summary>An admin's words, which imports leave alone.</summary>
    public bool IsEdited { get; }

    public int RatingCount => _ratingCount;

    /// <summary>Mean stars; 0 when nobody has rated it.</summary>
    public double AverageStars => _ratingCount == 0 ? 0 : _ratingHalves / 2.0 / _ratingCount;

    /// <summary>"The Matrix (1999)".</summary>
    public string TitleAndYear => Year is { } year ? string.Create(CultureInfo.InvariantCulture, $"{Title} ({year})") : Title;

    internal string Key { get; }

    internal string BareKey { get; }

    internal IReadOnlyList<string> OtherKeys { get; }

    /// <summary>What makes two entries the same film for a viewer: title and year.</summary>
    public string Identity { get; }

    /// <summary>One number for all entries of the catalogue with this <see cref="Identity"/>: the first one's id.</summary>
    public int SameAs { get; internal set; }

    /// <param name="bareKey">A title's key without its article.</param>
    internal static string IdentityOf(string bareKey, int? year) => string.Create(CultureInfo.InvariantCulture, $"{bareKey}|{year}");

    internal void Count(int ratings, int halves)
    {
        Interlocked.Add(ref _ratingCount, ratings);
        Interlocked.Add(ref _ratingHalves, halves);
    }
}

public enum FilmSort
{
    /// <summary>Best match when searching, else by number of ratings.</summary>
    Relevance,
    Popularity,
    Average,
    Newest,
    Oldest,
    Title,

    /// <summary>By number, the order that nothing which happens meanwhile changes.</summary>
    Id,

    /// <summary>By <see cref="FilmQuery.Liking"/>.</summary>
    Liking,
}

/// <summary>What to list. Unset parts do not restrict.</summary>
public sealed record FilmQuery
{
    public string? Search { get; init; }

    public string? Genre { get; init; }

    public int? YearFrom { get; init; }

    public int? YearTo { get; init; }

    /// <summary>Fewest ratings a film must have.</summary>
    public int MinRatings { get; init; }

    public FilmSort Sort { get; init; }

    /// <summary>Whether hidden films are listed too; for admins.</summary>
    public bool WithHidden { get; init; }

    /// <summary>How much somebody would like a film, for <see cref="FilmSort.Liking"/>; higher comes first.</summary>
    public Func<Film, double>? Liking { get; init; }

    /// <summary>Only films beyond this id; for <see cref="FilmSort.Id"/>, and in place of a page.</summary>
    public int? After { get; init; }

    /// <summary>From 1.</summary>
    public int Page { get; init; } = 1;

    /// <summary>1 to 100.</summary>
    public int PageSize { get; init; } = 40;

    /// <exception cref="InvalidInputException">A value is out of range.</exception>
    public void Validate()
    {
        if (Page is < 1 or > 1_000_000) throw new InvalidInputException($"page is {Page}; allowed is 1 to 1,000,000.");
        if (PageSize is < 1 or > 100) throw new InvalidInputException($"pageSize is {PageSize}; allowed is 1 to 100.");
        if (After is not null && Sort != FilmSort.Id) throw new InvalidInputException($"after is {After}, which goes with sort=id only.");
        if (After is not null && Page != 1) throw new InvalidInputException($"page is {Page}; it does not go with after.");
        if (YearFrom > YearTo) throw new InvalidInputException($"yearFrom {YearFrom} lies after yearTo {YearTo}.");
        if (Search?.Length > 200) throw new InvalidInputException($"search has {Search.Length} characters; allowed are up to 200.");
    }
}

/// <param name="Total">Of all pages together.</param>
/// <param name="GoesOn">Whether there is a page behind this one.</param>
public sealed record FilmPage(IReadOnlyList<Film> Films, int Total, bool GoesOn = false);
