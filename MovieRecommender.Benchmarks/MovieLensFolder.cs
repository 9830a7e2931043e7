using MovieRecommender.Domain.Catalog.MovieLens;
using MovieRecommender.Domain.Factorization;
using MovieRecommender.Domain.Training;

namespace MovieRecommender.Benchmarks;

/// <summary>A MovieLens folder as dense indices, ratings in the order of their file.</summary>
sealed record MovieLensFolder(int Users, int Items, RatingEntry[] Ratings, ItemFeatures Features)
{
    internal static MovieLensFolder Read(string folder)
    {
        using var files = new CsvDataSet(SourceFiles.At(folder));
        var data = TrainingData.FromDataSet(files, new());
        return new(data.UserIds.Length, data.MovieIds.Length, data.Entries, data.Features);
    }

    internal TrainingSet Train(RatingEntry[] ratings) => new(RatingMatrix.Build(Users, Items, ratings), Features);

    internal static int[] ReadRows(string file) => [.. File.ReadLines(file).Where(line => line.Length > 0).Select(int.Parse)];
}
