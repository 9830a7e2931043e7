using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Domain.Models;

/// <summary>
/// The versions on disk, and which of them serves. The store says which one should; each process loads it and swaps its own pointer last.
/// Whatever fails before that step, the version that served goes on serving.
/// </summary>
public sealed partial class ModelShelf(Store store, LiveModel live, AdminActions actions, ChangeFeed changes, TimeProvider time, ILogger<ModelShelf> logger) : IDisposable
{
    /// <summary>Versions kept with their files, besides the live and the previous one.</summary>
    const int Kept = 10;

    readonly ShelfFiles _files = new(store.Paths);

    /// <summary>Keeps the order of the store's pointer and of this process's: who commits last also swaps last.</summary>
    readonly SemaphoreSlim _swap = new(1, 1);

    /// <summary>The number the next version gets; a number is never given twice, even if its version is deleted.</summary>
    public Task<int> NextVersionAsync(CancellationToken cancellationToken = default)
        => store.ReadAsync(async db => 1 + Math.Max(
            await db.ModelVersions.MaxAsync(version => (int?)version.Id, cancellationToken) ?? 0,
            (int)await db.ReadStateAsync(StoreState.NewestVersion, cancellationToken)), cancellationToken);

    /// <summary>
    /// Publishes a model: files written, flushed and read back, row and pointer committed together, this process's pointer swapped.
    /// While a version is pinned, or one is tried with a share of viewers, the new one waits.
    /// </summary>
    /// <param name="model">Carries the number from <see cref="NextVersionAsync"/>.</param>
    /// <param name="twin">The same recipe trained without the held-out ratings, kept so that a later run can compare fairly.</param>
    /// <param name="describe">Makes the row, given checksum and size of the file.</param>
    /// <returns>Whether it serves now.</returns>
    /// <exception cref="InvalidInputException">Its number is used up: the films have got others since it was given (<see cref="RenumberAsync"/>).</exception>
    public async Task<bool> PublishAsync(ServingModel model, ServingModel twin, Func<string, long, ModelVersion> describe, CancellationToken cancellationToken = default)
    {
        var (loaded, checksum, size) = _files.Write(model, twin);
        var isInTime = true;
        var serves = await SwapAsync(loaded, async db =>
        {
            isInTime = model.Version > await db.ReadStateAsync(StoreState.NewestVersion, cancellationToken);
            if (!isInTime) return false;
            db.Add(describe(checksum, size));
            await db.SetStateAsync(StoreState.NewestVersion, model.Version, cancellationToken);
            return live.Current is null
                || (await db.ReadStateAsync(StoreState.Pinned, cancellationToken) == 0 && (live.Split is null || await db.ReadStateAsync(StoreState.SplitVersion, cancellationToken) == 0));
        }, cancellationToken);
        if (!isInTime)
        {
            _files.Delete(model.Version);
            throw new InvalidInputException("The data it learned from has been replaced meanwhile; nothing of it is kept.");
        }
        await PruneAsync(CancellationToken.None);
        return serves;
    }

    /// <summary>Lets a version serve, newer or older than the one that does. No request is dropped: those under way end with the model they began with.</summary>
    /// <exception cref="NotFoundException">There is no such version.</exception>
    /// <exception cref="ConflictException">Its file cannot be read; what serves goes on serving.</exception>
    public async Task PromoteAsync(Caller caller, int version, CancellationToken cancellationToken = default)
    {
        caller.RequireAdmin();
        ServingModel loaded;
        try
        {
            loaded = await ReadAsync(version, cancellationToken);
        }
        catch (InvalidInputException error) when (error is not NotFoundException)
        {
            throw new ConflictException($"Version {version} cannot serve: {error.Message} {(live.Current is { } now ? $"Version {now.Version}" : "Popularity")} goes on serving.");
        }
        await SwapAsync(loaded, async db =>
        {
            // It may have been deleted since it was read.
            if (!await db.ModelVersions.AnyAsync(known => known.Id == version, cancellationToken)) throw NoSuchVersion(version);
            actions.Record(db, caller, version < live.Current?.Version ? "rolled back to" : "promoted", $"version {version}");
            return true;
        }, cancellationToken);
    }

    /// <summary>Takes a version off the shelf for good.</summary>
    /// <exception cref="NotFoundException">There is no such version.</exception>
    /// <exception cref="ConflictException">It serves.</exception>
    public async Task DeleteAsync(Caller caller, int version, CancellationToken cancellationToken = default)
    {
        caller.RequireAdmin();
        await _swap.WaitAsync(cancellationToken);
        try
        {
            await store.WriteAsync(async db =>
            {
                var pointer = await db.ReadStateAsync(StoreState.LiveVersion, cancellationToken);
                if (version == pointer || version == live.Current?.Version)
                    throw new ConflictException($"Version {version} is serving and cannot be deleted. Promote another version first.");
                if (await db.ModelVersions.Where(known => known.Id == version).ExecuteDeleteAsync(cancellationToken) == 0) throw NoSuchVersion(version);
                if (version == await db.ReadStateAsync(StoreState.SplitVersion, cancellationToken)) await EndSplitAsync(db, cancellationToken);
                actions.Record(db, caller, "deleted", $"version {version}");
            }, cancellationToken);
            if (live.Split?.Candidate.Version == version) live.Divide(null);
        }
        finally
        {
            _swap.Release();
        }
        // Row first: a file without a row is litter, a row without its file would be a version that cannot serve.
        _files.Delete(version);
        changes.Publish(ChangeFeed.LiveModel);
    }

