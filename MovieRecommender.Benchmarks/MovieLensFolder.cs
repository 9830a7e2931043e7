using MovieRecommender.Domain.Catalog;
using MovieRecommender.Domain.Catalog.MovieLens;
using MovieRecommender.Domain.Evaluation;
using MovieRecommender.Domain.Factorization;
using MovieRecommender.Domain.Training;

namespace MovieRecommender.Benchmarks;

/// <summary>A MovieLens folder, csv or 100k, as dense indices, ratings in the order of their file.</summary>
sealed record MovieLensFolder(int[] UserIds, int[] MovieIds, RatingEntry[] Ratings, ItemFeatures Features)
{
    internal int Users => UserIds.Length;

    internal int Items => MovieIds.Length;

    internal static MovieLensFolder Read(string folder)
    {
        var files = SourceFiles.At(folder);
        using DataSet set = HundredKDataSet.Fits(files) ? new HundredKDataSet(files) : new CsvDataSet(files);
        var data = TrainingData.FromDataSet(set, new());
        return new(data.UserIds, data.MovieIds, data.Entries, data.Features);
    }

    internal TrainingSet Train(RatingEntry[] ratings) => new(RatingMatrix.Build(Users, Items, ratings), Features);

    internal static int[] ReadRows(string file) => [.. File.ReadLines(file).Where(line => line.Length > 0).Select(int.Parse)];

    /// <summary>Holds out the ratings that a file such as u1.test lists by user and item.</summary>
    internal RatingSplit HoldOut(string file)
    {
        var listed = File.ReadLines(file).Select(line => line.Split('\t')).Select(fields => (int.Parse(fields[0]), int.Parse(fields[1]))).ToHashSet();
        return Splits.ByRows(Ratings, [.. Enumerable.Range(0, Ratings.Length).Where(row => listed.Contains((UserIds[Ratings[row].User], MovieIds[Ratings[row].Item])))]);
    }
}
