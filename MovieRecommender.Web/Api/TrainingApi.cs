using System.ComponentModel;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using MovieRecommender.Domain;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Factorization;
using MovieRecommender.Domain.Storage;
using MovieRecommender.Domain.Training;

namespace MovieRecommender.Web.Api;

/// <summary>A training run.</summary>
/// <param name="State">queued, running, published, kept, failed or cancelled.</param>
/// <param name="Outcome">Why it ended as it did.</param>
/// <param name="Version">The model version it published.</param>
/// <param name="Choice">What it was asked to train; null for what the configuration says.</param>
sealed record RunAnswer(
    int Id, string State, string RequestedBy, DateTime QueuedUtc, DateTime? StartedUtc, DateTime? FinishedUtc,
    string? Outcome, int? Version, TrainingChoice? Choice, RunScorecard? Scorecard, IReadOnlyList<StepAnswer>? Progress)
{
    public static RunAnswer Of(TrainingRun run, RunProgress? progress) => new(
        run.Id, run.State.ToString().ToLowerInvariant(), run.RequestedBy, run.QueuedUtc, run.StartedUtc, run.FinishedUtc,
        run.Outcome, run.VersionId, TrainingService.ChoiceOf(run), TrainingService.ScorecardOf(run), progress?.RunId == run.Id ? [.. progress.Candidates.Select(StepAnswer.Of)] : null);
}

/// <summary>One step of a run that is under way: a candidate, the scorecard, or the final training.</summary>
/// <param name="State">waiting, running or done.</param>
/// <param name="Fraction">0 to 1.</param>
/// <param name="Detail">What is being done, or the result.</param>
sealed record StepAnswer(string Name, string State, double Fraction, string Detail, IReadOnlyList<LossPoint> Losses)
{
    public static StepAnswer Of(CandidateProgress step) => new(step.Name, step.State.ToString().ToLowerInvariant(), step.Fraction, step.Detail, step.Losses);
}

/// <param name="Algorithms">Candidates; nothing for all.</param>
/// <param name="Options">Values by algorithm and option; true and false for switches. What is missing has its default.</param>
sealed record RunRequest(IReadOnlyList<string?>? Algorithms = null, IReadOnlyDictionary<string, IReadOnlyDictionary<string, JsonElement>?>? Options = null)
{
    /// <exception cref="InvalidInputException">A value is no number.</exception>
    public TrainingChoice ToChoice() => new(
        [.. (Algorithms ?? []).Select(name => name ?? "null").Distinct(StringComparer.Ordinal)],
        (Options ?? new Dictionary<string, IReadOnlyDictionary<string, JsonElement>?>()).ToDictionary(
            pair => pair.Key,
            pair => (IReadOnlyDictionary<string, double>)(pair.Value ?? new Dictionary<string, JsonElement>()).ToDictionary(option => option.Key, option => ValueOf($"{pair.Key}.{option.Key}", option.Value))));

    static double ValueOf(string name, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number when value.TryGetDouble(out var number) => number,
        JsonValueKind.True => 1,
        JsonValueKind.False => 0,
        _ => throw new InvalidInputException($"{name} is {value.GetRawText()}; allowed is a number, or true or false for a switch."),
    };
}

/// <summary>An option of an algorithm.</summary>
/// <param name="Kind">number, whole number, or switch: 1 for on, 0 for off.</param>
/// <param name="Does">What it is for.</param>
sealed record OptionAnswer(string Name, string Kind, double Default, double Min, double Max, string Does)
{
    public static OptionAnswer Of(TrainerOption option)
        => new(option.Name, option.Kind == OptionKind.WholeNumber ? "whole number" : option.Kind.ToString().ToLowerInvariant(), option.Default, option.Min, option.Max, option.Does);
}

/// <summary>An algorithm.</summary>
/// <param name="Ranks">Whether it learns to order lists; a version needs one that does.</param>
sealed record AlgorithmAnswer(string Name, bool Ranks, IReadOnlyList<OptionAnswer> Options);

/// <summary>When training begins by itself.</summary>
/// <param name="Schedule">Cron expression; empty for none.</param>
/// <param name="Words">The plan in words.</param>
/// <param name="AfterChanges">Train after this many new or changed ratings; 0 for never.</param>
/// <param name="Next">The next three times.</param>
sealed record ScheduleAnswer(string Schedule, string Words, string TimeZone, int AfterChanges, IReadOnlyList<DateTimeOffset> Next)
{
    public static ScheduleAnswer Of(TrainingPlan plan, DateTimeOffset now) => new(plan.Schedule, ScheduleWords.Of(plan), plan.TimeZone, plan.AfterChanges, plan.NextRuns(now, 3));
}

/// <summary>What is missing stays as it is.</summary>
/// <param name="Schedule">Cron expression of five fields, or six with seconds; empty for none.</param>
/// <param name="TimeZone">IANA name, such as Europe/Berlin.</param>
sealed record ScheduleRequest(string? Schedule = null, string? TimeZone = null, int? AfterChanges = null);

