using Microsoft.EntityFrameworkCore;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Domain.Models;

/// <content>Two versions side by side: a share of viewers is served by the candidate.</content>
public sealed partial class ModelShelf
{
    /// <summary>
    /// Lets the candidate make the own lists of a share of viewers, until another version becomes live, the candidate is deleted,
    /// or somebody ends it. New versions wait meanwhile. A candidate that cannot be read serves nobody: everybody gets the live version.
    /// </summary>
    /// <param name="percent">Of a hundred viewers, 1 to 50; 0 ends it.</param>
    /// <exception cref="InvalidInputException">The share is out of range.</exception>
    /// <exception cref="ConflictException">There is no candidate, or it cannot be read.</exception>
    public async Task SplitAsync(Caller caller, int percent, CancellationToken cancellationToken = default)
    {
        caller.RequireAdmin();
        if (percent is < 0 or > ModelSplit.MostPercent) throw new InvalidInputException($"percent is {percent}; allowed is 1 to {ModelSplit.MostPercent}, or 0 to end it.");
        await _swap.WaitAsync(cancellationToken);
        try
        {
            var split = percent == 0 ? null : new ModelSplit(await CandidateAsync(cancellationToken), percent);
            await store.WriteAsync(async db =>
            {
                var before = await SplitOfAsync(db, cancellationToken);
                if (split is null)
                {
                    if (before is null) return;
                    await EndSplitAsync(db, cancellationToken);
                    actions.Record(db, caller, "ended the trial of", $"version {before.Version}");
                    return;
                }
                var version = split.Candidate.Version;
                // Another process may have deleted or promoted it since it was read.
                if ((await ViewAsync(db, cancellationToken)).Candidate != version) throw new ConflictException($"Version {version} is no longer the candidate. Look again.");
                await db.SetStateAsync(StoreState.SplitVersion, version, cancellationToken);
                await db.SetStateAsync(StoreState.SplitPercent, percent, cancellationToken);
                if (before is null) await db.SetStateAsync(StoreState.SplitSince, time.GetUtcNow().ToUnixTimeSeconds(), cancellationToken);
                actions.Record(db, caller, "tries", $"version {version} with {percent} % of viewers");
            }, cancellationToken);
            live.Divide(split);
        }
        finally
        {
            _swap.Release();
        }
        changes.Publish(ChangeFeed.LiveModel);
    }

    async Task<ServingModel> CandidateAsync(CancellationToken cancellationToken)
    {
        if ((await store.ReadSnapshotAsync(db => ViewAsync(db, cancellationToken), cancellationToken)).Candidate is not { } version)
            throw new ConflictException("There is no candidate to try. Pin the version that serves; what is trained then waits as the candidate.");
        if (live.Split?.Candidate is { } tried && tried.Version == version) return tried;
        try
        {
            return await ReadAsync(version, cancellationToken);
        }
        catch (InvalidInputException error)
        {
            throw new ConflictException($"Version {version} cannot be tried: {error.Message} Everybody goes on getting version {live.Current?.Version}.");
        }
    }

    static async Task<SplitView?> SplitOfAsync(AppDbContext db, CancellationToken cancellationToken)
        => (int)await db.ReadStateAsync(StoreState.SplitVersion, cancellationToken) is > 0 and var version
            ? new(version, (int)await db.ReadStateAsync(StoreState.SplitPercent, cancellationToken),
                DateTimeOffset.FromUnixTimeSeconds(await db.ReadStateAsync(StoreState.SplitSince, cancellationToken)).UtcDateTime)
            : null;

    static Task EndSplitAsync(AppDbContext db, CancellationToken cancellationToken)
    {
        string[] names = [StoreState.SplitVersion, StoreState.SplitPercent, StoreState.SplitSince];
        return db.StoreStates.Where(state => names.Contains(state.Name)).ExecuteDeleteAsync(cancellationToken);
    }
}
