using System.Globalization;
using Microsoft.EntityFrameworkCore;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Catalog;
using MovieRecommender.Domain.Catalog.Demo;
using MovieRecommender.Domain.Ratings;
using MovieRecommender.Domain.Ratings.Histories;
using MovieRecommender.Domain.Recommendations.Nights;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Domain.Curation;

/// <summary>
/// Takes the demo out when a real data set comes in, whose numbers mean other films. The simulated people go;
/// what people here did stays with the film they meant, which is found again by title and year.
/// </summary>
/// <param name="offset">What the numbers of the demo's films were raised by, to be out of the way.</param>
sealed class DemoRemoval(AppDbContext db, int offset)
{
    // Also the films that an admin added to the demo from a file: their numbers may be taken just as well.
    const string CopyMovies = """
        INSERT INTO "Movies" ("Id", "Title", "OtherTitles", "Year", "Genres", "ImdbId", "TmdbId", "RatingCount", "RatingHalves", "IsHidden", "IsEdited", "MergedIntoId")
        SELECT "Id" + {0}, "Title", "OtherTitles", "Year", "Genres", "ImdbId", "TmdbId", 0, 0, "IsHidden", "IsEdited", "MergedIntoId" FROM "Movies" WHERE "Id" < {1}
        """;

    static readonly string[] Renumber =
    [
        """UPDATE "Movies" SET "MergedIntoId" = "MergedIntoId" + {0} WHERE "MergedIntoId" < {1}""",
        """UPDATE "Ratings" SET "MovieId" = "MovieId" + {0} WHERE "MovieId" < {1}""",
        """UPDATE "Marks" SET "MovieId" = "MovieId" + {0} WHERE "MovieId" < {1}""",
        """UPDATE "MovieTags" SET "MovieId" = "MovieId" + {0} WHERE "MovieId" < {1}""",
        """UPDATE "NightVetoes" SET "MovieId" = "MovieId" + {0} WHERE "MovieId" < {1}""",
        """UPDATE "Showings" SET "MovieId" = "MovieId" + {0} WHERE "MovieId" < {1}""",
        """UPDATE "Nights" SET "WatchedMovieId" = "WatchedMovieId" + {0} WHERE "WatchedMovieId" < {1}""",
    ];

    /// <summary>Whether a film of these has the number of another film here.</summary>
    public static async Task<bool> IsNeededAsync(AppDbContext db, IReadOnlyList<MovieRow> films, CancellationToken cancellationToken)
    {
        var here = await db.Movies.AsNoTracking().Where(movie => movie.Id < Movie.FirstLocalId && !movie.IsEdited).ToDictionaryAsync(movie => movie.Id, cancellationToken);
        return films.Any(film => here.TryGetValue(film.Id, out var movie)
            && new Film(movie).Identity != Film.IdentityOf(TitleKey.WithoutArticle(TitleKey.Of(film.Title.Title)), film.Title.Year));
    }

    /// <summary>Removes the simulated people, and gives every film of theirs a number out of the way.</summary>
    public static async Task<DemoRemoval> BeginAsync(AppDbContext db, CancellationToken cancellationToken)
    {
        // Nothing cascades within an import.
        await db.Ratings.Where(rating => rating.ViewerId <= DemoCommunity.Viewers).ExecuteDeleteAsync(cancellationToken);
        await db.MovieTags.Where(tag => tag.ViewerId >= 1 && tag.ViewerId <= DemoCommunity.Viewers).ExecuteDeleteAsync(cancellationToken);
        await db.Viewers.Where(viewer => viewer.Kind == ViewerKind.Imported && viewer.Id <= DemoCommunity.Viewers).ExecuteDeleteAsync(cancellationToken);
        // The step back to before an import speaks of films by numbers that are over.
        await db.HistoryImports.ExecuteDeleteAsync(cancellationToken);
        var offset = Math.Max(Movie.FirstLocalId, await db.Movies.MaxAsync(movie => movie.Id, cancellationToken));
        object[] shift = [offset, Movie.FirstLocalId];
        await db.Database.ExecuteSqlRawAsync(CopyMovies, shift, cancellationToken);
        foreach (var table in Renumber) await db.Database.ExecuteSqlRawAsync(table, shift, cancellationToken);
        await db.Movies.Where(movie => movie.Id < Movie.FirstLocalId).ExecuteDeleteAsync(cancellationToken);
        await db.SetStateAsync(StoreState.SimulatedCommunity, 0, cancellationToken);
        return new(db, offset);
    }

