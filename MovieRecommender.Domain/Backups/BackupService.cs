using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Domain.Backups;

/// <summary>What a backup holds.</summary>
public sealed record BackupSummary(DateTime CreatedUtc, int Files, long Size);

/// <summary>The whole store in one file: database and models. Made while the app runs; restored while nothing does.</summary>
public sealed class BackupService(IServiceProvider services, Store store, StorePaths paths, IDbContextFactory<AppDbContext> contexts, AdminActions actions, TimeProvider time)
{
    /// <summary>Writes a new file, reads it back, and only then gives it its name.</summary>
    /// <exception cref="InvalidInputException">The file exists, or cannot be written.</exception>
    public async Task<BackupSummary> BackupAsync(Caller caller, string file, CancellationToken cancellationToken = default)
    {
        caller.RequireAdmin();
        if (string.IsNullOrWhiteSpace(file)) throw new InvalidInputException("The backup's file has no name; give one.");
        var target = Path.GetFullPath(file);
        if (!Directory.Exists(Path.GetDirectoryName(target))) throw new InvalidInputException($"'{file}' cannot be written: there is no folder '{Path.GetDirectoryName(target)}'.");
        if (Path.Exists(target)) throw new InvalidInputException($"'{file}' exists already. Choose another name; a backup never overwrites anything.");
        var database = target + ".db.partial";
        var partial = target + ".partial";
        try
        {
            Delete(database, partial);
            // A copy of the database first: it says which models belong to it.
            await Task.Run(() => store.ReadAsync(async db =>
            {
                await db.CopyToAsync(database, cancellationToken);
                return true;
            }, cancellationToken), cancellationToken);
            var now = time.GetUtcNow().UtcDateTime;
            List<(string, string)> files = [(Path.GetFileName(paths.Database), database), .. ModelFiles()];
            await Task.Run(() => BackupArchive.Write(partial, now, files), cancellationToken);
            var contents = await Task.Run(() => BackupArchive.Read(partial, file), cancellationToken);
            File.Move(partial, target);
            await store.WriteAsync(db =>
            {
                actions.Record(db, caller, "made a backup", Path.GetFileName(target));
                return db.SetStateAsync(StoreState.LastBackup, new DateTimeOffset(now).ToUnixTimeSeconds(), CancellationToken.None);
            }, CancellationToken.None);
            return new(contents.CreatedUtc, contents.Files.Count, new FileInfo(target).Length);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or DbException)
        {
            throw new InvalidInputException($"'{file}' cannot be written: {error.Message}", error);
        }
        finally
        {
            Delete(database, partial);
        }
    }

    /// <summary>Puts a backup in the store's place. Until it has been read and checked to its end, nothing changes.</summary>
    /// <exception cref="InvalidInputException">It is no sound backup, of a newer version, or the store is in use.</exception>
    public async Task<BackupSummary> RestoreAsync(Caller caller, string file, CancellationToken cancellationToken = default)
    {
        caller.RequireAdmin();
        if (!File.Exists(file)) throw new InvalidInputException($"There is no file '{file}'.");
        paths.Prepare();
        var prepared = Path.Combine(paths.Directory, $"restoring-{Guid.NewGuid():N}");
        try
        {
            Directory.CreateDirectory(Path.Combine(prepared, Path.GetFileName(paths.Models)));
            var contents = await Task.Run(() => BackupArchive.Read(file, file, prepared), cancellationToken);
            var database = Path.Combine(prepared, Path.GetFileName(paths.Database));
            await using (var db = await contexts.CreateDbContextAsync(cancellationToken)) StoreSetup.Check(database, db);
            // The log comes with the backup, so the line is written there, before anything changes place.
            await StoreSetup.ChangeAsync(services, database, db => actions.Record(db, caller, "restored the backup", Path.GetFileName(file)), cancellationToken);
            await StoreReplacement.ReplaceAsync(paths, prepared);
            return new(contents.CreatedUtc, contents.Files.Count, new FileInfo(file).Length);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"The backup '{file}' cannot be restored: {error.Message}", error);
        }
        finally
        {
            if (Directory.Exists(prepared)) Directory.Delete(prepared, recursive: true);
        }
    }

    IEnumerable<(string, string)> ModelFiles()
        => Directory.EnumerateFiles(paths.Models).Where(path => Path.GetExtension(path) is ".model" or ".twin")
            .Order(StringComparer.Ordinal).Select(path => ($"{Path.GetFileName(paths.Models)}/{Path.GetFileName(path)}", path));

    static void Delete(params ReadOnlySpan<string> files)
    {
        foreach (var file in files) File.Delete(file);
    }
}
