namespace MovieRecommender.Domain.Storage;

/// <summary>The files of the store.</summary>
public sealed class StorePaths
{
    public StorePaths(string directory)
    {
        Directory = Path.GetFullPath(directory);
        Database = Path.Combine(Directory, "movierecommender.db");
        Models = Path.Combine(Directory, "models");
        Downloads = Path.Combine(Directory, "downloads");
        Uploads = Path.Combine(Directory, "uploads");
        Restored = Path.Combine(Directory, "restored");
        UseLock = Path.Combine(Directory, "use.lock");
        TrainingLock = Path.Combine(Directory, "training.lock");
        ImportLock = Path.Combine(Directory, "import.lock");
        DataLock = Path.Combine(Directory, "data.lock");
    }

    public string Directory { get; }

    public string Database { get; }

    public string Models { get; }

    public string Downloads { get; }

    /// <summary>Data sent by admins, under names made up here, until it is imported.</summary>
    public string Uploads { get; }

    /// <summary>A backup, unpacked and verified, that takes the store's place at the next opening.</summary>
    public string Restored { get; }

    /// <summary>Shared by all processes that use the store; a restore needs it alone.</summary>
    public string UseLock { get; }

    /// <summary>Held by the process that trains.</summary>
    public string TrainingLock { get; }

    /// <summary>Held by the process that carries out imports.</summary>
    public string ImportLock { get; }

    /// <summary>Held by an import from its first row on; shared by others who change what imports brought.</summary>
    public string DataLock { get; }

    /// <summary>Creates the folders and proves that they can be written.</summary>
    /// <exception cref="InvalidInputException">The folder cannot be made or written.</exception>
    public void Prepare()
    {
        try
        {
            // Passwords' hashes and the keys of cookies are nothing for the machine's other users. A folder that exists keeps its rights.
            if (OperatingSystem.IsWindows()) System.IO.Directory.CreateDirectory(Directory);
            else System.IO.Directory.CreateDirectory(Directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            var probe = Path.Combine(Directory, $".write-test-{Environment.ProcessId}");
            File.WriteAllBytes(probe, []);
            File.Delete(probe);
            if (File.Exists(Database))
            {
                using var file = File.Open(Database, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"Storage:Directory '{Directory}' cannot be written: {error.Message.TrimEnd('.')}. Choose a folder this user may write.", error);
        }
    }
}
