namespace MovieRecommender.Domain.Storage;

/// <summary>A lock between processes, held by an open file; the system releases it when the process ends, however it ends.</summary>
sealed class FileLock : IDisposable, IAsyncDisposable
{
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    readonly FileStream _file;

    FileLock(FileStream file) => _file = file;

    public static async Task<FileLock> AcquireAsync(string path, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Pause);
        while (true)
        {
            if (TryAcquire(path) is { } acquired) return acquired;
            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    /// <returns>Null when someone else, here or in another process, holds it.</returns>
    public static FileLock? TryAcquire(string path)
    {
        try
        {
            return new(new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException) when (File.Exists(path))
        {
            return null;
        }
    }

    /// <summary>A part in a lock that any number may hold together, but nobody beside one who has it alone.</summary>
    /// <returns>Null when someone has it alone.</returns>
    public static FileLock? TryShare(string path)
    {
        try
        {
            return new(new(path, FileMode.OpenOrCreate, FileAccess.Read, FileShare.Read));
        }
        catch (IOException) when (File.Exists(path))
        {
            return null;
        }
    }

    public void Dispose() => _file.Dispose();

    public ValueTask DisposeAsync() => _file.DisposeAsync();
}
