using System.Text;
using Microsoft.Extensions.Options;
using MovieRecommender.Domain.Catalog.Demo;
using MovieRecommender.Domain.Catalog.MovieLens;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Domain.Catalog;

/// <summary>Turns the name of a source into a <see cref="DataSet"/>: the demo, a download, a folder or a zip.</summary>
public sealed class DataSources(HttpClient http, IOptions<CatalogOptions> options, StorePaths paths)
{
    static readonly (string Columns, string Name)[] LoneFiles = [("movieId,title,genres", "movies.csv"), ("userId,movieId,rating,timestamp", "ratings.csv")];

    /// <summary>Checks what can be checked without reading or downloading the data.</summary>
    /// <exception cref="InvalidInputException">There is no such source.</exception>
    public static void Check(string source)
    {
        if (source == DemoDataSet.SourceName || KnownDataSets.Find(source) is not null) return;
        if (Directory.Exists(source) || File.Exists(source))
        {
            using var dataSet = OpenPath(source);
            return;
        }
        throw new InvalidInputException(
            $"There is no data source '{source}'. Allowed are '{DemoDataSet.SourceName}', {string.Join(", ", KnownDataSets.All.Select(known => $"'{known.Name}'"))}, or the path of a MovieLens folder or zip.");
    }

    /// <param name="hash">MD5 or SHA-256 that a download must have, in hex; null for the one that is known or published.</param>
    public async Task<DataSet> OpenAsync(string source, IProgress<Wording>? progress = null, string? hash = null, CancellationToken cancellationToken = default)
    {
        Check(source);
        if (source == DemoDataSet.SourceName) return new DemoDataSet();
        return KnownDataSets.Find(source) is { } known
            ? OpenPath(await new Download(http, options.Value, paths.Downloads).GetAsync(known, hash, progress, cancellationToken))
            : OpenPath(source);
    }

    /// <summary>Opens a file that someone sent: a zip of a data set, or a lone movies.csv or ratings.csv, told apart by what is in it and not by its name.</summary>
    /// <exception cref="InvalidInputException">It is none of them.</exception>
    /// <param name="name">What its sender calls it.</param>
    /// <param name="mostRows">Of one file; reading on throws <see cref="InvalidInputException"/>.</param>
    public static DataSet OpenUpload(string path, string name, int mostRows = int.MaxValue)
    {
        var start = new byte[256];
        int read;
        using (var file = File.OpenRead(path)) read = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        if (start.AsSpan(0, read).StartsWith("PK"u8)) return Open(SourceFiles.Zip(path, name, name, mostRows), name);
        var header = Encoding.UTF8.GetString(start, 0, read).TrimStart('\uFEFF').Split('\n')[0].Trim();
        foreach (var (columns, lone) in LoneFiles)
            if (header.Equals(columns, StringComparison.OrdinalIgnoreCase)) return new CsvDataSet(SourceFiles.Single(path, lone, mostRows));
        throw new InvalidInputException(
            $"'{name}' is neither a zip nor a MovieLens movies.csv or ratings.csv: its first line is '{Printable(header)}', not '{string.Join("' or '", LoneFiles.Select(known => known.Columns))}'.");
    }

    static string Printable(string text) => string.Concat(text.Where(c => !char.IsControl(c)).Take(80));

    static DataSet OpenPath(string path) => Open(SourceFiles.At(path), path);

    static DataSet Open(SourceFiles files, string shown)
    {
        if (CsvDataSet.Fits(files)) return new CsvDataSet(files);
        if (DatDataSet.Fits(files)) return new DatDataSet(files);
        if (HundredKDataSet.Fits(files)) return new HundredKDataSet(files);
        files.Dispose();
        throw new InvalidInputException($"'{shown}' holds no MovieLens data: neither ratings.csv, ratings.dat nor u.data is in it.");
    }
}
