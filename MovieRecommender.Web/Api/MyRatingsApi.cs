using MovieRecommender.Domain;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Catalog;
using MovieRecommender.Domain.Ratings;

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
        var mine = v1.MapGroup("/me/ratings").WithTags("My ratings");

        mine.MapGet("", async (RatingService ratings, MovieCatalog catalog, Caller caller, CancellationToken cancellationToken) =>
        {
            caller.RequireViewer();
            return (await ratings.MineAsync(caller, cancellationToken)).Select(rating => Answer(catalog, rating));
        }).WithSummary("My ratings, oldest first.");

        mine.MapGet("/{movieId:int}", async (RatingService ratings, MovieCatalog catalog, Caller caller, int movieId, CancellationToken cancellationToken) =>
        {
            caller.RequireViewer();
            var film = catalog.Get(movieId);
            var rating = (await ratings.MineAsync(caller, cancellationToken)).Where(rating => rating.MovieId == movieId).Select(rating => (ViewerRating?)rating).FirstOrDefault();
            return Answer(catalog, rating ?? throw new NotFoundException($"You have not rated {film.TitleAndYear}."));
        }).WithSummary("My rating of one film.").ProducesProblem(StatusCodes.Status404NotFound);

        mine.MapPut("/{movieId:int}", async (RatingService ratings, Caller caller, int movieId, StarsRequest request, CancellationToken cancellationToken) =>
        {
            caller.RequireViewer();
            await ratings.RateAsync(caller, movieId, request.Stars ?? throw new InvalidInputException("stars is missing; allowed are 0.5 to 5 in halves."), cancellationToken: cancellationToken);
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
