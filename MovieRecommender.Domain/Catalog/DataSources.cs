using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MovieRecommender.Domain.Catalog.Demo;
using MovieRecommender.Domain.Catalog.MovieLens;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Domain.Catalog;

/// <summary>Turns the name of a source into a <see cref="DataSet"/>: the demo, a download, a folder or a zip.</summary>
public sealed partial class DataSources(HttpClient http, IOptions<CatalogOptions> options, StorePaths paths, ILogger<DataSources> logger)
{
    const long LargestDownload = 2L << 30;

    /// <summary>Checks what can be checked without reading or downloading the data.</summary>
    /// <exception cref="InvalidInputException">There is no such source.</exception>
    public static void Check(string source)
    {
        if (source == DemoDataSet.SourceName || KnownDataSets.All.Any(known => known.Name == source)) return;
        if (Directory.Exists(source) || File.Exists(source))
        {
            using var dataSet = OpenPath(source);
            return;
        }
        throw new InvalidInputException(
            $"There is no data source '{source}'. Allowed are '{DemoDataSet.SourceName}', {string.Join(", ", KnownDataSets.All.Select(known => $"'{known.Name}'"))}, or the path of a MovieLens folder or zip.");
    }

    public async Task<DataSet> OpenAsync(string source, IProgress<string>? progress = null, CancellationToken cancellationToken = default)
    {
        Check(source);
        if (source == DemoDataSet.SourceName) return new DemoDataSet();
        return KnownDataSets.All.FirstOrDefault(known => known.Name == source) is { } known
            ? OpenPath(await DownloadAsync(known, progress, cancellationToken))
            : OpenPath(source);
    }

    static DataSet OpenPath(string path)
    {
        var files = SourceFiles.At(path);
        if (CsvDataSet.Fits(files)) return new CsvDataSet(files);
        if (DatDataSet.Fits(files)) return new DatDataSet(files);
        if (HundredKDataSet.Fits(files)) return new HundredKDataSet(files);
        files.Dispose();
        throw new InvalidInputException($"'{path}' holds no MovieLens data: neither ratings.csv, ratings.dat nor u.data is in it.");
    }

    async Task<string> DownloadAsync(KnownDataSet known, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(paths.Downloads);
        var file = Path.Combine(paths.Downloads, known.Name + ".zip");
        if (File.Exists(file)) return file;

        var address = options.Value.DownloadFrom.TrimEnd('/') + "/" + known.Name + ".zip";
        var partial = file + ".partial";
        try
        {
            using var response = await http.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            response.EnsureSuccessStatusCode();
            await using (var body = await response.Content.ReadAsStreamAsync(cancellationToken))
            await using (var target = File.Create(partial))
                await CopyAsync(body, target, response.Content.Headers.ContentLength, known.Name, progress, cancellationToken);
        }
        catch (HttpRequestException error)
        {
            throw new InvalidInputException(
                $"{known.Name} could not be downloaded from {address}: {error.Message.TrimEnd('.')}. Download it elsewhere and give the path, or set Catalog:DownloadFrom to a mirror.", error);
        }
        await VerifyAsync(known, partial, cancellationToken);
        File.Move(partial, file, overwrite: true);
        return file;
    }

    static async Task CopyAsync(Stream body, Stream target, long? length, string name, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        var buffer = new byte[1 << 16];
        long total = 0, reported = 0;
        int read;
        while ((read = await body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            total += read;
            if (total > LargestDownload) throw new InvalidInputException($"The download of {name} is larger than {LargestDownload:N0} bytes and was stopped.");
            await target.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            if (total - reported < 1 << 18) continue;
            reported = total;
            progress?.Report(length is > 0 ? $"Downloading {name}: {100 * total / length}%" : $"Downloading {name}: {total:N0} bytes");
        }
    }

    async Task VerifyAsync(KnownDataSet known, string file, CancellationToken cancellationToken)
    {
        await using var content = File.OpenRead(file);
        var hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken));
        if (known.Sha256 is null || hash == known.Sha256) return;
        if (!known.Reissued)
        {
            File.Delete(file);
            throw new InvalidInputException($"The download of {known.Name} is not the published file (SHA-256 {hash} instead of {known.Sha256}).");
        }
        LogReissued(known.Name, hash);
    }

    [LoggerMessage(LogLevel.Warning, "{Name} differs from the file known to this version (SHA-256 {Hash}); its publisher reissues it from time to time.")]
    partial void LogReissued(string name, string hash);
}
