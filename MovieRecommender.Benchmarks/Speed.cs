using System.Diagnostics;
using System.Globalization;
using System.Numerics.Tensors;
using MovieRecommender.Domain.Evaluation;
using MovieRecommender.Domain.Factorization;
using MovieRecommender.Domain.Factorization.LinearAlgebra;

namespace MovieRecommender.Benchmarks;

/// <summary>Training and serving times, each a median after a warm-up, and ratios taken within one run.</summary>
static class Speed
{
    const int Runs = 7;

    /// <param name="args">The data sets' folder, and optionally LIBMF's <c>mf-train</c> to run beside.</param>
    internal static int Run(string[] args)
    {
        var datasets = args is [var folder, ..] ? folder : "../shared/datasets";
        Console.WriteLine(Machine.Describe());
        var data = MovieLensFolder.Read(Path.Combine(datasets, "ml-latest-small"));
        Rating(data, Splits.ByRows(data.Ratings, MovieLensFolder.ReadRows(Path.Combine(datasets, "splits/rating-validation-rows.txt"))), args.ElementAtOrDefault(1));
        Ranking(data, Splits.ByRows(data.Ratings, MovieLensFolder.ReadRows(Path.Combine(datasets, "splits/ranking-test-rows.txt"))));
        Serve(films: 10_000, rank: 64, ratings: 100);
        Serve(films: 10_000, rank: 768, ratings: 100);
        Serve(films: 1_000_000, rank: 64, ratings: 100);
        return 0;
    }

    static void Rating(MovieLensFolder data, RatingSplit split, string? libmf)
    {
        var training = data.Train(split.Training);
        Train("recommender-net, article", new RecommenderNetTrainer(RecommenderNetOptions.Article), training, split.HeldOut);
        Train("recommender-net, tuned", new RecommenderNetTrainer(), training, split.HeldOut);
        var plain = new BiasedMfOptions { Members = 1, Factors = 4, Sweeps = 2, AudienceRank = 0, ChoiceRank = 0, Neighbours = 0 };
        var seconds = Train("biased-mf, plain (4 factors, 2 sweeps)", new BiasedMfTrainer(plain), training, split.HeldOut);
        Train("biased-mf, one model, no neighbours", new BiasedMfTrainer(new BiasedMfOptions { Members = 1, Neighbours = 0 }), training, split.HeldOut);
        Train("biased-mf", new BiasedMfTrainer(), training, split.HeldOut);
        if (libmf is null)
            return;
        var theirs = Libmf(libmf, split);
        Line("LIBMF, k 32, 20 iterations, 2 threads", theirs, "");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  biased-mf, plain / LIBMF: {seconds / theirs.Median:F2}"));
    }

    static double Train(string what, ITrainer trainer, TrainingSet training, RatingEntry[] heldOut)
    {
        ItemModel? model = null;
        var time = Machine.Time(Runs, () => model = trainer.Train(training, null, CancellationToken.None));
        Line(what, time, string.Create(CultureInfo.InvariantCulture, $"RMSE {Evaluator.Rating((StarModel)model!, training.Ratings, heldOut).Rmse:F4}"));
        return time.Median;
    }

    /// <summary>Time of 20 iterations without reading the file: what 39 take more than 19.</summary>
    static (double Median, double Least, double Greatest) Libmf(string program, RatingSplit split)
    {
        var file = Path.GetTempFileName();
        File.WriteAllLines(file, split.Training.Select(rating => string.Create(CultureInfo.InvariantCulture, $"{rating.User} {rating.Item} {rating.Stars}")));
        double Of(int iterations) => Machine.Time(Runs, () =>
        {
            using var process = Process.Start(new ProcessStartInfo(program, ["-k", "32", "-t", iterations.ToString(CultureInfo.InvariantCulture), "-s", "2", "--quiet", file, file + ".model"]))!;
            process.WaitForExit();
        }).Median;
        var seconds = Of(39) - Of(19);
        File.Delete(file);
        File.Delete(file + ".model");
        return (seconds, seconds, seconds);
    }

    static void Ranking(MovieLensFolder data, RatingSplit split)
    {
        var training = data.Train(split.Training);
        var plain = new LinearAutoencoderOptions { Near = 0, Period = 0, NextRank = 0, Next = 0, Genre = 0, Tag = 0, Year = 0, Rank = 256, Regularization = 100 };
        foreach (var (what, options) in new[] { ("linear-autoencoder", new LinearAutoencoderOptions()), ("linear-autoencoder, plain EASE, rank 256", plain) })
        {
            ItemModel? model = null;
            var time = Machine.Time(Runs, () => model = new LinearAutoencoderTrainer(options).Train(training, null, CancellationToken.None));
            Line(what, time, string.Create(CultureInfo.InvariantCulture, $"NDCG@10 {Evaluator.Ranking(model!, training.Ratings, split.HeldOut).Ndcg:F4}"));
            var someone = Enumerable.Range(0, data.Users).MinBy(user => Math.Abs(training.Ratings.HistoryOf(user).Length - 100));
            TopTen($"  top 10 of its {data.Items:N0} films", model!, training.Ratings.HistoryOf(someone).ToArray());
        }
    }

    static (double Median, double Least, double Greatest) TopTen(string what, ItemModel model, RatedItem[] history)
    {
        var seen = Array.ConvertAll(history, rated => rated.Item);
        var scores = new float[model.Items];
        var top = new ScoredItem[10];
        void Once()
        {
            model.Score(history, scores);
            TopItems.Select(scores, seen, top);
        }
        var time = Machine.Time(41, Once);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Once();
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-44} {time.Median * 1000:F3} ms ({time.Least * 1000:F3}–{time.Greatest * 1000:F3})  {history.Length} ratings, {allocated} bytes allocated"));
        return time;
    }

    /// <summary>A person folded in, every film scored, the best ten kept; against one pass over the factors.</summary>
    static void Serve(int films, int rank, int ratings)
    {
        var taste = new Matrix(films, rank);
        var random = new Random(1);
        foreach (ref var value in taste.Values.AsSpan())
            value = random.NextSingle() - 0.5f;
        var ones = new float[films];
        Array.Fill(ones, 1);
        var model = new LinearAutoencoderModel([.. Enumerable.Range(0, films)], films, ShortMatrix.Round(taste), ones, ShortMatrix.Round(new Matrix(films, 0)), ShortMatrix.Round(new Matrix(films, 0)), ones, new float[films], 1, 1, 0, null);
        var history = Enumerable.Range(0, ratings).Select(i => new RatedItem(i * (films / ratings), 4, i)).ToArray();
        var time = TopTen($"top 10 of {films:N0} films, rank {rank}", model, history);
        float sum = 0;
        var pass = Machine.Time(41, () => sum += TensorPrimitives.Sum<float>(taste.Values));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  one pass over the factors {pass.Median * 1000:F3} ms, ratio {time.Median / pass.Median:F2}{(float.IsNaN(sum) ? "!" : "")}"));
    }

    static void Line(string what, (double Median, double Least, double Greatest) time, string quality) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-44} {time.Median:F3} s ({time.Least:F3}–{time.Greatest:F3})  {quality}"));
}