    /// <summary>With the new films there, moves what people here did to them. A film that only the demo had stays where somebody did something with it.</summary>
    /// <returns>The new number of a film, which is that of no film where it went.</returns>
    public async Task<Func<int, int>> EndAsync(CancellationToken cancellationToken)
    {
        var setAside = await db.Movies.AsNoTracking().Where(movie => movie.Id > offset).OrderBy(movie => movie.Id).ToListAsync(cancellationToken);
        var sameFilm = await NewFilmsAsync(cancellationToken);
        var found = new Dictionary<int, int>();
        var taken = new HashSet<int>();
        foreach (var movie in setAside.Where(movie => movie.MergedIntoId is null))
        {
            if (KeysOf(movie).Select(key => sameFilm.GetValueOrDefault(key)).FirstOrDefault(id => id != 0) is > 0 and var into && taken.Add(into)) found.Add(movie.Id, into);
        }
        var seats = await db.NightGuests.Where(guest => guest.Favourites != "").ToListAsync(cancellationToken);
        var used = await UsedAsync(seats, cancellationToken);
        foreach (var movie in setAside.Where(movie => used.Contains(movie.Id) && found.ContainsKey(movie.Id))) await MoveAsync(movie, found[movie.Id], cancellationToken);
        var hidden = setAside.Where(movie => movie.IsHidden && found.ContainsKey(movie.Id)).Select(movie => found[movie.Id]).ToList();
        await db.Movies.Where(movie => hidden.Contains(movie.Id)).ExecuteUpdateAsync(set => set.SetProperty(movie => movie.IsHidden, true), cancellationToken);
        foreach (var seat in seats)
        {
            var favourites = string.Join(',', FavouritesOf(seat).Select(id => found.GetValueOrDefault(id, id)));
            await db.NightGuests.Where(guest => guest.Id == seat.Id).ExecuteUpdateAsync(set => set.SetProperty(guest => guest.Favourites, favourites), cancellationToken);
        }
        // Numbers that were merged among the demo's own lead nowhere any more.
        var gone = setAside.Where(movie => movie.MergedIntoId is not null || found.ContainsKey(movie.Id) || !(used.Contains(movie.Id) || movie.IsEdited || movie.IsHidden)).Select(movie => movie.Id).ToList();
        await db.Movies.Where(movie => gone.Contains(movie.Id)).ExecuteDeleteAsync(cancellationToken);
        return id => id >= Movie.FirstLocalId ? id : found.GetValueOrDefault(id + offset, id + offset);
    }

    async Task MoveAsync(Movie movie, int into, CancellationToken cancellationToken)
    {
        await FilmMerger.MoveAsync(db, movie.Id, into, cancellationToken);
        await db.Movies.Where(other => other.MergedIntoId == movie.Id).ExecuteUpdateAsync(set => set.SetProperty(other => other.MergedIntoId, into), cancellationToken);
    }

    async Task<HashSet<int>> UsedAsync(IEnumerable<NightGuest> seats, CancellationToken cancellationToken) =>
    [
        .. await db.Ratings.Select(rating => rating.MovieId).Distinct().ToListAsync(cancellationToken),
        .. await db.Marks.Select(mark => mark.MovieId).Distinct().ToListAsync(cancellationToken),
        .. await db.MovieTags.Select(tag => tag.MovieId).Distinct().ToListAsync(cancellationToken),
        .. await db.NightVetoes.Select(veto => veto.MovieId).Distinct().ToListAsync(cancellationToken),
        .. await db.Nights.Where(night => night.WatchedMovieId != null).Select(night => night.WatchedMovieId!.Value).ToListAsync(cancellationToken),
        .. await db.Movies.Where(movie => movie.Id <= offset && movie.MergedIntoId != null).Select(movie => movie.MergedIntoId!.Value).ToListAsync(cancellationToken),
        .. seats.SelectMany(FavouritesOf),
    ];

    async Task<Dictionary<string, int>> NewFilmsAsync(CancellationToken cancellationToken)
    {
        var byKey = new Dictionary<string, int>(StringComparer.Ordinal);
        var movies = await db.Movies.AsNoTracking().Where(movie => movie.Id < Movie.FirstLocalId).OrderBy(movie => movie.Id).ToListAsync(cancellationToken);
        // A title counts before another film's other title.
        foreach (var movie in movies) byKey.TryAdd(KeysOf(movie).First(), movie.Id);
        foreach (var movie in movies)
        {
            foreach (var key in KeysOf(movie).Skip(1)) byKey.TryAdd(key, movie.Id);
        }
        return byKey;
    }

    static IEnumerable<string> KeysOf(Movie movie)
    {
        var film = new Film(movie);
        return [film.Identity, .. film.OtherKeys.Select(key => Film.IdentityOf(TitleKey.WithoutArticle(key), film.Year))];
    }

    IEnumerable<int> FavouritesOf(NightGuest seat) => seat.Favourites.Split(',').Select(id => int.Parse(id, CultureInfo.InvariantCulture)).Select(id => id < Movie.FirstLocalId ? id + offset : id);
}
