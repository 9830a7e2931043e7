using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace MovieRecommender.Domain.Backups;

/// <summary>A backup as a file: a zip of the store's files and, in front, a list of them with sizes and SHA-256.</summary>
static partial class BackupArchive
{
    const int Format = 1;
    const string ListName = "backup.json";
    const int LargestList = 1 << 20;

    public sealed record Contents(int Format, DateTime CreatedUtc, IReadOnlyList<Entry> Files);

    /// <param name="Name">With forward slashes, below the store's folder.</param>
    public sealed record Entry(string Name, long Size, string Sha256);

    /// <param name="files">Name in the archive and path of each file.</param>
    public static void Write(string path, DateTime createdUtc, IReadOnlyList<(string Name, string Path)> files)
    {
        var contents = new Contents(Format, createdUtc, [.. files.Select(file => new Entry(file.Name, new FileInfo(file.Path).Length, HashOf(file.Path)))]);
        var mode = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.None };
        // It holds all that the store's folder keeps from the machine's other users.
        if (!OperatingSystem.IsWindows()) mode.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var target = new FileStream(path, mode);
        using (var zip = new ZipArchive(target, ZipArchiveMode.Create, leaveOpen: true))
        {
            using (var list = zip.CreateEntry(ListName).Open()) JsonSerializer.Serialize(list, contents);
            foreach (var (name, source) in files) zip.CreateEntryFromFile(source, name, CompressionLevel.Fastest);
        }
        target.Flush(flushToDisk: true);
    }

    /// <summary>Reads every file and compares it with the list; with a folder, also unpacks them there.</summary>
    /// <param name="shown">What errors call the backup.</param>
    /// <exception cref="InvalidInputException">It is no backup, or damaged.</exception>
    public static Contents Read(string path, string shown, string? folder = null)
    {
        try
        {
            using var zip = ZipFile.OpenRead(path);
            var contents = ReadList(zip) ?? throw new InvalidInputException($"'{shown}' is no backup of MovieRecommender.");
            if (contents.Format != Format) throw new InvalidInputException($"'{shown}' is a backup of format {contents.Format}; this version reads format {Format}.");
            foreach (var file in contents.Files)
            {
                if (!Known().IsMatch(file.Name) || zip.GetEntry(file.Name) is not { } entry) throw Damaged(shown, file.Name);
                using var source = entry.Open();
                using var target = folder is null ? Stream.Null : Create(folder, file.Name);
                if (!Copy(source, target, file)) throw Damaged(shown, file.Name);
                (target as FileStream)?.Flush(flushToDisk: true);
            }
            return contents;
        }
        catch (Exception error) when (error is InvalidDataException or JsonException)
        {
            throw new InvalidInputException($"'{shown}' is no backup of MovieRecommender, or a damaged one: {error.Message}", error);
        }
    }

    static Contents? ReadList(ZipArchive zip)
    {
        if (zip.GetEntry(ListName) is not { Length: <= LargestList } list) return null;
        using var stream = list.Open();
        return JsonSerializer.Deserialize<Contents>(stream) is { Files: not null } contents ? contents : null;
    }

    static FileStream Create(string folder, string name)
    {
        var path = Path.Combine(folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return new(path, FileMode.CreateNew, FileAccess.Write, FileShare.None);
    }

    /// <returns>Whether size and hash are as listed; never reads far beyond the listed size.</returns>
    static bool Copy(Stream source, Stream target, Entry listed)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 16];
        long size = 0;
        int read;
        while ((read = source.Read(buffer)) > 0)
        {
            if ((size += read) > listed.Size) return false;
            sha.AppendData(buffer, 0, read);
            target.Write(buffer, 0, read);
        }
        return size == listed.Size && Convert.ToHexStringLower(sha.GetHashAndReset()) == listed.Sha256;
    }

    static string HashOf(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    static InvalidInputException Damaged(string shown, string file) => new($"The backup '{shown}' is damaged: its '{file}' is not what it should be.");

    /// <summary>The only names that are ever written: nothing else in a zip becomes a path.</summary>
    [GeneratedRegex(@"^(movierecommender\.db|models/[0-9]{1,9}\.(model|twin))\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Known();
}
