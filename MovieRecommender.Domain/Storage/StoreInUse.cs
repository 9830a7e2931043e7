namespace MovieRecommender.Domain.Storage;

/// <summary>Tells other processes that this one uses the store, for as long as it runs, so that nobody replaces it meanwhile.</summary>
public sealed class StoreInUse(StorePaths paths) : IDisposable
{
    FileLock? _lock;

    /// <exception cref="InvalidInputException">The store is being replaced.</exception>
    public void Begin()
        => _lock ??= FileLock.TryShare(paths.UseLock) ?? throw new InvalidInputException($"A backup is being restored into '{paths.Directory}'. Try again when it is done.");

    public void Dispose() => _lock?.Dispose();
}
