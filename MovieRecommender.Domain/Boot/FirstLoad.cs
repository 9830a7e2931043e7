using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Catalog;
using MovieRecommender.Domain.Imports;
using MovieRecommender.Domain.Models;
using MovieRecommender.Domain.Storage;
using MovieRecommender.Domain.Training;

namespace MovieRecommender.Domain.Boot;

/// <summary>
/// Brings the app from started to serving: loads the catalogue source into an empty store, puts the live model into service,
/// and asks for training when there is none. The pages are up meanwhile and show how far it is.
/// </summary>
public sealed partial class FirstLoad(
    Store store, Readiness readiness, DataSources sources, DataImporter importer, MovieCatalog catalog, ModelShelf shelf,
    TrainingService training, IOptions<CatalogOptions> options, IHostApplicationLifetime lifetime, ILogger<FirstLoad> logger) : BackgroundService
{
    /// <summary>The error that stopped the first load, if one did: the app then stops and its exit code is 1.</summary>
    public string? Failure { get; private set; }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            // A start that fails, on a port in use say, leaves the store as it was.
            await StartedAsync(stoppingToken);
            await LoadAsync(stoppingToken);
        }
        catch (InvalidInputException error)
        {
            Stop(error.Message);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopped before the load was over; nothing was stored, the next start begins again.
        }
        catch (Exception error)
        {
            LogFailed(error);
            Stop($"The first load failed: {error.Message}");
        }
    }

    /// <summary>Does all of it once; the pages, if any, see how far it is.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        await LoadDataAsync(cancellationToken);
        var version = await shelf.LoadLiveAsync(cancellationToken);
        if (version is null) await training.RequestAsync(Caller.Schedule, "the first start", cancellationToken: cancellationToken);
        else LogServing(version.Value);
        readiness.Open();
    }

    /// <summary>The part of it before any model: an empty store gets its data, and the catalogue is read.</summary>
    public async Task LoadDataAsync(CancellationToken cancellationToken)
    {
        if (await IsEmptyAsync(store, cancellationToken))
        {
            var source = options.Value.Source;
            readiness.Report($"Opening {source}", 0);
            using var data = await sources.OpenAsync(source, new Relay<Wording>(step => readiness.Report(step, 0)), cancellationToken: cancellationToken);
            var result = await importer.ImportAsync(Caller.Schedule, data, new Relay<ImportProgress>(step => readiness.Report(step.Step, step.Fraction)), cancellationToken);
            LogLoaded(result.Films, result.Viewers, result.Ratings, source);
            foreach (var bad in result.Bad.First) LogBadRow(bad);
            if (result.Bad.Total > 0) LogBadRows(result.Bad.Total);
        }
        else
        {
            await catalog.ReloadAsync(cancellationToken);
        }
    }

    public static Task<bool> IsEmptyAsync(Store store, CancellationToken cancellationToken = default)
        => store.ReadAsync(async db => !await db.Movies.AnyAsync(cancellationToken), cancellationToken);

    void Stop(string failure)
    {
        Failure = failure;
        lifetime.StopApplication();
    }

    async Task StartedAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken);
    }

    /// <summary>Unlike <see cref="Progress{T}"/>, reports on the caller's thread and so in order.</summary>
    sealed class Relay<T>(Action<T> report) : IProgress<T>
    {
        public void Report(T value) => report(value);
    }

    [LoggerMessage(LogLevel.Information, "Loaded {Films} films, {Viewers} viewers and {Ratings} ratings from {Source}")]
    partial void LogLoaded(int films, int viewers, long ratings, string source);

    [LoggerMessage(LogLevel.Warning, "Skipped {Row}")]
    partial void LogBadRow(BadRow row);

    [LoggerMessage(LogLevel.Warning, "{Total} rows were skipped in all")]
    partial void LogBadRows(long total);

    [LoggerMessage(LogLevel.Error, "The first load failed")]
    partial void LogFailed(Exception error);

    [LoggerMessage(LogLevel.Information, "Model version {Version} is serving")]
    partial void LogServing(int version);
}
