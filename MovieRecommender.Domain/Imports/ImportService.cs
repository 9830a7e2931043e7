using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Catalog;
using MovieRecommender.Domain.Catalog.MovieLens;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Domain.Imports;

/// <param name="AcceptTerms">Whether the terms of the data set, <see cref="KnownDataSet.Terms"/>, are accepted.</param>
/// <param name="Hash">MD5 or SHA-256 that the zip must have, in hex; null for the one that is known or published.</param>
public sealed record DownloadChoice(bool AcceptTerms = false, string? Hash = null);

/// <summary>Asks for imports, watches them and stops them. The <see cref="ImportWorker"/> carries them out, one at a time and in order.</summary>
public sealed class ImportService(Store store, UploadFiles uploads, AdminActions actions, ChangeFeed changes, TimeProvider time)
{
    public const int MostPerPage = 200;
    const int LongestName = 200;
    readonly ConcurrentDictionary<int, Running> _running = new();

    /// <summary>Queues the import of a source: <c>demo</c>, a published data set by name, or a folder or zip on this machine.</summary>
    /// <param name="key">The sender's name for the request: sent again, it brings the same job, even if that is over.</param>
    /// <param name="download">Needed for what is downloaded only.</param>
    /// <exception cref="InvalidInputException">There is no such source, its terms are not accepted, or the hash is none.</exception>
    /// <exception cref="ConflictException">The key is another request's.</exception>
    public Task<ImportJob> RequestAsync(Caller caller, string source, RequestKey? key = null, DownloadChoice? download = null, CancellationToken cancellationToken = default)
    {
        caller.RequireAdmin();
        DataSources.Check(source);
        download ??= new();
        if (KnownDataSets.Find(source) is { } known && !download.AcceptTerms) throw new InvalidInputException($"The terms are not accepted. {known.Terms} To accept them, send acceptTerms as true.");
        var hash = string.IsNullOrWhiteSpace(download.Hash) ? null : ZipHash.Of(download.Hash, "was asked for").Hex;
        return QueueAsync(caller, new() { Source = Shorten(source), Path = source, Hash = hash, RequestedBy = NameOf(caller), QueuedUtc = Now }, key, cancellationToken);
    }

    /// <summary>Keeps what is sent and queues its import.</summary>
    /// <param name="fileName">As the sender calls it; shown, and used for nothing else.</param>
    /// <param name="key">As for a source; a file of another name or content is another request.</param>
    /// <exception cref="InvalidInputException">It is too large, ends early, or is neither a zip nor a csv of MovieLens's.</exception>
    /// <exception cref="ConflictException">The key is another request's.</exception>
    public async Task<ImportJob> RequestAsync(Caller caller, string? fileName, Stream content, RequestKey? key = null, CancellationToken cancellationToken = default)
    {
        caller.RequireAdmin();
        var (name, size) = await uploads.KeepAsync(content, cancellationToken);
        try
        {
            var shown = Shorten(Path.GetFileName(fileName?.Replace('\\', '/')) is { Length: > 0 } given ? given : "upload");
            DataSources.OpenUpload(uploads.PathOf(name), shown).Dispose();
            var job = await QueueAsync(caller, new()
            {
                Source = shown,
                Path = name,
                IsUpload = true,
                Size = size,
                RequestedBy = NameOf(caller),
                QueuedUtc = Now,
            }, key, cancellationToken, key is null ? "" : await uploads.HashAsync(name, cancellationToken));
            // Sent before: the first one's file is what is imported.
            if (job.Path != name) uploads.Delete(name);
            return job;
        }
        catch
        {
            uploads.Delete(name);
            throw;
        }
    }

    /// <summary>Stops a job that is queued or running; nothing of it is stored. One that is over stays as it is.</summary>
    /// <exception cref="NotFoundException">There is no such job.</exception>
    public async Task<ImportJob> CancelAsync(Caller caller, int id, CancellationToken cancellationToken = default)
    {
        caller.RequireAdmin();
        // A running import may have the one writer, so it is told first.
        var stopped = _running.TryGetValue(id, out var running);
        if (running is not null) await running.StopAsync();
        var job = await store.WriteAsync(async db =>
        {
            var found = await db.ImportJobs.FindAsync([id], cancellationToken) ?? throw NoSuchJob(id);
            if (stopped || found.State == ImportState.Queued) actions.Record(db, caller, "cancelled the import of", found.Source);
            if (found.State == ImportState.Queued)
                (found.State, found.FinishedUtc, found.Outcome) = (ImportState.Cancelled, Now, $"Cancelled by {NameOf(caller)} before it began.");
            return found;
        }, cancellationToken);
        if (job is { State: ImportState.Cancelled, IsUpload: true }) uploads.Delete(job.Path);
        changes.Publish(ChangeFeed.Imports);
        return job;
    }

