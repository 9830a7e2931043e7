using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Training;
using MovieRecommender.Web.Features.Admin;

namespace MovieRecommender.Web.Api;

/// <summary>A film that many people rated.</summary>
/// <param name="Days">Its ratings on each of the days.</param>
sealed record BusyFilmAnswer(int MovieId, string Title, int? Year, int Ratings, IReadOnlyList<int> Days);

/// <summary>What people who use the app did in the last days, oldest first.</summary>
/// <param name="Viewers">People who rated, in all.</param>
/// <param name="Films">Those that got most ratings, of films that at least three people rated.</param>
sealed record ActivityAnswer(DateOnly First, IReadOnlyList<int> Ratings, IReadOnlyList<int> ViewersByDay, int Viewers, IReadOnlyList<BusyFilmAnswer> Films);

/// <summary>What an admin sees at a glance.</summary>
/// <param name="Attention">What waits for an admin, in words.</param>
/// <param name="Live">The version that serves; null while popularity does.</param>
/// <param name="TrainedUtc">When it was trained.</param>
/// <param name="Changes">New or changed ratings since.</param>
/// <param name="AfterChanges">At how many training begins by itself; 0 for never.</param>
/// <param name="Scorecard">What the live version's run measured: itself, popularity, and the version that served then, on the same held-out ratings.</param>
/// <param name="StoreSize">In bytes.</param>
/// <param name="Memory">In bytes.</param>
sealed record OverviewAnswer(
    IReadOnlyList<string> Attention, int? Live, DateTime? TrainedUtc, long Changes, int AfterChanges, DateTimeOffset? NextScheduled, RunScorecard? Scorecard,
    int Films, int Viewers, int Ratings, long StoreSize, long Memory, int OpenPages, DateTime? LastBackupUtc, ActivityAnswer Activity);

static class OverviewApi
{
    public static void MapOverview(this RouteGroupBuilder v1)
        => v1.MapGet("/admin/overview", async (TrainingService training, DashboardHealth health, DashboardCounts counts, Caller caller, CancellationToken cancellationToken) =>
        {
            var status = await training.StatusAsync(caller, cancellationToken);
            var (state, numbers, activity) = (await health.ReadAsync(caller), await counts.ReadAsync(caller), await health.ActivityAsync(caller));
            var run = status.Live is { } live ? (await training.RunsOfAsync(caller, [live], cancellationToken)).GetValueOrDefault(live.Id) : null;
            return new OverviewAnswer(
                state.Attention, status.Live?.Id, status.Live?.CreatedUtc, status.Changes, status.AfterChanges, status.NextScheduled, run is null ? null : TrainingService.ScorecardOf(run),
                numbers.Films, numbers.Viewers, numbers.Ratings, state.StoreSize, state.Memory, state.OpenPages, state.LastBackupUtc,
                new(activity.First, activity.Ratings, activity.ViewersByDay, activity.Viewers, [.. activity.Films.Select(film => new BusyFilmAnswer(film.Film.Id, film.Film.Title, film.Film.Year, film.Ratings, film.Days))]));
        }).WithTags("Overview").WithSummary("What serves, how good it is, what needs attention, and what people do.").ProducesProblem(StatusCodes.Status403Forbidden);
}
