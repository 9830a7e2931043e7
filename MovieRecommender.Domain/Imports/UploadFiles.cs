using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Domain.Imports;

/// <summary>Files that admins sent, under names made up here: what a sender calls a file never becomes a path.</summary>
public sealed class UploadFiles(StorePaths paths, IOptions<ImportOptions> options)
{
    /// <summary>Writes the content to a new file.</summary>
    /// <exception cref="InvalidInputException">It is empty, larger than allowed, or ends early.</exception>
    public async Task<(string Name, long Size)> KeepAsync(Stream content, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(paths.Uploads);
        var largest = options.Value.LargestUpload;
        var name = Guid.NewGuid().ToString("N");
        try
        {
            long size;
            await using (var file = new FileStream(PathOf(name), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16, FileOptions.Asynchronous))
            {
                size = await Upload.CopyAsync(content, file, largest, $"The file is larger than {largest:N0} bytes. Put it on the server and give its path, or raise Imports:LargestUpload.", cancellationToken);
            }
            return size > 0 ? (name, size) : throw new InvalidInputException("The file is empty.");
        }
        catch
        {
            Delete(name);
            throw;
        }
    }

    public string PathOf(string name) => Path.Combine(paths.Uploads, name);

    /// <returns>SHA-256 of a file's content, in hex.</returns>
    public async Task<string> HashAsync(string name, CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(PathOf(name));
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken));
    }

    public void Delete(string name) => File.Delete(PathOf(name));

    /// <summary>Deletes what no open job is waiting for: left behind by a process that was killed.</summary>
    internal void DeleteAllBut(IReadOnlyCollection<string> wanted)
    {
        if (!Directory.Exists(paths.Uploads)) return;
        foreach (var file in Directory.EnumerateFiles(paths.Uploads))
            if (!wanted.Contains(Path.GetFileName(file))) File.Delete(file);
    }
}
