using Microsoft.Extensions.Options;
using MovieRecommender.Domain.Catalog.Demo;
using MovieRecommender.Domain.Catalog.MovieLens;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Domain.Catalog;

/// <summary>Turns the name of a source into a <see cref="DataSet"/>: the demo, a download, a folder or a zip.</summary>
public sealed class DataSources(HttpClient http, IOptions<CatalogOptions> options, StorePaths paths)
{
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
            ? OpenPath(await new Download(http, options.Value, paths.Downloads).GetAsync(known, progress, cancellationToken))
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
}
