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

    /// <summary>Begins to bring many rows into the store; see <see cref="StagedWriter"/>.</summary>
    public async Task<StagedWriter> StageAsync(CancellationToken cancellationToken = default)
    {
        var db = await contexts.CreateDbContextAsync(cancellationToken);
        return new(this, db, await db.OpenStagingAsync(cancellationToken));
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

    /// <summary>Keeps imports away until the result is disposed, for changes to what they brought: one that is under way goes on from what it found.</summary>
    /// <exception cref="ConflictException">One is under way.</exception>
    public IDisposable KeepImportsAway() => FileLock.TryShare(Paths.DataLock) ?? throw new ConflictException("A data set is being imported. Try again when that is done.");

    public void Dispose() => _writer.Dispose();

    /// <summary>
    /// Many rows on their way into the store: they gather beside it, in the schema <c>staged</c>, however long that takes and without anybody waiting,
    /// and come in by one write or by several short ones. Foreign keys are not checked meanwhile, and nothing cascades.
    /// </summary>
    public sealed class StagedWriter : IAsyncDisposable
    {
        readonly Store _store;
        readonly AppDbContext _db;
        readonly IAsyncDisposable _staging;

        internal StagedWriter(Store store, AppDbContext db, IAsyncDisposable staging) => (_store, _db, _staging) = (store, db, staging);

        /// <summary>Reads one state of the store and writes to <c>staged</c> only.</summary>
        public async Task<T> GatherAsync<T>(Func<AppDbContext, Task<T>> gather, CancellationToken cancellationToken = default)
        {
            await using var snapshot = await _db.BeginSnapshotAsync(cancellationToken);
            var gathered = await gather(_db);
            await _db.Database.CommitTransactionAsync(cancellationToken);
            return gathered;
        }

        /// <summary>As <see cref="Store.WriteAsync{T}"/>, with what was gathered at hand.</summary>
        public Task<T> WriteAsync<T>(Func<AppDbContext, Task<T>> write, CancellationToken cancellationToken = default) => _store.CommitAsync(_db, write, cancellationToken);

        public async ValueTask DisposeAsync()
        {
            await _staging.DisposeAsync();
            await _db.DisposeAsync();
        }
    }
}
