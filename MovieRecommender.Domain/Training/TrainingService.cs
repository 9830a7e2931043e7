using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Models;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Domain.Training;

/// <summary>What an admin sees at a glance.</summary>
/// <param name="Changes">New or changed ratings since the live version was trained.</param>
/// <param name="NextScheduled">When the schedule is next due, or null.</param>
public sealed record TrainingStatus(ModelVersion? Live, long Changes, int AfterChanges, DateTimeOffset? NextScheduled, RunProgress? Running);

/// <summary>Asks for training, watches it and stops it. The <see cref="TrainingWorker"/> does it.</summary>
public sealed class TrainingService(Store store, LiveModel live, TrainingSchedule schedule, GivenFactors factors, AdminActions actions, ChangeFeed changes, TimeProvider time)
{
    public const int MostPerPage = 200;
    readonly ConcurrentDictionary<int, CancellationTokenSource> _running = new();
    volatile RunProgress? _progress;

    /// <summary>Until when the schedule has been looked at; what was due while the app was not running is not made up for.</summary>
    DateTimeOffset _looked = time.GetUtcNow();

    /// <summary>Queues a run, or joins the one that is queued or running.</summary>
    /// <param name="choice">What to train; null for what the configuration says.</param>
    /// <param name="key">The sender's name for the request: sent again, it brings the same run, even if that is over.</param>
    /// <returns>The run, and whether it is new.</returns>
    /// <exception cref="InvalidInputException">A name or value of the choice is not allowed.</exception>
    /// <exception cref="ConflictException">The run under way trains something else, or the key is another request's.</exception>
    public async Task<(TrainingRun Run, bool IsNew)> RequestAsync(
        Caller caller, string? because = null, TrainingChoice? choice = null, RequestKey? key = null, CancellationToken cancellationToken = default)
    {
        caller.RequireAdmin();
        choice?.Validate();
        return await QueueAsync(caller, because, choice?.ToJson(), null, key, cancellationToken);
    }

    /// <summary>Queues a run that judges films' vectors trained elsewhere, and publishes them if they pass the gate as any other version does.</summary>
    /// <param name="content">A safetensors or Parquet file, as <see cref="Models.Exchange.FactorFile"/> reads it.</param>
    /// <param name="key">As for any run.</param>
    /// <exception cref="InvalidInputException">It is no such file, or names films that do not exist; nothing of it is kept.</exception>
    /// <exception cref="ConflictException">The run under way trains something else, or the key is another request's.</exception>
    public async Task<TrainingRun> JudgeAsync(Caller caller, Stream content, RequestKey? key = null, CancellationToken cancellationToken = default)
    {
        caller.RequireAdmin();
        var (name, bytes) = await factors.CheckAsync(content, cancellationToken);
        return (await QueueAsync(caller, null, TrainingChoice.OfFactors(name).ToJson(), () => factors.Keep(name, bytes), key, cancellationToken)).Run;
    }

    async Task<(TrainingRun Run, bool IsNew)> QueueAsync(Caller caller, string? because, string? chosen, Action? keep, RequestKey? key, CancellationToken cancellationToken)
    {
        var asked = $"training {chosen}";
        var result = await store.WriteAsync(async db =>
        {
            if (await db.MadeBeforeAsync(key, asked, cancellationToken) is { } before) return (await db.TrainingRuns.FirstAsync(run => run.Id == before, cancellationToken), false);
            var open = await db.TrainingRuns.Where(run => run.State == RunState.Queued || run.State == RunState.Running)
                .OrderBy(run => run.Id).FirstOrDefaultAsync(cancellationToken);
            if (open is not null && chosen is not null && chosen != open.Choice)
                throw new ConflictException($"Run {open.Id} is under way with other choices. Wait for it, or cancel it first.");
            if (open is not null)
            {
                await db.KeepRequestAsync(key, asked, open.Id, Now, cancellationToken);
                return (open, false);
            }
            keep?.Invoke();
            var run = new TrainingRun { RequestedBy = because ?? caller.Name ?? "an admin", Choice = chosen, QueuedUtc = Now };
            db.Add(run);
            await db.SaveChangesAsync(cancellationToken);
            await db.KeepRequestAsync(key, asked, run.Id, Now, cancellationToken);
            actions.Record(db, caller, "asked for", $"run {run.Id}{(keep is not null ? " of vectors trained elsewhere" : chosen is null ? "" : " with choices of their own")}");
            return (run, true);
        }, cancellationToken);
        changes.Publish(ChangeFeed.Training);
        return result;
    }

    /// <summary>Stops a run that is queued or running; one that is over stays as it is.</summary>
    /// <exception cref="NotFoundException">There is no such run.</exception>
    public async Task<TrainingRun> CancelAsync(Caller caller, int id, CancellationToken cancellationToken = default)
    {
        caller.RequireAdmin();
        var run = await store.WriteAsync(async db =>
        {
            var found = await db.TrainingRuns.FindAsync([id], cancellationToken) ?? throw NoSuchRun(id);
            if (!found.IsOver) actions.Record(db, caller, "cancelled", $"run {id}");
            if (found.State == RunState.Queued)
                (found.State, found.FinishedUtc, found.Outcome) = (RunState.Cancelled, time.GetUtcNow().UtcDateTime, $"Cancelled by {caller.Name} before it began.");
            return found;
        }, cancellationToken);
        if (_running.TryGetValue(id, out var source)) await source.CancelAsync();
        changes.Publish(ChangeFeed.Training);
        return run;
    }

