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
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await CommitAsync(db, write, cancellationToken);
    }

    /// <summary>
    /// Gathers rows beside the store, however long that takes, and brings them in with one write: nobody waits for the gathering.
    /// An exception or a cancellation in either leaves the store as it was.
    /// </summary>
    /// <param name="gather">Writes to the schema <c>staged</c> only.</param>
    /// <param name="merge">Brings over what lies there, as in <see cref="WriteAsync{T}"/>.</param>
    public async Task<T> WriteStagedAsync<TGathered, T>(
        Func<AppDbContext, Task<TGathered>> gather, Func<AppDbContext, TGathered, Task<T>> merge, CancellationToken cancellationToken = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var staging = await db.OpenStagingAsync(cancellationToken);
        TGathered gathered;
        await using (await db.BeginSnapshotAsync(cancellationToken))
        {
            gathered = await gather(db);
            await db.Database.CommitTransactionAsync(cancellationToken);
        }
        return await CommitAsync(db, _ => merge(db, gathered), cancellationToken);
    }

    async Task<T> CommitAsync<T>(AppDbContext db, Func<AppDbContext, Task<T>> write, CancellationToken cancellationToken)
    {
        await _writer.WaitAsync(cancellationToken);
        try
        {
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
