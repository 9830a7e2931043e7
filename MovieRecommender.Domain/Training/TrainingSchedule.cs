using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Domain.Training;

/// <summary>The plan by which training begins by itself: what an admin stored, or else the configuration's.</summary>
public sealed class TrainingSchedule(Store store, AdminActions actions, ChangeFeed changes, IOptions<TrainingOptions> options, TimeProvider time)
{
    internal const int LongestText = 120;

    public async Task<TrainingPlan> ReadAsync(Caller caller, CancellationToken cancellationToken = default)
    {
        caller.RequireAdmin();
        return await store.ReadAsync(db => db.Set<TrainingPlan>().SingleOrDefaultAsync(cancellationToken), cancellationToken) ?? options.Value.Plan;
    }

    /// <summary>What is wrong with a plan, each in one sentence; nothing when it may be set.</summary>
    public IReadOnlyList<string> Faults(TrainingPlan plan)
        => plan.Schedule.Length > LongestText
            ? [$"schedule has {plan.Schedule.Length} characters; allowed are up to {LongestText}."]
            : [.. plan.Faults(time.GetUtcNow(), JsonNamingPolicy.CamelCase.ConvertName)];

    /// <summary>Stores a plan; it holds from now on and after a restart.</summary>
    /// <exception cref="InvalidInputException">A value is not allowed, or the schedule never comes.</exception>
    public async Task SetAsync(Caller caller, TrainingPlan plan, CancellationToken cancellationToken = default)
    {
        caller.RequireAdmin();
        plan = plan with { Schedule = plan.Schedule.Trim(), TimeZone = plan.TimeZone.Trim() };
        var faults = Faults(plan);
        if (faults.Count > 0) throw new InvalidInputException(string.Join(' ', faults));
        await store.WriteAsync(async db =>
        {
            await db.Set<TrainingPlan>().ExecuteDeleteAsync(cancellationToken);
            db.Add(plan);
            actions.Record(db, caller, "set training to", ScheduleWords.Of(plan));
        }, cancellationToken);
        changes.Publish(ChangeFeed.Training);
    }
}
