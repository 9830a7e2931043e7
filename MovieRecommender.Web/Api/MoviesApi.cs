using System.ComponentModel;
using Microsoft.Extensions.Options;
using MovieRecommender.Domain;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Catalog;
using MovieRecommender.Domain.Recommendations;

namespace MovieRecommender.Web.Api;

/// <summary>A film.</summary>
/// <param name="MovieId">MovieLens's movie id for films that came from there.</param>
/// <param name="Ratings">Number of ratings.</param>
/// <param name="AverageStars">Mean stars, or null without ratings.</param>
sealed record MovieAnswer(int MovieId, string Title, int? Year, IReadOnlyList<string> Genres, string? ImdbId, int? TmdbId, int Ratings, double? AverageStars)
{
    public static MovieAnswer Of(Film film) => new(film.Id, film.Title, film.Year, film.Genres, film.ImdbId, film.TmdbId, film.RatingCount,
        film.RatingCount == 0 ? null : Math.Round(film.AverageStars, 3));
}

/// <summary>One page of films.</summary>
/// <param name="Next">With sort=id, what to send as after for the next page; null on the last one, and with any other order.</param>
sealed record MoviesAnswer(IReadOnlyList<MovieAnswer> Items, int Total, int Page, int PageSize, int? Next);

static class MoviesApi
{
    const int MostSimilar = 100;

    public static void MapMovies(this RouteGroupBuilder v1)
    {
        var movies = v1.MapGroup("/movies").WithTags("Movies").RequireCallerUnlessAnonymous();

        movies.MapGet("", (
            HttpContext http, MovieCatalog catalog, string? search, string? genre, int? yearFrom, int? yearTo,
            [Description("relevance (the default), popularity, average, newest, oldest, title or id")] string? sort,
            [Description("With sort=id: films beyond this one, so that reading page after page misses none and sees none twice")] int? after,
            [Description("From 1")] int? page, [Description("1 to 100; 40 if missing")] int? pageSize) =>
        {
            var query = new FilmQuery
            {
                Search = search,
                Genre = genre,
                YearFrom = yearFrom,
                YearTo = yearTo,
                Sort = SortOf(sort),
                Page = page ?? 1,
                PageSize = pageSize ?? 40,
                After = after,
            };
            var found = catalog.List(query);
            int? next = query.Sort == FilmSort.Id && found.GoesOn ? found.Films[^1].Id : null;
            if (next is { } last) NextPage.Link(http, "after", last);
            return new MoviesAnswer([.. found.Films.Select(MovieAnswer.Of)], found.Total, query.Page, query.PageSize, next);
        }).WithEntityTag().WithSummary("Search and list films.");

        movies.MapGet("/{id:int}", (MovieCatalog catalog, int id) => MovieAnswer.Of(catalog.Get(id)))
            .WithEntityTag().WithSummary("One film.").ProducesProblem(StatusCodes.Status404NotFound);

        movies.MapGet("/{id:int}/similar", (MovieCatalog catalog, RecommendationService recommendations, int id, int? n) =>
        {
            if (n is < 1 or > MostSimilar) throw new InvalidInputException($"n is {n}; allowed is 1 to {MostSimilar}.");
            return recommendations.SimilarTo(catalog.Get(id), n ?? 10).Select(MovieAnswer.Of);
        }).WithSummary("Films that people who love this one love too.").ProducesProblem(StatusCodes.Status404NotFound);
    }

    /// <summary>Lets anyone in while <see cref="ApiOptions.Anonymous"/> is on, else only people.</summary>
    public static RouteGroupBuilder RequireCallerUnlessAnonymous(this RouteGroupBuilder group)
        => group.AddEndpointFilter((context, next) =>
        {
            var services = context.HttpContext.RequestServices;
            if (!services.GetRequiredService<IOptionsMonitor<ApiOptions>>().CurrentValue.Anonymous)
                services.GetRequiredService<Caller>().RequireViewer();
            return next(context);
        });

    static FilmSort SortOf(string? sort)
    {
        if (string.IsNullOrEmpty(sort)) return FilmSort.Relevance;
        // What somebody would like is a list of their own: me/recommendations.
        var allowed = Enum.GetValues<FilmSort>().Where(known => known != FilmSort.Liking).ToDictionary(known => known.ToString(), StringComparer.OrdinalIgnoreCase);
        return allowed.TryGetValue(sort, out var found)
            ? found
            : throw new InvalidInputException($"sort is '{sort}'; allowed are {string.Join(", ", allowed.Keys.Select(name => name.ToLowerInvariant()))}.");
    }
}
