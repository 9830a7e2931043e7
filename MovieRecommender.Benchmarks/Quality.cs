using System.Diagnostics;
using MovieRecommender.Domain.Evaluation;
using MovieRecommender.Domain.Factorization;

namespace MovieRecommender.Benchmarks;

/// <summary>Quality of every algorithm on the splits that the field's figures are known for.</summary>
static class Quality
{
    /// <param name="args">The data sets' folder, and optionally a folder of MovieLens 100K with its own splits u1 to u5.</param>
    internal static int Run(string[] args)
    {
        var datasets = args is [var folder, ..] ? folder : "../shared/datasets";
        var data = MovieLensFolder.Read(Path.Combine(datasets, "ml-latest-small"));
        var byTime = Splits.LatestPerUser(data.Ratings, 0.2);
        Ranking("ranking, given split", data, Splits.ByRows(data.Ratings, MovieLensFolder.ReadRows(Path.Combine(datasets, "splits/ranking-test-rows.txt"))));
        Ranking("ranking, another random split", data, Splits.RandomPerUser(data.Ratings, 0.2, seed: 1));
        Ranking("ranking, last 20 % by time", data, byTime);
        Rating("rating, given split", data, Splits.ByRows(data.Ratings, MovieLensFolder.ReadRows(Path.Combine(datasets, "splits/rating-validation-rows.txt"))));
        Rating("rating, last 20 % by time", data, byTime);
        if (args is [_, var folder100K, ..])
            HundredK(MovieLensFolder.Read(folder100K), folder100K);
        return 0;
    }

    static void HundredK(MovieLensFolder data, string folder)
    {
        Ranking("MovieLens 100K, u1, ranking", data, data.HoldOut(Path.Combine(folder, "u1.test")));
        double sum = 0;
        for (var fold = 1; fold <= 5; fold++)
            sum += Rating($"MovieLens 100K, u{fold}", data, data.HoldOut(Path.Combine(folder, $"u{fold}.test")))[BiasedMfTrainer.AlgorithmName];
        Console.WriteLine($"{"MovieLens 100K, mean of five",-32} {BiasedMfTrainer.AlgorithmName,-20} RMSE {sum / 5:F4}");
    }

    static void Ranking(string title, MovieLensFolder data, RatingSplit split)
    {
        var training = data.Train(split.Training);
        var models = new Dictionary<string, ItemModel>(StringComparer.Ordinal);
        // At full rank nothing is left out of the inverse: what the truncated form is held against.
        var exact = new LinearAutoencoderTrainer(new LinearAutoencoderOptions { Rank = 4096, NextRank = 1024 });
        foreach (var (name, trainer) in Trainers.All.Select(trainer => (trainer.Name, trainer)).Append(("exact linear-autoencoder", exact)))
        {
            var watch = Stopwatch.StartNew();
            var model = models[name] = trainer.Train(training, null, CancellationToken.None);
            Print(name, watch.Elapsed.TotalSeconds, Evaluator.Ranking(model, training.Ratings, split.HeldOut));
        }
        Print("both heads", 0, Evaluator.Ranking(models[LinearAutoencoderTrainer.AlgorithmName], training.Ratings, split.HeldOut, (StarModel)models[BiasedMfTrainer.AlgorithmName]));

        void Print(string name, double seconds, RankingScorecard card)
        {
            var error = Estimate.Of(card.NdcgByPerson).StandardError;
            Console.WriteLine($"{title,-32} {name,-20} NDCG@10 {card.Ndcg:F4} ± {error:F4}  recall {card.Recall:F4}  MAP {card.MeanAveragePrecision:F4}  coverage {card.Coverage:P1}  novelty {card.Novelty:F2}  people {card.People.Count}  {seconds:F2} s");
        }
    }

    static Dictionary<string, double> Rating(string title, MovieLensFolder data, RatingSplit split)
    {
        var rmse = new Dictionary<string, double>(StringComparer.Ordinal);
        var training = data.Train(split.Training);
        foreach (var trainer in Trainers.All)
        {
            var watch = Stopwatch.StartNew();
            if (trainer.Train(training, null, CancellationToken.None) is not StarModel model)
                continue;
            var seconds = watch.Elapsed.TotalSeconds;
            var card = Evaluator.Rating(model, training.Ratings, split.HeldOut);
            Console.WriteLine($"{title,-32} {trainer.Name,-20} RMSE {card.Rmse:F4}  MAE {card.Mae:F4}  BCE {card.Bce:F4}  rows {card.SquaredErrors.Count}  {seconds:F2} s");
            Certainty(model, training.Ratings, split.HeldOut);
            rmse.Add(trainer.Name, card.Rmse);
        }
        return rmse;
    }

    /// <summary>How often a prediction is as far out as its deviation says, and what was said and what came, from the surest fifth to the least sure.</summary>
    static void Certainty(StarModel model, RatingMatrix training, RatingEntry[] heldOut)
    {
        const int Groups = 5;
        var predicted = heldOut.GroupBy(rating => rating.User).SelectMany(mine =>
        {
            RatingEntry[] ratings = [.. mine];
            var predictions = new StarPrediction[ratings.Length];
            model.Predict(training.HistoryOf(mine.Key), Array.ConvertAll(ratings, rating => rating.Item), predictions);
            return ratings.Zip(predictions, (rating, prediction) => (prediction.Deviation, Error: Math.Abs(rating.Stars - prediction.Stars)));
        }).OrderBy(row => row.Deviation).ToList();
        var groups = predicted.Chunk((predicted.Count + Groups - 1) / Groups)
            .Select(group => $"{Math.Sqrt(group.Average(row => row.Deviation * row.Deviation)):F3}→{Math.Sqrt(group.Average(row => row.Error * row.Error)):F3}");
        Console.WriteLine($"{"",-32} {"",-20} within one deviation {Within(1):P1}, within two {Within(2):P1}; said→was {string.Join(", ", groups)}");

        double Within(int deviations) => predicted.Count(row => row.Error < deviations * row.Deviation) / (double)predicted.Count;
    }
}