    /// <exception cref="NotFoundException">There is no such job.</exception>
    public async Task<ImportJob> GetAsync(Caller caller, int id, CancellationToken cancellationToken = default)
    {
        caller.RequireAdmin();
        return await store.ReadAsync(db => db.ImportJobs.FirstOrDefaultAsync(job => job.Id == id, cancellationToken), cancellationToken) ?? throw NoSuchJob(id);
    }

    /// <summary>Newest first. What is added meanwhile moves no job to another page.</summary>
    /// <param name="most">1 to 200.</param>
    /// <param name="before">Jobs older than this one; null for the newest.</param>
    /// <exception cref="InvalidInputException">A number is out of range.</exception>
    public Task<List<ImportJob>> ListAsync(Caller caller, int most = 50, int? before = null, CancellationToken cancellationToken = default)
    {
        caller.RequireAdmin();
        if (most is < 1 or > MostPerPage) throw new InvalidInputException($"pageSize is {most}; allowed is 1 to {MostPerPage}.");
        return store.ReadAsync(db => db.ImportJobs.Where(job => before == null || job.Id < before).OrderByDescending(job => job.Id).Take(most).ToListAsync(cancellationToken), cancellationToken);
    }

    /// <summary>How far a running job is, or null.</summary>
    public ImportProgress? Progress(Caller caller, int id)
    {
        caller.RequireAdmin();
        return _running.TryGetValue(id, out var running) ? running.Progress : null;
    }

    public static ImportReport? ReportOf(ImportJob job) => job.Report is null ? null : JsonSerializer.Deserialize<ImportReport>(job.Report);

    internal CancellationToken Begin(int id, CancellationToken stopping)
    {
        var running = _running[id] = new(CancellationTokenSource.CreateLinkedTokenSource(stopping));
        changes.Publish(ChangeFeed.Imports);
        return running.Token;
    }

    internal void Report(int id, ImportProgress progress)
    {
        if (_running.TryGetValue(id, out var running)) running.Progress = progress;
        changes.Publish(ChangeFeed.Imports);
    }

    internal void End(int id)
    {
        if (_running.TryRemove(id, out var running)) running.Dispose();
        changes.Publish(ChangeFeed.Imports);
    }

    async Task<ImportJob> QueueAsync(Caller caller, ImportJob job, RequestKey? key, CancellationToken cancellationToken, string content = "")
    {
        var asked = $"import {job.Size} {job.Source}{job.Hash}{content}";
        var queued = await store.WriteAsync(async db =>
        {
            if (await db.MadeBeforeAsync(key, asked, cancellationToken) is { } before) return await db.ImportJobs.FirstAsync(known => known.Id == before, cancellationToken);
            db.Add(job);
            await db.SaveChangesAsync(cancellationToken);
            await db.KeepRequestAsync(key, asked, job.Id, Now, cancellationToken);
            actions.Record(db, caller, "asked for an import of", KnownDataSets.Find(job.Path) is null ? job.Source : $"{job.Source}, accepting its terms");
            return job;
        }, cancellationToken);
        changes.Publish(ChangeFeed.Imports);
        return queued;
    }

    DateTime Now => time.GetUtcNow().UtcDateTime;

    static string NameOf(Caller caller) => caller.Name ?? "an admin";

    static string Shorten(string text) => string.Concat(text.Where(c => !char.IsControl(c)).Take(LongestName));

    static NotFoundException NoSuchJob(int id) => new($"There is no import {id}.");

    sealed class Running(CancellationTokenSource source) : IDisposable
    {
        readonly Lock _lock = new();
        bool _over;

        public CancellationToken Token { get; } = source.Token;

        public ImportProgress Progress { get; set; } = new(0, "Opening");

        public Task StopAsync()
        {
            lock (_lock) return _over ? Task.CompletedTask : source.CancelAsync();
        }

        public void Dispose()
        {
            lock (_lock)
            {
                _over = true;
                source.Dispose();
            }
        }
    }
}
