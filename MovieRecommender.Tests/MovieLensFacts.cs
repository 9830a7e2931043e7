using MovieRecommender.Domain.Catalog.MovieLens;
using MovieRecommender.Domain.Factorization;
using MovieRecommender.Domain.Training;

namespace MovieRecommender.Tests;

/// <summary>A test on the real MovieLens data; skipped, with the reason, where the data is not at hand.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class MovieLensFactAttribute : FactAttribute
{
    /// <summary>Decides whether the data is there.</summary>
    /// <exception cref="InvalidOperationException">On a build server that has shared data, its absence is a fault.</exception>
    public MovieLensFactAttribute()
    {
        if (MovieLensData.Folder is not null)
            return;
        if (string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.Ordinal) && MovieLensData.HasShared)
            throw new InvalidOperationException($"CI is true and ../shared exists, but {MovieLensData.Missing}");
        Skip = MovieLensData.Missing;
    }
}

/// <summary>ml-latest-small as dense indices.</summary>
static class MovieLensData
{
    internal const string Missing = "the MovieLens data was not found: set MOVIELENS_DIR to a folder with ratings.csv, or put it in ../shared/datasets/ml-latest-small beside the repository.";

    static readonly string? Shared = FindShared();

    internal static bool HasShared => Shared is not null && Directory.Exists(Shared);

    internal static string? Folder { get; } = FindFolder();

    internal static (int Users, int Items, RatingEntry[] Ratings, ItemFeatures Features) Read()
    {
        using var files = new CsvDataSet(SourceFiles.At(Folder!));
        var data = TrainingData.FromDataSet(files, new());
        return (data.UserIds.Length, data.MovieIds.Length, data.Entries, data.Features);
    }

    static string? FindFolder()
    {
        var named = Environment.GetEnvironmentVariable("MOVIELENS_DIR");
        if (!string.IsNullOrEmpty(named))
            return File.Exists(Path.Combine(named, "ratings.csv")) ? named : null;
        var beside = Shared is null ? null : Path.Combine(Shared, "datasets", "ml-latest-small");
        return beside is not null && File.Exists(Path.Combine(beside, "ratings.csv")) ? beside : null;
    }

    static string? FindShared()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "MovieRecommender.sln")))
                return folder.Parent is null ? null : Path.Combine(folder.Parent.FullName, "shared");
        }
        return null;
    }
}
