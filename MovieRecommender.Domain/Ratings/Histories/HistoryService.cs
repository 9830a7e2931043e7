using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Catalog;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Domain.Ratings.Histories;

/// <summary>Brings a viewer's history from elsewhere: first a plan, then all of it at once, then, if they like, back in one step.</summary>
public sealed class HistoryService(Store store, RatingService ratings, MarkService marks, MovieCatalog catalog, ChangeFeed changes, TimeProvider time)
{
    /// <summary>What importing the file would do. Nothing is stored.</summary>
    /// <exception cref="InvalidInputException">The file is too large, damaged, or nothing this app knows.</exception>
    public async Task<HistoryPlan> PlanAsync(Caller caller, string fileName, byte[] content, CancellationToken cancellationToken = default)
    {
        var mine = (await ratings.MineAsync(caller, cancellationToken)).ToDictionary(rating => rating.MovieId, rating => rating.Stars);
        var marked = await marks.MineAsync(caller, cancellationToken);
        return await Task.Run(() => Plan(HistoryReader.Read(fileName, content, time.GetUtcNow()), mine, marked), cancellationToken);
    }

    /// <summary>Carries a plan out in one step.</summary>
    /// <param name="choices">The film the viewer chose for an unsure entry; entries without a choice are left out.</param>
    /// <param name="overwrite">Whether stars given here give way to different ones from the file.</param>
    /// <returns>What was done, or null when there was nothing to do.</returns>
    /// <exception cref="AccessDeniedException">The caller is no viewer yet.</exception>
    public async Task<HistoryImport?> ApplyAsync(Caller caller, HistoryPlan plan, IReadOnlyDictionary<HistoryEntry, int> choices, bool overwrite, CancellationToken cancellationToken = default)
    {
        var viewer = caller.RequireRater();
        var wanted = plan.New.Concat(overwrite ? plan.Different : []).Select(match => (match.Entry, match.Film.Id))
            .Concat(plan.Unsure.Where(doubt => choices.ContainsKey(doubt.Entry)).Select(doubt => (doubt.Entry, catalog.Get(choices[doubt.Entry]).Id)))
            .GroupBy(pair => pair.Id).Select(same => same.Last()).ToList();
        var now = time.GetUtcNow();
        var (import, counts) = await store.WriteAsync<(HistoryImport?, IReadOnlyDictionary<int, (int, int)>)>(async db =>
        {
            var change = await HistoryChange.BeginAsync(db, viewer, cancellationToken);
            foreach (var (entry, movieId) in wanted)
                change.Set(movieId, entry.HalfStars, entry.Mark, entry.RatedAt ?? now.ToUnixTimeSeconds(), overwrite);
            if (change.Steps.Count == 0) return (null, change.Counts);
            await change.SaveAsync(cancellationToken);
            var row = new HistoryImport { ViewerId = viewer, ImportedUtc = now.UtcDateTime, Source = plan.History.Source, Films = change.Steps.Count, Before = JsonSerializer.Serialize(change.Steps) };
            db.Add(row);
            await db.SaveChangesAsync(cancellationToken);
            return (row, change.Counts);
        }, cancellationToken);
        Tell(viewer, counts);
        return import;
    }

    /// <summary>Takes an import back. What the viewer changed since stays as they changed it.</summary>
    /// <exception cref="NotFoundException">The caller has no such import.</exception>
    public async Task UndoAsync(Caller caller, int importId, CancellationToken cancellationToken = default)
    {
        var viewer = caller.RequireRater();
        var counts = await store.WriteAsync(async db =>
        {
            var import = await db.HistoryImports.FirstOrDefaultAsync(row => row.Id == importId && row.ViewerId == viewer, cancellationToken)
                ?? throw new NotFoundException($"You have no import {importId}.");
            var change = await HistoryChange.BeginAsync(db, viewer, cancellationToken);
            foreach (var step in JsonSerializer.Deserialize<List<HistoryStep>>(import.Before)!) change.TakeBack(step);
            await change.SaveAsync(cancellationToken);
            db.Remove(import);
            return change.Counts;
        }, cancellationToken);
        Tell(viewer, counts);
    }

    /// <summary>The caller's imports, newest first.</summary>
    public async Task<IReadOnlyList<HistoryImport>> MineAsync(Caller caller, CancellationToken cancellationToken = default)
        => caller.ViewerId is not { } viewer ? []
            : await store.ReadAsync(db => db.HistoryImports.Where(row => row.ViewerId == viewer).OrderByDescending(row => row.Id).ToListAsync(cancellationToken), cancellationToken);

    HistoryPlan Plan(History history, Dictionary<int, double> mine, Dictionary<int, MarkKind> marked)
    {
        var matcher = new HistoryMatcher(catalog);
        var (added, different, unsure, unmatched, same) = (new List<HistoryMatch>(), new List<HistoryMatch>(), new List<HistoryDoubt>(), new List<HistoryEntry>(), 0);
        foreach (var entry in history.Entries)
        {
            var found = matcher.Find(entry);
            if (found.Count != 1)
            {
                if (found.Count == 0) found = matcher.Resembling(entry);
                if (found.Count == 0) unmatched.Add(entry);
                else unsure.Add(new(entry, found));
                continue;
            }
            double? stars = mine.TryGetValue(found[0].Id, out var known) ? known : null;
            var isSame = entry.HalfStars is { } halves ? stars * 2 == halves : stars is not null || marked.ContainsKey(found[0].Id);
            if (isSame) same++;
            else (stars is null ? added : different).Add(new(entry, found[0], stars));
        }
        return new(history, LastOfEach(added), LastOfEach(different), same, unsure, unmatched);
    }

    /// <summary>A film that was noted more than once comes in once, as it was noted last.</summary>
    static List<HistoryMatch> LastOfEach(List<HistoryMatch> matches) => [.. matches.GroupBy(match => match.Film.Id).Select(same => same.Last())];

    void Tell(int viewer, IReadOnlyDictionary<int, (int Ratings, int Halves)> counts)
    {
        foreach (var (movieId, (count, halves)) in counts) catalog.Count(movieId, count, halves);
        changes.Publish(ChangeFeed.Viewer(viewer));
    }
}
