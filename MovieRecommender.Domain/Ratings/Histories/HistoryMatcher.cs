using MovieRecommender.Domain.Catalog;

namespace MovieRecommender.Domain.Ratings.Histories;

/// <summary>Finds a history's films here: by IMDb's id, TMDB's id, MovieLens's id, then by title and year, a year off at most.</summary>
sealed class HistoryMatcher
{
    const int MostCandidates = 4;
    readonly MovieCatalog _catalog;
    readonly Dictionary<string, Film> _byImdb = new(StringComparer.Ordinal);
    readonly Dictionary<int, Film> _byTmdb = [];
    readonly ILookup<string, Film> _byTitle;

    public HistoryMatcher(MovieCatalog catalog)
    {
        _catalog = catalog;
        foreach (var film in catalog.Films)
        {
            if (film.ImdbId is { } imdb) _byImdb.TryAdd(imdb.TrimStart('0'), film);
            if (film.TmdbId is { } tmdb) _byTmdb.TryAdd(tmdb, film);
        }
        _byTitle = catalog.Films
            .SelectMany(film => film.OtherTitles.Select(KeyOf).Append(film.BareKey).Distinct(StringComparer.Ordinal).Select(key => (key, film)))
            .ToLookup(pair => pair.key, pair => pair.film, StringComparer.Ordinal);
    }

    /// <returns>One film when it is certain, several when the viewer has to choose, none when it is not here.</returns>
    public IReadOnlyList<Film> Find(HistoryEntry entry)
    {
        if (entry.ImdbId is { } imdb && _byImdb.TryGetValue(imdb, out var byImdb)) return [byImdb];
        if (entry.TmdbId is { } tmdb && _byTmdb.TryGetValue(tmdb, out var byTmdb)) return [byTmdb];
        // The built-in films have numbers of their own, which are not MovieLens's.
        if (entry.MovieLensId is { } id && !_catalog.IsSimulated && _catalog.Find(id) is { } byId) return [byId];
        if (entry.Title.Length == 0) return [];

        // As it stands, or with its article moved to the front: "Matrix, The".
        var named = _byTitle[KeyOf(entry.Title)].Concat(_byTitle[KeyOf(TitleParser.Parse(entry.Title).Title)]).DistinctBy(film => film.Identity).ToList();
        var exact = named.FindAll(film => entry.Year is not null && film.Year == entry.Year);
        if (exact.Count == 1) return exact;
        var near = named.FindAll(film => entry.Year is null || film.Year is null || Math.Abs(film.Year.Value - entry.Year.Value) <= 1);
        if (near.Count > 0) return [.. near.OrderByDescending(film => film.RatingCount).Take(MostCandidates)];
        return [];
    }

    static string KeyOf(string title) => TitleKey.WithoutArticle(TitleKey.Of(title));

    /// <summary>Films whose titles resemble the entry's, at most a year off.</summary>
    public IReadOnlyList<Film> Resembling(HistoryEntry entry)
        => entry.Title.Length == 0 || TitleSearch.For(entry.Title.Length > 100 ? entry.Title[..100] : entry.Title) is not { } search ? []
            : [.. search.Rank(_catalog.Films).Take(20).Where(film => entry.Year is { } year && film.Year is { } other && Math.Abs(other - year) <= 1).Take(MostCandidates)];
}
