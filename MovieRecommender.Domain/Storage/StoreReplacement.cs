namespace MovieRecommender.Domain.Storage;

/// <summary>
/// Puts another database and its models in the store's place. The new files lie complete in one folder, and renaming that folder is the step
/// that counts: before it nothing has happened, and after it the rest can be done again and again until it is finished, whenever a process was killed.
/// </summary>
public static class StoreReplacement
{
    /// <param name="prepared">A folder beside the store's files, with the database and the models under their usual names.</param>
    /// <exception cref="InvalidInputException">Someone uses the store.</exception>
    public static async Task ReplaceAsync(StorePaths paths, string prepared)
    {
        await using var alone = FileLock.TryAcquire(paths.UseLock)
            ?? throw new InvalidInputException($"The store '{paths.Directory}' is in use. Stop the app, and whatever else works on it, first.");
        Directory.Move(prepared, paths.Restored);
        Finish(paths);
    }

    /// <summary>Finishes a replacement that was begun; nothing happens when there is none.</summary>
    internal static void Finish(StorePaths paths)
    {
        if (!Directory.Exists(paths.Restored)) return;
        var database = Path.Combine(paths.Restored, Path.GetFileName(paths.Database));
        if (File.Exists(database))
        {
            // The old database's log must not be applied to the new one.
            File.Delete(paths.Database + "-wal");
            File.Delete(paths.Database + "-shm");
            File.Move(database, paths.Database, overwrite: true);
        }
        var models = Path.Combine(paths.Restored, Path.GetFileName(paths.Models));
        if (Directory.Exists(models))
        {
            if (Directory.Exists(paths.Models)) Directory.Delete(paths.Models, recursive: true);
            Directory.Move(models, paths.Models);
        }
        Directory.Delete(paths.Restored, recursive: true);
    }
}