    /// <exception cref="NotFoundException">There is no such run.</exception>
    public async Task<TrainingRun> GetAsync(Caller caller, int id, CancellationToken cancellationToken = default)
    {
        caller.RequireAdmin();
        return await store.ReadAsync(db => db.TrainingRuns.FirstOrDefaultAsync(run => run.Id == id, cancellationToken), cancellationToken) ?? throw NoSuchRun(id);
    }

    /// <summary>Newest first. What is added meanwhile moves no run to another page.</summary>
    /// <param name="most">1 to 200.</param>
    /// <param name="before">Runs older than this one; null for the newest.</param>
    /// <exception cref="InvalidInputException">A number is out of range.</exception>
    public Task<List<TrainingRun>> ListAsync(Caller caller, int most = 50, int? before = null, CancellationToken cancellationToken = default)
    {
        caller.RequireAdmin();
        if (most is < 1 or > MostPerPage) throw new InvalidInputException($"pageSize is {most}; allowed is 1 to {MostPerPage}.");
        return store.ReadAsync(db => db.TrainingRuns.Where(run => before == null || run.Id < before).OrderByDescending(run => run.Id).Take(most).ToListAsync(cancellationToken), cancellationToken);
    }

    /// <summary>Two runs side by side.</summary>
    /// <exception cref="NotFoundException">One of them does not exist.</exception>
    /// <exception cref="InvalidInputException">They are the same.</exception>
    public async Task<RunComparison> CompareAsync(Caller caller, int one, int other, CancellationToken cancellationToken = default)
    {
        caller.RequireAdmin();
        if (one == other) throw new InvalidInputException($"Run {one} cannot be compared with itself; choose another.");
        return RunComparison.Of(await GetAsync(caller, one, cancellationToken), await GetAsync(caller, other, cancellationToken));
    }

    /// <summary>The runs that made these versions, by version.</summary>
    public async Task<IReadOnlyDictionary<int, TrainingRun>> RunsOfAsync(Caller caller, IReadOnlyCollection<ModelVersion> versions, CancellationToken cancellationToken = default)
    {
        caller.RequireAdmin();
        var ids = versions.Select(version => version.RunId).ToList();
        var runs = await store.ReadAsync(db => db.TrainingRuns.Where(run => ids.Contains(run.Id)).ToListAsync(cancellationToken), cancellationToken);
        return runs.Where(run => run.VersionId is not null).ToDictionary(run => run.VersionId!.Value);
    }

    public async Task<TrainingStatus> StatusAsync(Caller caller, CancellationToken cancellationToken = default)
    {
        caller.RequireAdmin();
        var version = live.Current?.Version;
        var (row, revision) = await store.ReadAsync(async db => (
            await db.ModelVersions.FirstOrDefaultAsync(known => known.Id == version, cancellationToken),
            await db.ReadStateAsync(StoreState.RatingsRevision, cancellationToken)), cancellationToken);
        var plan = await schedule.ReadAsync(caller, cancellationToken);
        return new(row, revision - (row?.RatingsRevision ?? 0), plan.AfterChanges, plan.NextRuns(time.GetUtcNow(), 1).Select(next => (DateTimeOffset?)next).FirstOrDefault(), _progress);
    }

    /// <summary>Progress of the run under way, or null.</summary>
    public RunProgress? Progress(Caller caller)
    {
        caller.RequireAdmin();
        return _progress;
    }

    /// <summary>What a run was asked to train; null for what the configuration says.</summary>
    public static TrainingChoice? ChoiceOf(TrainingRun run) => TrainingChoice.FromJson(run.Choice);

    public static RunScorecard? ScorecardOf(TrainingRun run)
        => run.Scorecard is null ? null : JsonSerializer.Deserialize<RunScorecard>(run.Scorecard);

    /// <summary>
    /// Queues a run when its time has come, when the data is another, or when enough ratings changed since the last one learned from them, however it ended.
    /// </summary>
    internal async Task RequestIfDueAsync(CancellationToken cancellationToken)
    {
        var plan = await schedule.ReadAsync(Caller.Schedule, cancellationToken);
        var now = time.GetUtcNow();
        var isDue = plan.NextRun(_looked) <= now;
        _looked = now;
        if (isDue)
        {
            await RequestAsync(Caller.Schedule, cancellationToken: cancellationToken);
            return;
        }
        if (await store.ReadAsync(db => db.ReadStateAsync(StoreState.DataReplaced, cancellationToken), cancellationToken) > 0)
        {
            // A run that is under way has still learned from the data before.
            if ((await RequestAsync(Caller.Schedule, "the new data", cancellationToken: cancellationToken)).IsNew)
                await store.WriteAsync(db => db.SetStateAsync(StoreState.DataReplaced, 0, cancellationToken), cancellationToken);
            return;
        }
        if (plan.AfterChanges == 0) return;
        var changed = await store.ReadAsync(async db =>
            await db.ReadStateAsync(StoreState.RatingsRevision, cancellationToken)
            - (await db.TrainingRuns.MaxAsync(run => (long?)run.RatingsRevision, cancellationToken) ?? 0), cancellationToken);
        if (changed >= plan.AfterChanges)
            await RequestAsync(Caller.Schedule, $"{changed:N0} new or changed ratings", cancellationToken: cancellationToken);
    }

    internal CancellationTokenSource Begin(int id, CancellationToken stopping)
        => _running[id] = CancellationTokenSource.CreateLinkedTokenSource(stopping);

    internal void Report(RunProgress? progress)
    {
        _progress = progress;
        changes.Publish(ChangeFeed.Training);
    }

    internal void End(int id)
    {
        if (_running.TryRemove(id, out var source)) source.Dispose();
        Report(null);
    }

    DateTime Now => time.GetUtcNow().UtcDateTime;

    static NotFoundException NoSuchRun(int id) => new($"There is no training run {id}.");
}
