using System.Diagnostics;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MovieRecommender.Domain.Catalog;
using MovieRecommender.Domain.Models;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Domain.Training;

/// <summary>Carries out queued runs, one at a time. Whatever goes wrong in a run ends that run, with its reason; the app goes on serving.</summary>
public sealed partial class TrainingWorker(
    Store store, TrainingService training, GivenFactors factors, ModelShelf shelf, LiveModel live, MovieCatalog catalog, Readiness readiness, ChangeFeed changes,
    IOptions<TrainingOptions> options, TimeProvider time, ILogger<TrainingWorker> logger) : BackgroundService
{
    static readonly TimeSpan Poll = TimeSpan.FromSeconds(15);
    static readonly TimeSpan ReportEvery = TimeSpan.FromMilliseconds(100);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        using var signal = changes.Subscribe(ChangeFeed.Training, () => wake.Writer.TryWrite(true));
        using var timer = new PeriodicTimer(Poll, time);
        // Both waits live until they are answered: a reader that is left behind would swallow the next signal.
        var tick = timer.WaitForNextTickAsync(stoppingToken).AsTask();
        var woken = wake.Reader.ReadAsync(stoppingToken).AsTask();
        try
        {
            // Before the first load is over there is no schema to ask and nothing to learn from.
            await readiness.WaitAsync(stoppingToken);
            await CloseAbandonedRunsAsync(stoppingToken);
            await ForgetFactorsAsync();
            while (!stoppingToken.IsCancellationRequested)
            {
                if (await NextAsync(stoppingToken) is { } run)
                {
                    await CarryOutAsync(run, options.Value.Algorithms, stoppingToken);
                    continue;
                }
                if (await Task.WhenAny(woken, tick) == woken)
                {
                    woken = wake.Reader.ReadAsync(stoppingToken).AsTask();
                    continue;
                }
                tick = timer.WaitForNextTickAsync(stoppingToken).AsTask();
                // Another process may have published or promoted meanwhile, or may have been killed while training.
                await CloseAbandonedRunsAsync(stoppingToken);
                await catalog.FollowAsync(stoppingToken);
                await shelf.LoadLiveAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The app is stopping; the run under way has been recorded as cancelled.
        }
    }

    /// <summary>A run that a killed process left open is over. Whoever trains holds the lock, so a run that is open while nobody does is such a one.</summary>
    internal async Task CloseAbandonedRunsAsync(CancellationToken cancellationToken)
    {
        await using var alone = FileLock.TryAcquire(store.Paths.TrainingLock);
        if (alone is null) return;
        await store.WriteAsync(db => db.TrainingRuns.Where(run => run.State == RunState.Running).ExecuteUpdateAsync(set => set
            .SetProperty(run => run.State, RunState.Failed)
            .SetProperty(run => run.FinishedUtc, time.GetUtcNow().UtcDateTime)
            .SetProperty(run => run.Outcome, "The app stopped while this run was training."), cancellationToken), cancellationToken);
    }

    /// <summary>Vectors go with the run that judged them. One writer at a time: none are being queued meanwhile.</summary>
    Task ForgetFactorsAsync() => store.WriteAsync(async db =>
    {
        var open = await db.TrainingRuns.Where(run => run.State <= RunState.Running && run.Choice != null).Select(run => run.Choice).ToListAsync();
        factors.DeleteAllBut([.. open.Select(choice => TrainingChoice.FromJson(choice)?.Factors).OfType<string>()]);
    });

    Task<TrainingRun?> NextAsync(CancellationToken cancellationToken)
        => store.ReadAsync(db => db.TrainingRuns.Where(run => run.State == RunState.Queued).OrderBy(run => run.Id).FirstOrDefaultAsync(cancellationToken), cancellationToken);

    /// <summary>Carries out one queued run and records how it ended.</summary>
    /// <param name="algorithms">Names of the candidates where the run chose none itself; empty for all.</param>
    public async Task CarryOutAsync(TrainingRun run, IReadOnlyList<string> algorithms, CancellationToken stoppingToken)
    {
        using var cancel = training.Begin(run.Id, stoppingToken);
        try
        {
            await using var alone = await FileLock.AcquireAsync(store.Paths.TrainingLock, stoppingToken);
            if (!await StartAsync(run.Id)) return;
            await TrainAsync(run, TrainingChoice.FromJson(run.Choice) ?? TrainingChoice.Of(algorithms), cancel.Token, stoppingToken);
        }
        finally
        {
            training.End(run.Id);
            await ForgetFactorsAsync();
        }
    }

    async Task TrainAsync(TrainingRun run, TrainingChoice choice, CancellationToken cancel, CancellationToken stoppingToken)
    {
        try
        {
            LogStarted(run.Id);
            if (choice.Factors is { } name) choice = choice with { Given = await factors.ReadAsync(name, cancel) };
            var version = await shelf.NextVersionAsync(cancel);
            var data = await TrainingData.FromStoreAsync(store, cancel);
            await store.WriteAsync(db => db.TrainingRuns.Where(row => row.Id == run.Id)
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.RatingsRevision, data.Revision)), cancel);
            if (data.Entries.Length == 0) throw new InvalidInputException("There are no ratings to learn from yet.");
            var twin = live.Current is { } current ? shelf.ReadTwin(current.Version) : null;
            var result = await Task.Run(() => TrainingPipeline.Run(data, choice, version, twin, Report(run.Id, data), cancel), cancel);
            cancel.ThrowIfCancellationRequested();
            var outcome = result.Decision.Reason;
            if (result.Model is { } model && !await shelf.PublishAsync(model, result.Twin!, (checksum, size) => Describe(run, data, result, version, checksum, size), cancel))
                outcome += live.Split is { } split
                    ? $" It waits, because version {split.Candidate.Version} is being tried beside version {live.Current?.Version}."
                    : $" It waits as a candidate, because version {live.Current?.Version} is pinned.";
            await FinishAsync(run.Id, result.Model is null ? RunState.Kept : RunState.Published, outcome, result.Model is null ? null : version, result.Scorecard);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            await FinishAsync(run.Id, RunState.Cancelled, stoppingToken.IsCancellationRequested ? "The app was stopped." : "Cancelled by an admin.");
        }
        catch (InvalidInputException error)
        {
            await FinishAsync(run.Id, RunState.Failed, error.Message);
        }
        catch (Exception error)
        {
            LogFailed(error, run.Id);
            await FinishAsync(run.Id, RunState.Failed, $"It failed: {error.Message}");
        }
    }

    /// <returns>False when the run was cancelled before it began.</returns>
    async Task<bool> StartAsync(int id)
        => await store.WriteAsync(db => db.TrainingRuns.Where(run => run.Id == id && run.State == RunState.Queued).ExecuteUpdateAsync(set => set
            .SetProperty(run => run.State, RunState.Running)
            .SetProperty(run => run.StartedUtc, time.GetUtcNow().UtcDateTime))) == 1;

    /// <summary>Recorded whatever is being cancelled: how a run ended is never lost.</summary>
    Task FinishAsync(int id, RunState state, string outcome, int? version = null, RunScorecard? scorecard = null)
    {
        LogEnded(id, state, outcome);
        AppMeter.RunEnded(state.ToString().ToLowerInvariant());
        return store.WriteAsync(async db =>
        {
            var run = await db.TrainingRuns.FindAsync([id]);
            (run!.State, run.Outcome, run.FinishedUtc) = (state, outcome, time.GetUtcNow().UtcDateTime);
            (run.VersionId, run.Scorecard) = (version, scorecard is null ? null : JsonSerializer.Serialize(scorecard));
        });
    }

    Action<IReadOnlyList<CandidateProgress>> Report(int id, TrainingData data)
    {
        var last = 0L;
        IReadOnlyList<CandidateState> states = [];
        return candidates =>
        {
            // Pages are told of every change of state, and of progress in between ten times a second.
            var now = candidates.Select(candidate => candidate.State).ToList();
            if (now.SequenceEqual(states) && Stopwatch.GetElapsedTime(last) < ReportEvery) return;
            (states, last) = (now, Stopwatch.GetTimestamp());
            training.Report(new(id, data.Entries.Length, candidates));
        };
    }

    ModelVersion Describe(TrainingRun run, TrainingData data, PipelineResult result, int version, string checksum, long size) => new()
    {
        Id = version,
        CreatedUtc = time.GetUtcNow().UtcDateTime,
        RunId = run.Id,
        RatingsRevision = data.Revision,
        RankingAlgorithm = result.Model!.Ranking.Algorithm,
        StarsAlgorithm = result.Scorecard.ChampionStars,
        Films = data.MovieIds.Length,
        Viewers = data.UserIds.Length,
        Ratings = data.Entries.Length,
        Size = size,
        Checksum = checksum,
    };

    [LoggerMessage(LogLevel.Information, "Training run {Run} begins")]
    partial void LogStarted(int run);

    [LoggerMessage(LogLevel.Information, "Training run {Run} ended: {State}. {Outcome}")]
    partial void LogEnded(int run, RunState state, string outcome);

    [LoggerMessage(LogLevel.Error, "Training run {Run} failed")]
    partial void LogFailed(Exception error, int run);
}
