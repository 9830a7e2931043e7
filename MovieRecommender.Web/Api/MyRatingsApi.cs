using System.ComponentModel;
using MovieRecommender.Domain;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Catalog;
using MovieRecommender.Domain.Ratings;
using MovieRecommender.Domain.Recommendations;

namespace MovieRecommender.Web.Api;

/// <summary>One of the caller's ratings.</summary>
/// <param name="Stars">0.5 to 5 in halves.</param>
sealed record RatingAnswer(int MovieId, string Title, int? Year, double Stars, DateTimeOffset RatedAt);

/// <param name="Stars">0.5 to 5 in halves.</param>
sealed record StarsRequest(double? Stars);

static class MyRatingsApi
{
    public static void MapMyRatings(this RouteGroupBuilder v1)
    {
        var mine = v1.MapGroup("/me/ratings").WithTags("My ratings").ProducesProblem(StatusCodes.Status403Forbidden);

        mine.MapGet("", async (
            HttpContext http, RatingService ratings, MovieCatalog catalog, Caller caller,
            [Description("Ratings of films beyond this id; 0 for the first page")] int? after, [Description("With after: 1 to 1,000; 100 if missing")] int? pageSize, CancellationToken cancellationToken) =>
        {
            caller.RequireViewer();
            var all = await ratings.MineAsync(caller, cancellationToken);
            if (after is null && pageSize is null) return all.Select(rating => Answer(catalog, rating));
            var most = pageSize ?? 100;
            if (most is < 1 or > 1000) throw new InvalidInputException($"pageSize is {most}; allowed is 1 to 1,000.");
            var left = all.Where(rating => rating.MovieId > (after ?? 0)).OrderBy(rating => rating.MovieId).ToList();
            if (left.Count > most) NextPage.Link(http, "after", left[most - 1].MovieId);
            return left.Take(most).Select(rating => Answer(catalog, rating));
        }).WithSummary("My ratings, oldest first; with after or pageSize page by page, in the order of the films' ids, with a Link to the next one.");

        mine.MapGet("/{movieId:int}", async (RatingService ratings, MovieCatalog catalog, Caller caller, int movieId, CancellationToken cancellationToken) =>
        {
            caller.RequireViewer();
            var film = catalog.Get(movieId);
            var rating = (await ratings.MineAsync(caller, cancellationToken)).Where(rating => rating.MovieId == movieId).Select(rating => (ViewerRating?)rating).FirstOrDefault();
            return Answer(catalog, rating ?? throw new NotFoundException($"You have not rated {film.TitleAndYear}."));
        }).WithSummary("My rating of one film.").ProducesProblem(StatusCodes.Status404NotFound);

        mine.MapPut("/{movieId:int}", async (RatingService ratings, RecommendationService recommendations, Caller caller, int movieId, StarsRequest request, CancellationToken cancellationToken) =>
        {
            caller.RequireViewer();
            var stars = request.Stars ?? throw new InvalidInputException("stars is missing; allowed are 0.5 to 5 in halves.");
            var history = await ratings.MineAsync(caller, cancellationToken);
            await ratings.RateAsync(caller, movieId, stars, recommendations.GuessBefore(history, movieId), cancellationToken);
            return TypedResults.NoContent();
        }).WithSummary("Rate a film, or change my rating.").ProducesProblem(StatusCodes.Status404NotFound);

        mine.MapDelete("/{movieId:int}", async (RatingService ratings, MovieCatalog catalog, Caller caller, int movieId, CancellationToken cancellationToken) =>
        {
            caller.RequireViewer();
            catalog.Get(movieId);
            await ratings.RemoveAsync(caller, movieId, cancellationToken);
            return TypedResults.NoContent();
        }).WithSummary("Take a rating back; doing it twice is fine.").ProducesProblem(StatusCodes.Status404NotFound);
    }

    static RatingAnswer Answer(MovieCatalog catalog, ViewerRating rating)
    {
        var film = catalog.Get(rating.MovieId);
        return new(film.Id, film.Title, film.Year, rating.Stars, DateTimeOffset.FromUnixTimeSeconds(rating.RatedAt));
    }
}
