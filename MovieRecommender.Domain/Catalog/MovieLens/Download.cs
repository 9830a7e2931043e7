using System.Security.Cryptography;
using System.Text;

namespace MovieRecommender.Domain.Catalog.MovieLens;

/// <summary>Fetches a published zip once: into a partial file, checked against the hash it must have, then renamed. Nothing unchecked is ever opened.</summary>
sealed class Download(HttpClient http, CatalogOptions options, string folder)
{
    const long Largest = 2L << 30;
    const int ReportEvery = 1 << 18;
    const int LongestMd5File = 1 << 10;

    /// <summary>The path of the zip; downloaded only when it is not there already.</summary>
    /// <param name="hash">The hash it must have, where an admin gives one.</param>
    /// <exception cref="WrongDownloadException">It is not the file that was expected.</exception>
    /// <exception cref="InvalidInputException">It cannot be fetched.</exception>
    public async Task<string> GetAsync(KnownDataSet known, string? hash, IProgress<Wording>? progress, CancellationToken cancellationToken)
    {
        var address = AddressOf(known);
        var file = Path.Combine(folder, known.Name + ".zip");
        var partial = file + ".partial";
        try
        {
            var expected = await ExpectedAsync(known, hash, address, cancellationToken);
            if (File.Exists(file) && await expected.FitsAsync(file, cancellationToken)) return file;
            Directory.CreateDirectory(folder);
            progress?.Report($"Downloading {known.Name}");
            await FetchAsync(address, partial, known.Name, progress, cancellationToken);
            if (!await expected.FitsAsync(partial, cancellationToken)) throw await WrongAsync(known, address, partial, expected, cancellationToken);
            File.Move(partial, file, overwrite: true);
            return file;
        }
        catch (Exception error) when (error is HttpRequestException or IOException or UnauthorizedAccessException || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new InvalidInputException(
                $"{known.Name} could not be downloaded from {address}: {error.Message.TrimEnd('.')}. Download it elsewhere and give the path, or set Catalog:DownloadFrom to a mirror.", error);
        }
        finally
        {
            if (File.Exists(partial)) File.Delete(partial);
        }
    }

    Uri AddressOf(KnownDataSet known)
        => Uri.TryCreate(options.DownloadFrom.TrimEnd('/') + $"/{known.Name}.zip", UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? address
            : throw new InvalidInputException($"Catalog:DownloadFrom is '{options.DownloadFrom}'; allowed is an http or https address.");

    async Task FetchAsync(Uri address, string target, string name, IProgress<Wording>? progress, CancellationToken cancellationToken)
    {
        using var response = await http.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        response.EnsureSuccessStatusCode();
        var length = response.Content.Headers.ContentLength;
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        await using var file = File.Create(target);
        var buffer = new byte[1 << 16];
        long total = 0, reported = 0;
        int read;
        while ((read = await body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            total += read;
            if (total > Largest) throw new InvalidInputException($"The download of {name} is larger than {Largest:N0} bytes and was stopped.");
            await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            if (total - reported < ReportEvery && total != length) continue;
            reported = total;
            progress?.Report(length is > 0 ? (Wording)$"Downloading {name}: {100 * total / length}%" : $"Downloading {name}: {total:N0} bytes");
        }
    }

    /// <summary>Given for this very download, or in the configuration, or known to this version; else what is published beside the zip, by the same host.</summary>
    async Task<ZipHash> ExpectedAsync(KnownDataSet known, string? given, Uri address, CancellationToken cancellationToken)
    {
        if (!string.IsNullOrWhiteSpace(given)) return ZipHash.Of(given, "was asked for");
        if (options.HashOf(known.Name) is { } configured) return ZipHash.Of(configured, "Catalog:Sha256 asks for", "Catalog:Sha256");
        if (known.Sha256 is { } sha256) return ZipHash.Of(sha256, "this version knows");
        var beside = new Uri(address + ".md5");
        using var response = await http.GetAsync(beside, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (!response.IsSuccessStatusCode) throw new InvalidInputException($"{beside} cannot be had ({(int)response.StatusCode}), so there is nothing to check {known.Name} by. Give the hash that it must have.");
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var text = new byte[LongestMd5File];
        var read = await body.ReadAtLeastAsync(text, text.Length, throwOnEndOfStream: false, cancellationToken);
        return ZipHash.Published(Encoding.ASCII.GetString(text, 0, read)) ?? throw new InvalidInputException($"{beside} holds no MD5. Give the hash that {known.Name} must have.");
    }

    static async Task<WrongDownloadException> WrongAsync(KnownDataSet known, Uri address, string file, ZipHash expected, CancellationToken cancellationToken)
    {
        var found = await ZipHash.OfFileAsync(file, expected.Algorithm, cancellationToken);
        var sha256 = await ZipHash.OfFileAsync(file, HashAlgorithmName.SHA256, cancellationToken);
        return new($"What {address} sent is not the {known.Name} that {expected.Source}: its {expected.Kind} is {found} instead of {expected.Hex}. {(known.IsReissued
            ? $"Sets named latest are issued anew now and then: if you trust it, import it again with its SHA-256, {sha256}, or set Catalog:Sha256 to that."
            : "It may be damaged or somebody else's, and is not used. Try another mirror, or give the hash if you know it better.")}", sha256, known.IsReissued);
    }
}
