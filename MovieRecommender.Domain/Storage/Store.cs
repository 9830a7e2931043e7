using Microsoft.EntityFrameworkCore;

namespace MovieRecommender.Domain.Storage;

/// <summary>
/// The way to the database: a short-lived context for each operation, any number of readers,
/// and one writer at a time in this process, so that nobody ever meets "database is locked".
/// </summary>
public sealed class Store(IDbContextFactory<AppDbContext> contexts, StorePaths paths) : IDisposable
{
    readonly SemaphoreSlim _writer = new(1, 1);

    public StorePaths Paths { get; } = paths;

    public async Task<T> ReadAsync<T>(Func<AppDbContext, Task<T>> read, CancellationToken cancellationToken = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        db.ChangeTracker.QueryTrackingBehavior = QueryTrackingBehavior.NoTracking;
        return await read(db);
    }

    /// <summary>Reads one state of the store with several queries, whatever is written meanwhile; no writer waits for it.</summary>
    public Task<T> ReadSnapshotAsync<T>(Func<AppDbContext, Task<T>> read, CancellationToken cancellationToken = default)
        => ReadAsync(async db =>
        {
            await using var snapshot = await db.BeginSnapshotAsync(cancellationToken);
            return await read(db);
        }, cancellationToken);

    /// <summary>
    /// Runs <paramref name="write"/> in one transaction and commits it. An exception or a cancellation rolls all of it back.
    /// When this returns, the change is on disk (SQLite: WAL with synchronous FULL).
    /// </summary>
    public async Task<T> WriteAsync<T>(Func<AppDbContext, Task<T>> write, CancellationToken cancellationToken = default)
    {
        await _writer.WaitAsync(cancellationToken);
        try
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
            var result = await write(db);
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return result;
        }
        finally
        {
            _writer.Release();
        }
    }

    public Task WriteAsync(Func<AppDbContext, Task> write, CancellationToken cancellationToken = default)
        => WriteAsync(async db =>
        {
            await write(db);
            return true;
        }, cancellationToken);

    public void Dispose() => _writer.Dispose();
}
