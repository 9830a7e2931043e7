using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.EntityFrameworkCore;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Catalog;
using MovieRecommender.Domain.Imports;
using MovieRecommender.Domain.Models;
using MovieRecommender.Domain.Ratings;
using MovieRecommender.Domain.Storage;
using MovieRecommender.Domain.Training;

namespace MovieRecommender.Web.Features.Admin;

/// <summary>What the machine spends on the app, and whether anything waits for an admin.</summary>
public sealed class DashboardHealth(Store store, OpenPages pages, LiveModel live, MovieCatalog catalog, TimeProvider time)
{
    const int Days = 30;
    const int TopFilms = 5;

    /// <summary>A film that fewer people rated is not named: it would tell what one of them watches.</summary>
    public const int FewestPeople = 3;

    internal static readonly TimeSpan BackupDue = TimeSpan.FromDays(7);

    /// <param name="StoreSize">Database with its log, and models, in bytes.</param>
    /// <param name="Memory">Of this process, in bytes.</param>
    public sealed record State(long StoreSize, long Memory, int OpenPages, DateTime? LastBackupUtc, IReadOnlyList<string> Attention);

    /// <summary>A film that many rated.</summary>
    /// <param name="Days">How many ratings it got on each of the days.</param>
    public sealed record BusyFilm(Domain.Catalog.Film Film, int Ratings, IReadOnlyList<int> Days);

    /// <param name="First">The first of the days.</param>
    /// <param name="Ratings">How many were given on each of the last days, oldest first, by people who use the app.</param>
    /// <param name="ViewersByDay">How many people gave them.</param>
    /// <param name="Viewers">How many people that were in all.</param>
    /// <param name="Films">Those that got most, of films that at least <see cref="FewestPeople"/> people rated.</param>
    public sealed record Activity(DateOnly First, IReadOnlyList<int> Ratings, IReadOnlyList<int> ViewersByDay, int Viewers, IReadOnlyList<BusyFilm> Films);

    public async Task<State> ReadAsync(Caller caller)
    {
        caller.RequireAdmin();
        var (backup, pointer, tried, lastRun, lastImport) = await store.ReadAsync(async db => (
            await db.ReadStateAsync(StoreState.LastBackup),
            (int)await db.ReadStateAsync(StoreState.LiveVersion),
            (int)await db.ReadStateAsync(StoreState.SplitVersion),
            await db.TrainingRuns.OrderByDescending(run => run.Id).FirstOrDefaultAsync(),
            await db.ImportJobs.OrderByDescending(job => job.Id).FirstOrDefaultAsync()));
        DateTime? backedUp = backup == 0 ? null : DateTimeOffset.FromUnixTimeSeconds(backup).UtcDateTime;
        return new(SizeOfStore(), Environment.WorkingSet, pages.Count, backedUp, [.. Attention(backedUp, pointer, tried, lastRun, lastImport)]);
    }

    /// <summary>The last thirty days. Ratings that came with a data set are older than the app and are left out.</summary>
    public Task<Activity> ActivityAsync(Caller caller)
    {
        caller.RequireAdmin();
        const int Day = 24 * 60 * 60;
        var today = time.GetUtcNow().ToUnixTimeSeconds() / Day;
        return store.ReadAsync(async db =>
        {
            var from = (today - Days + 1) * Day;
            // By viewer first: those made here are few beside those of a data set, and ratings are kept in the order of viewers.
            var recent = db.Ratings.Where(rating => rating.ViewerId >= Viewer.FirstLocalId && rating.RatedAt >= from);
            var days = await recent.GroupBy(rating => rating.RatedAt / Day)
                .Select(day => new { day.Key, Count = day.Count(), Viewers = day.Select(rating => rating.ViewerId).Distinct().Count() }).ToDictionaryAsync(day => day.Key);
            var viewers = await recent.Select(rating => rating.ViewerId).Distinct().CountAsync();
            // One rating for each film and viewer: as many people as ratings.
            var top = await recent.GroupBy(rating => rating.MovieId).Select(film => new { film.Key, Count = film.Count() })
                .Where(film => film.Count >= FewestPeople).OrderByDescending(film => film.Count).ThenBy(film => film.Key).Take(TopFilms).ToListAsync();
            var ids = top.ConvertAll(film => film.Key);
            var byDay = (await recent.Where(rating => ids.Contains(rating.MovieId)).GroupBy(rating => new { rating.MovieId, Day = rating.RatedAt / Day })
                .Select(group => new { group.Key, Count = group.Count() }).ToListAsync()).ToDictionary(group => (group.Key.MovieId, group.Key.Day), group => group.Count);
            return new Activity(DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime).AddDays(1 - Days),
                OfDays(day => days.GetValueOrDefault(day)?.Count ?? 0), OfDays(day => days.GetValueOrDefault(day)?.Viewers ?? 0), viewers,
                [.. top.Select(film => new BusyFilm(catalog.Get(film.Key), film.Count, OfDays(day => byDay.GetValueOrDefault((film.Key, day)))))]);

            int[] OfDays(Func<long, int> count) => [.. Enumerable.Range(0, Days).Select(day => count(today - Days + 1 + day))];
        });
    }

    IEnumerable<string> Attention(DateTime? backedUp, int pointer, int tried, TrainingRun? lastRun, ImportJob? lastImport)
    {
        if (live.Current is { } model && pointer != 0 && pointer != model.Version)
            yield return $"Version {pointer} should serve but cannot be read; version {model.Version} serves instead. Promote one on the models page.";
        if (tried != 0 && live.Split is null)
            yield return $"Version {tried} should be tried with a share of viewers but cannot be read; {(live.Current is { } all ? $"version {all.Version}" : "popularity")} serves everybody. End the trial on the models page.";
        if (lastRun is { State: RunState.Failed })
            yield return $"Run {lastRun.Id} failed. {lastRun.Outcome} {(live.Current is { } serving ? $"Version {serving.Version} goes on serving." : "Popularity serves meanwhile.")}";
        if (lastImport is { State: ImportState.Failed })
            yield return $"The import of {lastImport.Source} failed. {lastImport.Outcome}";
        if (backedUp is null) yield return "There is no backup yet. Make one with: backup FILE";
        else if (time.GetUtcNow().UtcDateTime - backedUp > BackupDue) yield return $"The last backup is {(time.GetUtcNow().UtcDateTime - backedUp.Value).Days} days old.";
    }

    long SizeOfStore()
        => new[] { store.Paths.Database, store.Paths.Database + "-wal" }.Concat(Directory.EnumerateFiles(store.Paths.Models))
            .Select(path => new FileInfo(path)).Where(file => file.Exists).Sum(file => file.Length);
}

/// <summary>Counts the pages that are connected to this process.</summary>
public sealed class OpenPages : CircuitHandler
{
    int _count;

    public int Count => Volatile.Read(ref _count);

    public override Task OnConnectionUpAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _count);
        return Task.CompletedTask;
    }

    public override Task OnConnectionDownAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        Interlocked.Decrement(ref _count);
        return Task.CompletedTask;
    }
}
