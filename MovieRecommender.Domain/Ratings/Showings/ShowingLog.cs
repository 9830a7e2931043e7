using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Domain.Ratings.Showings;

/// <summary>
/// Notes which films were on viewers' own lists. Noting costs a list nothing: the rows gather in memory and are written together,
/// some seconds later. What is lost when the process is killed, or when too much comes at once, is missing from a statistic and from nothing else.
/// </summary>
public sealed class ShowingLog(Store store, TimeProvider time)
{
    /// <summary>How long a showing is kept.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(90);

    const int MostWaiting = 10_000;

    // Once a film has its stars or its mark, no later showing can have led there.
    const string Write = """
        INSERT INTO "Showings" ("ViewerId", "MovieId", "Version", "ShownAt")
        SELECT @p0, @p1, @p2, @p3 WHERE EXISTS (SELECT 1 FROM "Viewers" WHERE "Id" = @p0)
            AND NOT EXISTS (SELECT 1 FROM "Ratings" WHERE "ViewerId" = @p0 AND "MovieId" = @p1 AND "RatedAt" < @p3)
            AND NOT EXISTS (SELECT 1 FROM "Marks" WHERE "ViewerId" = @p0 AND "MovieId" = @p1 AND "MarkedAt" < @p3)
        ON CONFLICT DO NOTHING
        """;

    readonly Channel<List> _waiting = Channel.CreateBounded<List>(new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropWrite });

    sealed record List(int ViewerId, int Version, IReadOnlyList<int> Films, long At);

    /// <summary>Notes a list of the caller's own; for nobody in particular nothing is noted.</summary>
    /// <param name="version">Null while popularity serves.</param>
    public void Note(Caller caller, int? version, IReadOnlyList<int> films)
    {
        if (caller.ViewerId is { } viewer && films.Count > 0) _waiting.Writer.TryWrite(new(viewer, version ?? 0, films, time.GetUtcNow().ToUnixTimeSeconds()));
    }

    /// <summary>Writes what has gathered.</summary>
    internal async Task WriteAsync(CancellationToken cancellationToken)
    {
        var lists = new List<List>();
        while (_waiting.Reader.TryRead(out var list)) lists.Add(list);
        if (lists.Count == 0) return;
        // Pages draw themselves again and again: a film counts once for each viewer and version.
        var films = lists.SelectMany(list => list.Films.Select(film => (list.ViewerId, Film: film, list.Version, list.At))).DistinctBy(row => (row.ViewerId, row.Film, row.Version)).ToList();
        await store.WriteAsync(db =>
        {
            using var write = db.Prepare(Write, 4);
            foreach (var (viewer, film, version, at) in films) write.RunNumbers(viewer, film, version, at);
            return Task.CompletedTask;
        }, cancellationToken);
    }

    /// <summary>Forgets what is older than it is kept.</summary>
    internal Task PruneAsync(CancellationToken cancellationToken)
    {
        var before = (time.GetUtcNow() - Kept).ToUnixTimeSeconds();
        return store.WriteAsync(db => db.Showings.Where(showing => showing.ShownAt < before).ExecuteDeleteAsync(cancellationToken), cancellationToken);
    }
}

/// <summary>Writes showings now and then, and at the end; once a day it clears away old ones.</summary>
sealed partial class ShowingWriter(ShowingLog log, Readiness readiness, TimeProvider time, ILogger<ShowingWriter> logger) : BackgroundService
{
    static readonly TimeSpan Every = TimeSpan.FromSeconds(10);
    static readonly TimeSpan PruneEvery = TimeSpan.FromDays(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var pruned = DateTimeOffset.MinValue;
        using var timer = new PeriodicTimer(Every, time);
        try
        {
            await readiness.WaitAsync(stoppingToken);
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await TryAsync(log.WriteAsync, stoppingToken);
                if (time.GetUtcNow() - pruned < PruneEvery) continue;
                pruned = time.GetUtcNow();
                await TryAsync(log.PruneAsync, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await TryAsync(log.WriteAsync, CancellationToken.None);
        }
    }

    // A statistic is no reason for the app to stop.
    async Task TryAsync(Func<CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        try
        {
            await work(cancellationToken);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            LogFailed(error);
        }
    }

    [LoggerMessage(LogLevel.Warning, "What lists showed could not be noted")]
    partial void LogFailed(Exception error);
}
