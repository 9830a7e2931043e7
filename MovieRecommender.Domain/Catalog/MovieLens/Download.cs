using System.Security.Cryptography;

namespace MovieRecommender.Domain.Catalog.MovieLens;

/// <summary>Fetches a published zip once: into a partial file, checked against the known hash, then renamed. Nothing unchecked is ever opened.</summary>
sealed class Download(HttpClient http, CatalogOptions options, string folder)
{
    const long Largest = 2L << 30;
    const int ReportEvery = 1 << 18;

    /// <summary>The path of the zip; downloaded only when it is not there already.</summary>
    /// <exception cref="InvalidInputException">It cannot be fetched, or it is not the published file.</exception>
    public async Task<string> GetAsync(KnownDataSet known, IProgress<Wording>? progress, CancellationToken cancellationToken)
    {
        var expected = string.IsNullOrWhiteSpace(options.Sha256) ? known.Sha256 : options.Sha256.Trim().ToLowerInvariant();
        var file = Path.Combine(folder, known.Name + ".zip");
        if (File.Exists(file) && await HashAsync(file, cancellationToken) == expected) return file;

        var address = AddressOf(known);
        var partial = file + ".partial";
        try
        {
            Directory.CreateDirectory(folder);
            progress?.Report($"Downloading {known.Name}");
            await FetchAsync(address, partial, known.Name, progress, cancellationToken);
            var hash = await HashAsync(partial, cancellationToken);
            if (hash != expected)
                throw new InvalidInputException($"What {address} sent is not the {known.Name} this version knows: its SHA-256 is {hash} instead of {expected}. If you trust it, set Catalog:Sha256 to its hash.");
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

    static async Task<string> HashAsync(string file, CancellationToken cancellationToken)
    {
        await using var content = File.OpenRead(file);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken));
    }
}
