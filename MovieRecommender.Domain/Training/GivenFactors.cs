using System.Security.Cryptography;
using MovieRecommender.Domain.Catalog;
using MovieRecommender.Domain.Factorization;
using MovieRecommender.Domain.Models.Exchange;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Domain.Training;

/// <summary>Vectors that admins sent, kept until the run that judges them is over, under the SHA-256 of their content: what a sender calls a file never becomes a path.</summary>
public sealed class GivenFactors(StorePaths paths, MovieCatalog catalog)
{
    /// <summary>Of a file, in bytes: a million films of 64 numbers.</summary>
    public const int LargestFile = 1 << 28;

    string Folder => Path.Combine(paths.Uploads, "factors");

    /// <summary>Reads what is sent and checks it against the catalogue; nothing is kept yet.</summary>
    /// <exception cref="InvalidInputException">It is too large, ends early, is no such file, or names films that do not exist.</exception>
    public async Task<(string Name, byte[] Content)> CheckAsync(Stream content, CancellationToken cancellationToken)
    {
        using var memory = new MemoryStream();
        await Upload.CopyAsync(content, memory, LargestFile, $"The file is larger than {LargestFile:N0} bytes.", cancellationToken);
        var bytes = memory.ToArray();
        var unknown = (await FactorFile.ReadAsync(bytes, cancellationToken)).MovieIds.Where(id => catalog.Find(id) is null).ToList();
        if (unknown.Count > 0) throw new InvalidInputException($"{unknown.Count:N0} of the films do not exist here, such as {string.Join(", ", unknown.Take(5))}. Leave them out, or import them first.");
        return (Convert.ToHexStringLower(SHA256.HashData(bytes)), bytes);
    }

    public void Keep(string name, byte[] content)
    {
        Directory.CreateDirectory(Folder);
        File.WriteAllBytes(Path.Combine(Folder, name), content);
    }

    /// <exception cref="InvalidInputException">They are gone: the store was moved without them.</exception>
    public async Task<ItemFactors> ReadAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return await FactorFile.ReadAsync(await File.ReadAllBytesAsync(Path.Combine(Folder, name), cancellationToken), cancellationToken);
        }
        catch (IOException error)
        {
            throw new InvalidInputException("The vectors that were sent are no longer there. Send them again.", error);
        }
    }

    /// <summary>Deletes what no open run is waiting for.</summary>
    public void DeleteAllBut(IReadOnlyCollection<string> wanted)
    {
        if (!Directory.Exists(Folder)) return;
        foreach (var file in Directory.EnumerateFiles(Folder))
            if (!wanted.Contains(Path.GetFileName(file))) File.Delete(file);
    }
}