/// <summary>Two runs side by side.</summary>
/// <param name="Comparable">Whether both have figures on the same held-out ratings; else there are none here.</param>
/// <param name="Says">What the figures are, or why there are none.</param>
/// <param name="Differences">Options used differently; null when a run is too old to tell.</param>
sealed record ComparisonAnswer(
    int One, int Other, bool Comparable, string Says, IReadOnlyList<OptionDifference>? Differences, IReadOnlyList<ComparedLists> Lists, IReadOnlyList<ComparedStars> Stars);

static class TrainingApi
{
    public static void MapTraining(this RouteGroupBuilder v1)
    {
        var training = v1.MapGroup("/admin/training").WithTags("Training").ProducesProblem(StatusCodes.Status403Forbidden);

        training.MapGet("/algorithms", (Caller caller) =>
        {
            caller.RequireAdmin();
            return Trainers.Names.Select(name => new AlgorithmAnswer(name, Trainers.Ranks(name), [.. Trainers.OptionsOf(name).Select(OptionAnswer.Of)]));
        }).WithSummary("Algorithms with their options: default, range and meaning.");

        training.MapGet("/schedule", async (TrainingSchedule schedule, TimeProvider time, Caller caller, CancellationToken cancellationToken) =>
                ScheduleAnswer.Of(await schedule.ReadAsync(caller, cancellationToken), time.GetUtcNow()))
            .WithSummary("When training begins by itself.");

        training.MapPut("/schedule", async (TrainingSchedule schedule, TimeProvider time, Caller caller, ScheduleRequest request, CancellationToken cancellationToken) =>
        {
            var plan = await schedule.ReadAsync(caller, cancellationToken);
            plan = plan with { Schedule = request.Schedule ?? plan.Schedule, TimeZone = request.TimeZone ?? plan.TimeZone, AfterChanges = request.AfterChanges ?? plan.AfterChanges };
            await schedule.SetAsync(caller, plan, cancellationToken);
            return ScheduleAnswer.Of(await schedule.ReadAsync(caller, cancellationToken), time.GetUtcNow());
        }).WithSummary("Set when training begins by itself; it outlasts a restart.");

        MapRuns(training.MapGroup("/runs"));
    }

    static void MapRuns(RouteGroupBuilder runs)
    {
        runs.MapGet("", async (
            HttpContext http, TrainingService training, Caller caller,
            [Description("Runs older than this one")] int? before, [Description("1 to 200; 50 if missing")] int? pageSize, CancellationToken cancellationToken) =>
        {
            var most = pageSize ?? 50;
            var list = await training.ListAsync(caller, most, before, cancellationToken);
            if (list.Count == most && (await training.ListAsync(caller, 1, list[^1].Id, cancellationToken)).Count > 0) NextPage.Link(http, "before", list[^1].Id);
            return list.Select(run => RunAnswer.Of(run, training.Progress(caller)));
        }).WithSummary("Training runs, newest first, with a Link to the next page.");

        runs.MapPost("", async (
            HttpRequest http, TrainingService training, Caller caller, [FromHeader(Name = "Idempotency-Key"), Description(ApiDocument.KeyMeaning)] string? key, CancellationToken cancellationToken) =>
        {
            caller.RequireAdmin();
            // No body at all asks for what the configuration says, as it always did.
            var request = http.HasJsonContentType() && http.ContentLength != 0 ? await JsonBody.ReadAsync<RunRequest>(http, cancellationToken) : null;
            var (run, _) = await training.RequestAsync(caller, choice: request?.ToChoice(), key: RequestKey.Of(key), cancellationToken: cancellationToken);
            return TypedResults.Accepted($"/api/v1/admin/training/runs/{run.Id}", RunAnswer.Of(run, training.Progress(caller)));
        }).Accepts<RunRequest>(isOptional: true, "application/json").ProducesProblem(StatusCodes.Status409Conflict)
            .WithSummary("Ask for a training; joins the one that is queued or running. A body chooses algorithms and options.");

        runs.MapGet("/{id:int}", async (TrainingService training, Caller caller, int id, CancellationToken cancellationToken) =>
                RunAnswer.Of(await training.GetAsync(caller, id, cancellationToken), training.Progress(caller)))
            .WithSummary("One training run.").ProducesProblem(StatusCodes.Status404NotFound);

        runs.MapGet("/{id:int}/beside/{other:int}", async (TrainingService training, Caller caller, int id, int other, CancellationToken cancellationToken) =>
        {
            var found = await training.CompareAsync(caller, id, other, cancellationToken);
            return new ComparisonAnswer(id, other, found.Comparable, found.Says, found.Differences, found.Lists, found.Stars);
        }).WithSummary("Two runs side by side; figures only where both were measured on the same held-out ratings.").ProducesProblem(StatusCodes.Status404NotFound);

        runs.MapPost("/{id:int}/cancel", async (TrainingService training, Caller caller, int id, CancellationToken cancellationToken) =>
                RunAnswer.Of(await training.CancelAsync(caller, id, cancellationToken), training.Progress(caller)))
            .WithSummary("Stop a training; the model that serves goes on serving.").ProducesProblem(StatusCodes.Status404NotFound);
    }
}
