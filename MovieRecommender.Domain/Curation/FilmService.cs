using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Catalog;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Domain.Curation;

/// <summary>A film as an admin sees it.</summary>
/// <param name="Tags">Words people put on it, most used first.</param>
public sealed record CuratedFilm(Film Film, IReadOnlyList<string> Tags);

/// <summary>The films in an admin's hands: added, written anew, tagged, hidden. Merging is <see cref="FilmMerger"/>'s.</summary>
public sealed class FilmService(Store store, MovieCatalog catalog, AdminActions actions, TimeProvider time)
{
    const int MostTags = 50;

    /// <summary>Films by title, hidden ones too.</summary>
    /// <exception cref="InvalidInputException">A value is out of range.</exception>
    public FilmPage List(Caller caller, string? search, bool hiddenOnly = false, int page = 1, int pageSize = 25)
    {
        caller.RequireAdmin();
        var query = new FilmQuery { Search = search, Page = page, PageSize = pageSize, WithHidden = true };
        if (!hiddenOnly) return catalog.List(query);
        query.Validate();
        var hidden = catalog.Films.Where(film => film.IsHidden).OrderBy(film => film.Title, StringComparer.OrdinalIgnoreCase).ThenBy(film => film.Id).ToList();
        return new([.. hidden.Skip((page - 1) * pageSize).Take(pageSize)], hidden.Count);
    }

    /// <summary>A film by its id, or null.</summary>
    public Film? Find(Caller caller, int id)
    {
        caller.RequireAdmin();
        return catalog.Find(id);
    }

    /// <exception cref="NotFoundException">There is no such film.</exception>
    public async Task<CuratedFilm> GetAsync(Caller caller, int id, CancellationToken cancellationToken = default)
    {
        caller.RequireAdmin();
        var film = catalog.Get(id);
        return new(film, await catalog.TagsAsync(film.Id, MostTags, cancellationToken));
    }

    /// <returns>The new film, as it is listed from now on.</returns>
    /// <exception cref="InvalidInputException">A value is not allowed.</exception>
    /// <param name="key">The sender's name for the request: sent again, it brings the same film.</param>
    /// <exception cref="ConflictException">There is a film of that title and year, or the key is another request's.</exception>
    public async Task<Film> AddAsync(Caller caller, FilmDraft draft, RequestKey? key = null, CancellationToken cancellationToken = default)
    {
        caller.RequireAdmin();
        var asked = $"film {JsonSerializer.Serialize(draft)}";
        var id = await store.WriteAsync(async db =>
        {
            if (await db.MadeBeforeAsync(key, asked, cancellationToken) is { } before) return before;
            var movie = new Movie { Id = Math.Max(Movie.FirstLocalId, 1 + (await db.Movies.MaxAsync(known => (int?)known.Id, cancellationToken) ?? 0)), Title = "" };
            draft.ApplyTo(movie);
            RequireUnlike(new Film(movie));
            db.Add(movie);
            await db.KeepRequestAsync(key, asked, movie.Id, time.GetUtcNow().UtcDateTime, cancellationToken);
            actions.Record(db, caller, "added the film", new Film(movie).TitleAndYear);
            return movie.Id;
        }, cancellationToken);
        await catalog.ReloadAsync(CancellationToken.None);
        return catalog.Get(id);
    }

    /// <summary>Writes title, year, genres and links anew; later imports leave them alone.</summary>
    /// <exception cref="NotFoundException">There is no such film.</exception>
    /// <exception cref="InvalidInputException">A value is not allowed.</exception>
    public async Task<Film> EditAsync(Caller caller, int id, FilmDraft draft, CancellationToken cancellationToken = default)
    {
        caller.RequireAdmin();
        return await ChangeAsync(catalog.Get(id).Id, (db, movie) =>
        {
            draft.ApplyTo(movie);
            actions.Record(db, caller, "edited the film", new Film(movie).TitleAndYear);
        }, cancellationToken);
    }

    /// <summary>Keeps a film out of every list, or lets it in again. Ratings of it stay, and training goes on learning from them.</summary>
    /// <exception cref="NotFoundException">There is no such film.</exception>
    public async Task<Film> SetHiddenAsync(Caller caller, int id, bool hidden, CancellationToken cancellationToken = default)
    {
        caller.RequireAdmin();
        return await ChangeAsync(catalog.Get(id).Id, (db, movie) =>
        {
            if (movie.IsHidden == hidden) return;
            movie.IsHidden = hidden;
            actions.Record(db, caller, hidden ? "hid the film" : "no longer hides the film", new Film(movie).TitleAndYear);
        }, cancellationToken);
    }