    /// <summary>Holds on to the version that serves, so that training publishes candidates only; or lets go again.</summary>
    /// <exception cref="ConflictException">No version serves yet.</exception>
    public async Task PinAsync(Caller caller, bool pinned, CancellationToken cancellationToken = default)
    {
        caller.RequireAdmin();
        if (pinned && live.Current is null) throw new ConflictException("No version serves yet, so none can be pinned.");
        await store.WriteAsync(db =>
        {
            actions.Record(db, caller, pinned ? "pinned" : "unpinned", live.Current is { } now ? $"version {now.Version}" : null);
            return db.SetStateAsync(StoreState.Pinned, pinned ? 1 : 0, cancellationToken);
        }, cancellationToken);
        changes.Publish(ChangeFeed.LiveModel);
    }

    /// <summary>The twin of a version, or null when its file is gone or damaged.</summary>
    public ServingModel? ReadTwin(int version)
    {
        try
        {
            return _files.ReadTwin(version);
        }
        catch (InvalidInputException error)
        {
            LogIncomparable(version, error.Message);
            return null;
        }
    }

    /// <summary>A version's model, to look into without letting it serve.</summary>
    /// <exception cref="NotFoundException">There is no such version.</exception>
    /// <exception cref="InvalidInputException">Its file cannot be read.</exception>
    public async Task<ServingModel> OpenAsync(int version, CancellationToken cancellationToken = default)
    {
        if (live.Current is { } now && now.Version == version) return now;
        return await ReadAsync(version, cancellationToken);
    }

    public Task<ShelfView> ListAsync(Caller caller, CancellationToken cancellationToken = default)
    {
        caller.RequireAdmin();
        return store.ReadSnapshotAsync(db => ViewAsync(db, cancellationToken), cancellationToken);
    }

    async Task<ShelfView> ViewAsync(AppDbContext db, CancellationToken cancellationToken)
    {
        var versions = await db.ModelVersions.OrderByDescending(version => version.Id).ToListAsync(cancellationToken);
        var previous = (int)await db.ReadStateAsync(StoreState.PreviousVersion, cancellationToken);
        var pinned = await db.ReadStateAsync(StoreState.Pinned, cancellationToken) != 0;
        return new(versions, live.Current?.Version, versions.Exists(version => version.Id == previous) ? previous : null, pinned, await SplitOfAsync(db, cancellationToken));
    }

    public void Dispose() => _swap.Dispose();

    /// <summary>Commits the change and, if it says so, the store's pointer with it; then swaps this process's pointer.</summary>
    async Task<bool> SwapAsync(ServingModel model, Func<AppDbContext, Task<bool>> change, CancellationToken cancellationToken)
    {
        await _swap.WaitAsync(cancellationToken);
        try
        {
            var serves = await store.WriteAsync(async db =>
            {
                if (!await change(db)) return false;
                // What the store points to may be newer than what this process has seen.
                var before = await db.ReadStateAsync(StoreState.LiveVersion, cancellationToken) is > 0 and var pointer ? pointer : live.Current?.Version ?? 0;
                if (before != model.Version)
                {
                    await db.SetStateAsync(StoreState.PreviousVersion, before, cancellationToken);
                    await EndSplitAsync(db, cancellationToken);
                }
                await db.SetStateAsync(StoreState.LiveVersion, model.Version, cancellationToken);
                return true;
            }, cancellationToken);
            if (serves) live.Swap(model);
            changes.Publish(ChangeFeed.LiveModel);
            return serves;
        }
        finally
        {
            _swap.Release();
        }
    }

    async Task<ServingModel> ReadAsync(int version, CancellationToken cancellationToken)
    {
        var row = await store.ReadAsync(db => db.ModelVersions.FirstOrDefaultAsync(known => known.Id == version, cancellationToken), cancellationToken);
        return _files.Read(version, row?.Checksum ?? throw NoSuchVersion(version));
    }

    async Task PruneAsync(CancellationToken cancellationToken)
    {
        var old = await store.WriteAsync(async db =>
        {
            var states = db.StoreStates;
            string[] pointers = [StoreState.LiveVersion, StoreState.PreviousVersion, StoreState.SplitVersion];
            long[] used = [.. await states.Where(state => pointers.Contains(state.Name)).Select(state => state.Value).ToListAsync(cancellationToken), live.Current?.Version ?? 0];
            var ids = await db.ModelVersions.OrderByDescending(version => version.Id).Skip(Kept).Select(version => version.Id).ToListAsync(cancellationToken);
            ids.RemoveAll(id => used.Contains(id));
            await db.ModelVersions.Where(version => ids.Contains(version.Id)).ExecuteDeleteAsync(cancellationToken);
            return ids;
        }, cancellationToken);
        old.ForEach(_files.Delete);
    }

    static NotFoundException NoSuchVersion(int version) => new($"There is no model version {version}.");

    [LoggerMessage(LogLevel.Error, "Model version {Version} cannot serve: {Reason}")]
    partial void LogUnreadable(int version, string reason);

    [LoggerMessage(LogLevel.Warning, "New versions are not compared with version {Version}: {Reason}")]
    partial void LogIncomparable(int version, string reason);
}
