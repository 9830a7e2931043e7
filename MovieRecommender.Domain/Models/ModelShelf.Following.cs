using Microsoft.EntityFrameworkCore;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Domain.Models;

/// <content>This process's pointers follow those of the store.</content>
public sealed partial class ModelShelf
{
    /// <summary>Versions whose files were found unreadable; said once, not at every look.</summary>
    readonly HashSet<int> _unreadable = [];

    /// <summary>
    /// Puts the version the store points to into service. When nothing serves and that one cannot be read, the newest that can does.
    /// Asked now and then, this also follows what other processes promote.
    /// </summary>
    /// <returns>The version that serves, or null when there is none.</returns>
    public async Task<int?> LoadLiveAsync(CancellationToken cancellationToken = default)
    {
        await _swap.WaitAsync(cancellationToken);
        try
        {
            var serving = await FollowLiveAsync(cancellationToken);
            await FollowSplitAsync(cancellationToken);
            return serving;
        }
        finally
        {
            _swap.Release();
        }
    }

    async Task<int?> FollowLiveAsync(CancellationToken cancellationToken)
    {
        var (pointer, checksums) = await store.ReadAsync(async db => (
            (int)await db.ReadStateAsync(StoreState.LiveVersion, cancellationToken),
            await db.ModelVersions.ToDictionaryAsync(version => version.Id, version => version.Checksum, cancellationToken)), cancellationToken);
        // Its films have got other numbers meanwhile.
        if (live.Current is { } now && checksums.TryGetValue(now.Version, out var checksum) && checksum != now.Checksum) live.Clear();
        var serving = live.Current?.Version;
        List<int> versions = [.. checksums.Keys.OrderDescending()];
        // A store from before there was a pointer serves its newest version.
        if (pointer == 0) pointer = versions.FirstOrDefault();
        if (pointer == serving) return serving;
        foreach (var version in serving is null ? versions.OrderByDescending(version => version == pointer) : versions.Where(version => version == pointer))
        {
            if (!await TryLoadAsync(version, cancellationToken)) continue;
            changes.Publish(ChangeFeed.LiveModel);
            return version;
        }
        return serving;
    }

    /// <summary>Does what the store says: this process may just have started, or another one's admin may have decided something.</summary>
    async Task FollowSplitAsync(CancellationToken cancellationToken)
    {
        var wanted = await store.ReadAsync(db => SplitOfAsync(db, cancellationToken), cancellationToken);
        var now = live.Split;
        if ((wanted?.Version, wanted?.Percent) == (now?.Candidate.Version, now?.Percent)) return;
        var candidate = wanted is null || wanted.Version == live.Current?.Version ? null
            : wanted.Version == now?.Candidate.Version ? now.Candidate
            : await TryReadAsync(wanted.Version, cancellationToken);
        var split = candidate is null ? null : new ModelSplit(candidate, wanted!.Percent);
        if (split == now) return;
        live.Divide(split);
        changes.Publish(ChangeFeed.LiveModel);
    }

    async Task<bool> TryLoadAsync(int version, CancellationToken cancellationToken)
    {
        if (await TryReadAsync(version, cancellationToken) is not { } model) return false;
        live.Swap(model);
        return true;
    }

    async Task<ServingModel?> TryReadAsync(int version, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadAsync(version, cancellationToken);
        }
        catch (InvalidInputException error)
        {
            if (_unreadable.Add(version)) LogUnreadable(version, error.Message);
            return null;
        }
    }
}
