using MovieRecommender.Domain;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Catalog;
using MovieRecommender.Domain.Ratings;
using MovieRecommender.Domain.Recommendations;
using MovieRecommender.Domain.Recommendations.Nights;

namespace MovieRecommender.Web.Api;

/// <summary>A rating that speaks for the film.</summary>
/// <param name="Share">0 to 1, of all that speaks for it.</param>
public sealed record ReasonAnswer(int MovieId, string Title, double Share);

/// <summary>A recommended film.</summary>
/// <param name="Score">What the list is ordered by; comparable within one list only.</param>
/// <param name="PredictedStars">0.5 to 5, or null while no model serves.</param>
public sealed record RecommendationAnswer(
    int MovieId, string Title, int? Year, IReadOnlyList<string> Genres, double Score, double? PredictedStars, IReadOnlyList<ReasonAnswer> Because)
{
    public static RecommendationAnswer Of(Recommendation item) => new(
        item.Film.Id, item.Film.Title, item.Film.Year, item.Film.Genres, Math.Round(item.Score, 6),
        item.PredictedStars is { } stars ? Math.Round(stars, 2) : null,
        [.. item.Because.Select(reason => new ReasonAnswer(reason.Film.Id, reason.Film.Title, Math.Round(reason.Share, 4)))]);
}

/// <summary>A rating in the body of a request. Set and not constructed: a history has many, and they are read sooner so.</summary>
sealed record PostedRating
{
    public int? MovieId { get; init; }

    public double? Stars { get; init; }
}

/// <param name="Ratings">Oldest first.</param>
/// <param name="N">Length of the list, 1 to 100; 10 if missing.</param>
sealed record RecommendationRequest(IReadOnlyList<PostedRating?>? Ratings, int? N = null);

/// <param name="Viewers">Each person's ratings, oldest first; 1 to 20 people.</param>
/// <param name="N">Length of the list, 1 to 100; 10 if missing.</param>
sealed record GroupRequest(IReadOnlyList<IReadOnlyList<PostedRating?>?>? Viewers, int? N = null);

/// <param name="Fit">0 to 1: the film's score for this person as a share of what their own ten best reach.</param>
/// <param name="PredictedStars">0.5 to 5.</param>
sealed record MemberAnswer(double Fit, double PredictedStars);

/// <summary>A film for several people.</summary>
/// <param name="Score">What the list is ordered by: half the average fit, half the least.</param>
/// <param name="PredictedStars">Mean over the people, or null while no model serves.</param>
/// <param name="Because">Empty: the reasons are each person's own.</param>
/// <param name="Average">Mean fit, 0 to 1.</param>
/// <param name="Least">The fit of whoever likes it least, 0 to 1.</param>
/// <param name="Members">In the order of the request; empty while no model serves.</param>
sealed record GroupAnswer(
    int MovieId, string Title, int? Year, IReadOnlyList<string> Genres, double Score, double? PredictedStars, IReadOnlyList<ReasonAnswer> Because,
    double Average, double Least, IReadOnlyList<MemberAnswer> Members)
{
    public static GroupAnswer Of(GroupRecommendation item) => new(
        item.Film.Id, item.Film.Title, item.Film.Year, item.Film.Genres, Math.Round(item.Score, 6),
        item.Members.Count == 0 ? null : Math.Round(item.Members.Average(member => member.PredictedStars), 2), [],
        Math.Round(item.Average, 4), Math.Round(item.Least, 4),
        [.. item.Members.Select(member => new MemberAnswer(Math.Round(member.Fit, 4), Math.Round(member.PredictedStars, 2)))]);
}

static class RecommendationsApi
{
    const int MostRatings = 10_000;

    /// <summary>As many as the service takes; asked before their histories are read.</summary>
    const int MostPeople = 20;

    public static void MapRecommendations(this RouteGroupBuilder v1)
    {
        v1.MapGet("/me/recommendations", async (
            RecommendationService recommendations, NightService nights, Caller caller, int? n, string? genre, int? yearFrom, int? yearTo, double? popularity, CancellationToken cancellationToken) =>
        {
            caller.RequireViewer();
            var query = new RecommendationQuery
            {
                Count = n ?? 10,
                Genre = genre,
                YearFrom = yearFrom,
                YearTo = yearTo,
                Popularity = popularity ?? 0,
                Without = [.. (await nights.AwaitingStarsAsync(caller, cancellationToken)).Select(film => film.Id)],
            };
            return AnswerOf(await recommendations.MineAsync(caller, query, cancellationToken));
        }).WithTags("Recommendations").WithSummary("My top list.").ProducesProblem(StatusCodes.Status403Forbidden);

        var posted = v1.MapGroup("/recommendations").WithTags("Recommendations").RequireCallerUnlessAnonymous();

        posted.MapPost("", (RecommendationService recommendations, MovieCatalog catalog, RecommendationRequest request) =>
                AnswerOf(recommendations.For(HistoryOf(request.Ratings, catalog), new() { Count = request.N ?? 10 })))
            .WithSummary("The top list for the ratings in the body. Nothing is stored.").ProducesProblem(StatusCodes.Status404NotFound);

        posted.MapPost("/group", (RecommendationService recommendations, MovieCatalog catalog, GroupRequest request) =>
        {
            if (request.Viewers is not { } viewers) throw new InvalidInputException("viewers is missing; send a list with each person's list of {\"movieId\", \"stars\"}.");
            if (viewers.Count > MostPeople) throw new InvalidInputException($"viewers has {viewers.Count} entries; allowed are 1 to {MostPeople}.");
            return recommendations.ForGroup([.. viewers.Select(ratings => HistoryOf(ratings, catalog))], new() { Count = request.N ?? 10 }).Select(GroupAnswer.Of);
        }).WithSummary("One list for several people, that nobody is outvoted in. Nothing is stored.").ProducesProblem(StatusCodes.Status404NotFound);
    }

    static RecommendationAnswer[] AnswerOf(RecommendationList list) => [.. list.Items.Select(RecommendationAnswer.Of)];

    static List<ViewerRating> HistoryOf(IReadOnlyList<PostedRating?>? ratings, MovieCatalog catalog)
    {
        if (ratings is null) throw new InvalidInputException("ratings is missing; send a list of {\"movieId\", \"stars\"}, which may be empty.");
        if (ratings.Count > MostRatings) throw new InvalidInputException($"ratings has {ratings.Count} entries; allowed are up to {MostRatings:N0}.");
        var history = new List<ViewerRating>(ratings.Count);
        // Without times the order of the list is the order of the ratings; a film rated twice counts with its last stars.
        foreach (var rating in ratings)
        {
            var film = catalog.Get(rating?.MovieId ?? throw new InvalidInputException("movieId is missing in one of the ratings."));
            var halves = RatingService.HalvesOf(rating.Stars ?? throw new InvalidInputException($"stars is missing for the film {rating.MovieId}; allowed are 0.5 to 5 in halves."));
            history.Add(new(film.Id, halves / 2.0, history.Count + 1));
        }
        var seen = new HashSet<int>(history.Count);
        return history.TrueForAll(rating => seen.Add(rating.MovieId))
            ? history
            : [.. history.AsEnumerable().Reverse().DistinctBy(rating => rating.MovieId).Reverse()];
    }
}
