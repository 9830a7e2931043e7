using System.Text.Json;
using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Catalog;
using MovieRecommender.Domain.Catalog.MovieLens;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Domain.Imports;

/// <summary>Carries out queued imports, one at a time and in order. Whatever goes wrong ends that job, with its reason and nothing of it stored.</summary>
public sealed partial class ImportWorker(
    Store store, ImportService imports, UploadFiles uploads, DataSources sources, DataImporter importer,
    Readiness readiness, ChangeFeed changes, IOptions<ImportOptions> options, TimeProvider time, ILogger<ImportWorker> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        using var signal = changes.Subscribe(ChangeFeed.Imports, () => wake.Writer.TryWrite(true));
        try
        {
            await readiness.WaitAsync(stoppingToken);
            await CloseAbandonedJobsAsync(stoppingToken);
            while (true)
            {
                while (await NextAsync(stoppingToken) is { } job) await CarryOutAsync(job, stoppingToken);
                await wake.Reader.ReadAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The app is stopping; the job under way has been recorded as cancelled.
        }
    }

    /// <summary>A job that a killed process left open has failed: nothing of it came in, and it is not begun again by itself.</summary>
    internal async Task CloseAbandonedJobsAsync(CancellationToken cancellationToken)
    {
        await using var alone = FileLock.TryAcquire(store.Paths.ImportLock);
        if (alone is null) return;
        var waiting = await store.WriteAsync(async db =>
        {
            await db.ImportJobs.Where(job => job.State == ImportState.Running).ExecuteUpdateAsync(set => set
                .SetProperty(job => job.State, ImportState.Failed)
                .SetProperty(job => job.FinishedUtc, time.GetUtcNow().UtcDateTime)
                .SetProperty(job => job.Outcome, "The app stopped while this import was running; nothing of it was stored."), cancellationToken);
            return await db.ImportJobs.Where(job => job.State == ImportState.Queued && job.IsUpload).Select(job => job.Path).ToListAsync(cancellationToken);
        }, cancellationToken);
        uploads.DeleteAllBut(waiting);
        await importer.ClearAsync(cancellationToken);
    }

    Task<ImportJob?> NextAsync(CancellationToken cancellationToken)
        => store.ReadAsync(db => db.ImportJobs.Where(job => job.State == ImportState.Queued).OrderBy(job => job.Id).FirstOrDefaultAsync(cancellationToken), cancellationToken);

    /// <summary>Carries out one queued job and records how it ended.</summary>
    internal async Task CarryOutAsync(ImportJob job, CancellationToken stoppingToken)
    {
        var cancel = imports.Begin(job.Id, stoppingToken);
        try
        {
            await using var alone = await FileLock.AcquireAsync(store.Paths.ImportLock, stoppingToken);
            if (!await StartAsync(job.Id)) return;
            await ImportAsync(job, cancel, stoppingToken);
            if (job.IsUpload) uploads.Delete(job.Path);
        }
        finally
        {
            imports.End(job.Id);
        }
    }

    async Task ImportAsync(ImportJob job, CancellationToken cancel, CancellationToken stoppingToken)
    {
        LogStarted(job.Id, job.Source);
        try
        {
            using var data = job.IsUpload
                ? DataSources.OpenUpload(uploads.PathOf(job.Path), job.Source, options.Value.MostRows)
                : await sources.OpenAsync(job.Path, new Relay<Wording>(step => imports.Report(job.Id, new(0, step))), job.Hash, cancel);
            // Whoever asked for it is in the log already.
            var result = await importer.ImportAsync(Caller.Schedule, data, new Relay<ImportProgress>(progress => imports.Report(job.Id, progress)), cancel);
            await FinishAsync(job.Id, ImportState.Done, result.ToString(), Math.Max(result.Ratings, result.Films), result.Bad,
                new(result.Films, result.Viewers, result.Ratings, result.Tags, result.Changed, result.Bad.First));
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            await FinishAsync(job.Id, ImportState.Cancelled, (stoppingToken.IsCancellationRequested ? "The app was stopped" : "Cancelled by an admin") + "; nothing of it was stored.");
        }
        catch (WrongDownloadException error)
        {
            await FinishAsync(job.Id, ImportState.Failed, error.Message, reissued: error.MayBeReissued ? error.Sha256 : null);
        }
        catch (NothingReadException error)
        {
            await FinishAsync(job.Id, ImportState.Failed, error.Message, bad: error.Bad, report: new(0, 0, 0, 0, 0, error.Bad.First));
        }
        catch (InvalidInputException error)
        {
            await FinishAsync(job.Id, ImportState.Failed, error.Message);
        }
        catch (Exception error)
        {
            LogFailed(error, job.Id);
            await FinishAsync(job.Id, ImportState.Failed, $"It failed: {error.Message}");
        }
    }

    /// <returns>False when the job was cancelled before it began.</returns>
    async Task<bool> StartAsync(int id)
        => await store.WriteAsync(db => db.ImportJobs.Where(job => job.Id == id && job.State == ImportState.Queued).ExecuteUpdateAsync(set => set
            .SetProperty(job => job.State, ImportState.Running)
            .SetProperty(job => job.StartedUtc, time.GetUtcNow().UtcDateTime))) == 1;

    /// <summary>Recorded whatever is being cancelled: how a job ended is never lost.</summary>
    Task FinishAsync(int id, ImportState state, string outcome, long rows = 0, BadRows? bad = null, ImportReport? report = null, string? reissued = null)
    {
        LogEnded(id, state, outcome);
        return store.WriteAsync(async db =>
        {
            var job = await db.ImportJobs.FindAsync([id]);
            (job!.State, job.Outcome, job.FinishedUtc, job.Reissued) = (state, outcome, time.GetUtcNow().UtcDateTime, reissued);
            (job.Rows, job.Rejected) = (rows, bad?.Total ?? 0);
            job.Report = report is null ? null : JsonSerializer.Serialize(report);
        });
    }

    /// <summary>Unlike <see cref="Progress{T}"/>, reports on the caller's thread and so in order.</summary>
    sealed class Relay<T>(Action<T> report) : IProgress<T>
    {
        public void Report(T value) => report(value);
    }

    [LoggerMessage(LogLevel.Information, "Import {Job} of {Source} begins")]
    partial void LogStarted(int job, string source);

    [LoggerMessage(LogLevel.Information, "Import {Job} ended: {State}. {Outcome}")]
    partial void LogEnded(int job, ImportState state, string outcome);

    [LoggerMessage(LogLevel.Error, "Import {Job} failed")]
    partial void LogFailed(Exception error, int job);
}
