using System.Collections.Frozen;
using Microsoft.EntityFrameworkCore;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Domain.Catalog;

/// <summary>
/// All films, in memory: a hundred thousand take some 60 MB, and searching as people type needs no index and no database.
/// Reloaded as a whole when films change.
/// </summary>
public sealed class MovieCatalog(Store store, ChangeFeed changes)
{
    volatile Snapshot _now = Snapshot.Empty;

    public IReadOnlyList<Film> Films => _now.Films;

    public IReadOnlyList<string> Genres => _now.Genres;

    public int? FirstYear => _now.FirstYear;

    public int? LastYear => _now.LastYear;

    /// <summary>True when the numbers of this store come from the built-in simulated community.</summary>
    public bool IsSimulated => _now.Simulated;

    /// <summary>The film of an id, which may be one that was merged into it; compare its own id where it matters.</summary>
    public Film? Find(int id) => _now.ById.GetValueOrDefault(id);

    /// <exception cref="NotFoundException">There is no such film.</exception>
    public Film Get(int id) => Find(id) ?? throw new NotFoundException($"There is no film with the id {id}.");

    public FilmPage List(FilmQuery query)
    {
        query.Validate();
        var films = _now.Films.Where(film => Fits(film, query));
        var search = TitleSearch.For(query.Search);
        if (search is not null)
        {
            var ranked = search.Rank(films);
            films = query.Sort == FilmSort.Relevance ? ranked : Sort(ranked, query);
        }
        else
        {
            films = Sort(films, query);
        }
        var all = films.ToList();
        var left = query.After is { } after ? all.FindAll(film => film.Id > after) : all;
        var begin = (query.Page - 1) * query.PageSize;
        return new([.. left.Skip(begin).Take(query.PageSize)], all.Count, left.Count - query.PageSize > begin);
    }

    /// <summary>The film a person means by a title, with or without its year, in any spelling that search accepts exactly.</summary>
    /// <exception cref="InvalidInputException">No film, or more than one, has that title.</exception>
    public Film FindByTitle(string text)
    {
        var parsed = TitleParser.Parse(text);
        var key = TitleKey.WithoutArticle(TitleKey.Of(parsed.Title));
        var found = _now.Films
            .Where(film => film.BareKey == key || film.OtherKeys.Any(other => TitleKey.WithoutArticle(other) == key))
            .Where(film => parsed.Year is null || film.Year == parsed.Year)
            .OrderByDescending(film => film.RatingCount).ToList();
        // The same film listed twice (title and year agree) is no ambiguity: the one people rated is meant.
        if (found.DistinctBy(film => film.Identity).Take(2).Count() == 1) return found[0];
        if (found.Count > 1) throw new InvalidInputException($"'{text}' is the title of {found.Count} films: {string.Join(", ", found.Take(5).Select(film => film.TitleAndYear))}. Add the year.");
        var near = TitleSearch.For(parsed.Title)?.Rank(_now.Films).Take(3).Select(film => $"'{film.TitleAndYear}'").ToList() ?? [];
        throw new InvalidInputException($"No film is called '{text}'." + (near.Count > 0 ? $" Did you mean {string.Join(" or ", near)}?" : ""));
    }

    /// <summary>Reads the films anew if another process has put a data set in the demo's place.</summary>
    public async Task FollowAsync(CancellationToken cancellationToken)
    {
        if (IsSimulated && await store.ReadAsync(db => db.ReadStateAsync(StoreState.SimulatedCommunity, cancellationToken), cancellationToken) == 0) await ReloadAsync(cancellationToken);
    }

    public async Task ReloadAsync(CancellationToken cancellationToken = default)
    {
        _now = await store.ReadAsync(async db => new Snapshot(
            await db.Movies.OrderBy(movie => movie.Id).ToListAsync(cancellationToken),
            await db.ReadStateAsync(StoreState.SimulatedCommunity, cancellationToken) > 0), cancellationToken);
        changes.Publish(ChangeFeed.Catalog);
    }

    /// <summary>Words people put on a film, most used first.</summary>
    public Task<List<string>> TagsAsync(int movieId, int most, CancellationToken cancellationToken = default)
        => store.ReadAsync(db => db.MovieTags.Where(tag => tag.MovieId == movieId)
            .GroupBy(tag => tag.Text.ToLower())
            .OrderByDescending(group => group.Count()).ThenBy(group => group.Key)
            .Select(group => group.Key).Take(most).ToListAsync(cancellationToken), cancellationToken);

    /// <summary>Keeps a film's counts in step with a rating that has been stored.</summary>
    internal void Count(int movieId, int ratings, int halves) => Find(movieId)?.Count(ratings, halves);

    static bool Fits(Film film, FilmQuery query)
        => (query.WithHidden || !film.IsHidden)
            && (query.Genre is null || film.Genres.Contains(query.Genre, StringComparer.OrdinalIgnoreCase))
            && (query.YearFrom is null || film.Year >= query.YearFrom)
            && (query.YearTo is null || film.Year <= query.YearTo)
            && film.RatingCount >= query.MinRatings;

    static IEnumerable<Film> Sort(IEnumerable<Film> films, FilmQuery query) => query.Sort switch
    {
        // Ten imagined ratings of 3 keep one enthusiast's favourite from standing above what hundreds love.
        FilmSort.Average => films.OrderByDescending(film => ((film.AverageStars * film.RatingCount) + 30) / (film.RatingCount + 10)).ThenBy(film => film.Id),
        FilmSort.Newest => films.OrderByDescending(film => film.Year ?? int.MinValue).ThenByDescending(film => film.RatingCount).ThenBy(film => film.Id),
        FilmSort.Oldest => films.OrderBy(film => film.Year ?? int.MaxValue).ThenByDescending(film => film.RatingCount).ThenBy(film => film.Id),
        FilmSort.Id => films.OrderBy(film => film.Id),
        FilmSort.Liking when query.Liking is { } liking => films.OrderByDescending(liking).ThenByDescending(film => film.RatingCount).ThenBy(film => film.Id),
        FilmSort.Title => films.OrderBy(film => film.BareKey, StringComparer.Ordinal).ThenBy(film => film.Id),
        _ => films.OrderByDescending(film => film.RatingCount).ThenBy(film => film.Id),
    };

    sealed class Snapshot
    {
        public static readonly Snapshot Empty = new([], simulated: false);

        public Snapshot(IReadOnlyList<Movie> movies, bool simulated)
        {
            Film[] films = [.. movies.Where(movie => movie.MergedIntoId is null).Select(movie => new Film(movie))];
            var first = new Dictionary<string, int>(films.Length, StringComparer.Ordinal);
            foreach (var film in films)
            {
                first.TryAdd(film.Identity, film.Id);
                film.SameAs = first[film.Identity];
            }
            Films = films;
            Simulated = simulated;
            var byId = films.ToDictionary(film => film.Id);
            foreach (var merged in movies.Where(movie => movie.MergedIntoId is not null)) byId.Add(merged.Id, byId[merged.MergedIntoId!.Value]);
            ById = byId.ToFrozenDictionary();
            Genres = [.. films.SelectMany(film => film.Genres).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
            FirstYear = films.Min(film => film.Year);
            LastYear = films.Max(film => film.Year);
        }

        public IReadOnlyList<Film> Films { get; }

        public FrozenDictionary<int, Film> ById { get; }

        public IReadOnlyList<string> Genres { get; }

        public int? FirstYear { get; }

        public int? LastYear { get; }

        public bool Simulated { get; }
    }
}