    /// <summary>Puts a word on a film, for the house; one that is there already, from whomever, stays as it is. The next training learns from it.</summary>
    /// <param name="tag">1 to 200 characters.</param>
    /// <returns>The film's tags from now on.</returns>
    /// <exception cref="NotFoundException">There is no such film.</exception>
    /// <exception cref="InvalidInputException">The word is not allowed, or the film has as many as it may.</exception>
    public async Task<IReadOnlyList<string>> AddTagAsync(Caller caller, int id, string? tag, CancellationToken cancellationToken = default)
    {
        caller.RequireAdmin();
        var (film, text) = (catalog.Get(id), CheckedTag(tag));
        await store.WriteAsync(async db =>
        {
            var known = await db.MovieTags.Where(row => row.MovieId == film.Id).ToListAsync(cancellationToken);
            if (known.Exists(row => Same(row.Text, text))) return;
            if (known.Count(row => row.ViewerId == MovieTag.OfTheHouse) >= MostTags) throw new InvalidInputException($"{film.TitleAndYear} has {MostTags} tags of the house, which is the most it may have. Remove one first.");
            db.Add(new MovieTag { MovieId = film.Id, ViewerId = MovieTag.OfTheHouse, Text = text, TaggedAt = time.GetUtcNow().ToUnixTimeSeconds() });
            actions.Record(db, caller, "tagged the film", $"{film.TitleAndYear}: {text}");
        }, cancellationToken);
        return await catalog.TagsAsync(film.Id, MostTags, cancellationToken);
    }

    /// <summary>Takes a word off a film, whoever put it there; an import that has it brings it back.</summary>
    /// <inheritdoc cref="AddTagAsync"/>
    /// <exception cref="NotFoundException">There is no such film, or it has no such tag.</exception>
    /// <exception cref="ConflictException">A data set is being imported.</exception>
    public async Task<IReadOnlyList<string>> RemoveTagAsync(Caller caller, int id, string? tag, CancellationToken cancellationToken = default)
    {
        caller.RequireAdmin();
        var (film, text) = (catalog.Get(id), CheckedTag(tag));
        using var still = store.KeepImportsAway();
        await store.WriteAsync(async db =>
        {
            // Compared here: SQLite tells no Ä from an ä.
            var found = (await db.MovieTags.Where(row => row.MovieId == film.Id).ToListAsync(cancellationToken)).FindAll(row => Same(row.Text, text));
            if (found.Count == 0) throw new NotFoundException($"{film.TitleAndYear} has no tag '{text}'.");
            db.RemoveRange(found);
            actions.Record(db, caller, "took a tag off the film", $"{film.TitleAndYear}: {text}");
        }, cancellationToken);
        return await catalog.TagsAsync(film.Id, MostTags, cancellationToken);
    }

    static bool Same(string one, string other) => one.Equals(other, StringComparison.OrdinalIgnoreCase);

    static string CheckedTag(string? given)
    {
        var text = given?.Trim() ?? "";
        return text.Length is > 0 and <= MovieTag.LongestText && !text.Any(char.IsControl) ? text
            : throw new InvalidInputException(text.Length > MovieTag.LongestText
                ? $"tag has {text.Length} characters; allowed are 1 to {MovieTag.LongestText}."
                : $"tag is '{text}'; allowed are 1 to {MovieTag.LongestText} characters without line breaks.");
    }

    async Task<Film> ChangeAsync(int id, Action<AppDbContext, Movie> change, CancellationToken cancellationToken)
    {
        await store.WriteAsync(async db => change(db, await db.Movies.FirstAsync(movie => movie.Id == id, cancellationToken)), cancellationToken);
        await catalog.ReloadAsync(CancellationToken.None);
        return catalog.Get(id);
    }

    void RequireUnlike(Film film)
    {
        if (catalog.Films.FirstOrDefault(known => known.Identity == film.Identity) is { } known)
            throw new ConflictException($"There is a film {known.TitleAndYear} already, with the id {known.Id}{(known.IsHidden ? "; it is hidden" : "")}.");
    }
}
