using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Training;

namespace MovieRecommender.Web.Api;

/// <summary>A training run.</summary>
/// <param name="State">queued, running, published, kept, failed or cancelled.</param>
/// <param name="Outcome">Why it ended as it did.</param>
/// <param name="Version">The model version it published.</param>
sealed record RunAnswer(
    int Id, string State, string RequestedBy, DateTime QueuedUtc, DateTime? StartedUtc, DateTime? FinishedUtc,
    string? Outcome, int? Version, RunScorecard? Scorecard, IReadOnlyList<CandidateProgress>? Progress)
{
    public static RunAnswer Of(TrainingRun run, RunProgress? progress) => new(
        run.Id, run.State.ToString().ToLowerInvariant(), run.RequestedBy, run.QueuedUtc, run.StartedUtc, run.FinishedUtc,
        run.Outcome, run.VersionId, TrainingService.ScorecardOf(run), progress?.RunId == run.Id ? progress.Candidates : null);
}

static class TrainingApi
{
    public static void MapTraining(this RouteGroupBuilder v1)
    {
        var runs = v1.MapGroup("/admin/training/runs").WithTags("Training").ProducesProblem(StatusCodes.Status403Forbidden);

        runs.MapGet("", async (TrainingService training, Caller caller, CancellationToken cancellationToken) =>
        {
            var list = await training.ListAsync(caller, cancellationToken: cancellationToken);
            return list.Select(run => RunAnswer.Of(run, training.Progress(caller)));
        }).WithSummary("Training runs, newest first.");

        runs.MapPost("", async (TrainingService training, Caller caller, CancellationToken cancellationToken) =>
        {
            var (run, _) = await training.RequestAsync(caller, cancellationToken: cancellationToken);
            return TypedResults.Accepted($"/api/v1/admin/training/runs/{run.Id}", RunAnswer.Of(run, training.Progress(caller)));
        }).WithSummary("Ask for a training; joins the one that is queued or running.");

        runs.MapGet("/{id:int}", async (TrainingService training, Caller caller, int id, CancellationToken cancellationToken) =>
                RunAnswer.Of(await training.GetAsync(caller, id, cancellationToken), training.Progress(caller)))
            .WithSummary("One training run.").ProducesProblem(StatusCodes.Status404NotFound);

        runs.MapPost("/{id:int}/cancel", async (TrainingService training, Caller caller, int id, CancellationToken cancellationToken) =>
                RunAnswer.Of(await training.CancelAsync(caller, id, cancellationToken), training.Progress(caller)))
            .WithSummary("Stop a training; the model that serves goes on serving.").ProducesProblem(StatusCodes.Status404NotFound);
    }
}
