using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using MovieRecommender.Domain;
using MovieRecommender.Domain.Catalog;
using MovieRecommender.Domain.Evaluation;
using MovieRecommender.Domain.Factorization;
using MovieRecommender.Domain.Training;
using MovieRecommender.Web.Shell;

namespace MovieRecommender.Web.Commands;

/// <summary>Trains on all rows but those named in a file and scores them there; see docs/model-card.md for the measures.</summary>
static class EvaluateVerb
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    sealed record Evaluation(string Task, IReadOnlyList<Figures> Algorithms, string Champion);

    sealed record Figures(
        string Name, double? Rmse, double? Mae, double? Bce,
        [property: JsonPropertyName("ndcg@10")] double? Ndcg, [property: JsonPropertyName("recall@10")] double? Recall,
        [property: JsonPropertyName("map@10")] double? Map, [property: JsonPropertyName("coverage@10")] double? Coverage,
        double? Novelty, [property: JsonPropertyName("train_seconds")] double TrainSeconds);

    public static Command Create(VerbContext context)
    {
        var source = new Option<string>("--data") { Description = "A MovieLens folder or zip, ml-latest-small, or demo.", Required = true };
        var task = new Option<string>("--task") { Description = "rating or ranking.", Required = true };
        task.AcceptOnlyFromAmong("rating", "ranking");
        var holdout = new Option<string>("--holdout") { Description = "A file of 0-based row numbers of the ratings to hold out, one a line.", Required = true };
        var algorithms = TrainVerb.AlgorithmOption();
        var json = new Option<bool>("--json") { Description = "Print one JSON document." };
        var verb = new Command("evaluate", "Score algorithms on held-out ratings.") { source, task, holdout, algorithms, json };
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            var names = TrainVerb.Algorithms(parsed.GetValue(algorithms));
            var rows = ReadRows(parsed.GetRequiredValue(holdout));
            DataSources.Check(parsed.GetRequiredValue(source));
            using var host = context.BuildHost();
            using var dataSet = await host.Services.GetRequiredService<DataSources>().OpenAsync(parsed.GetRequiredValue(source), new ConsoleProgress(), cancellationToken: cancellationToken);
            var bad = new BadRows();
            var data = TrainingData.FromDataSet(dataSet, bad, cancellationToken);
            if (bad.Total > 0) Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Rejected rows, neither learnt from nor scored: {bad.Total}. The first: {bad.First[0]}."));
            var result = Evaluate(data, parsed.GetRequiredValue(task), rows, names, cancellationToken);
            if (parsed.GetValue(json)) Console.WriteLine(JsonSerializer.Serialize(result, Json));
            else Print(result);
            return ExitCode.Done;
        });
        return verb;
    }

    static Evaluation Evaluate(TrainingData data, string task, HashSet<int> rows, IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        var last = data.Rows.Length == 0 ? -1 : data.Rows[^1];
        if (rows.FirstOrDefault(row => row > last, -1) is >= 0 and var beyond)
            throw new InvalidInputException($"The hold-out file names row {beyond}; the data has rows 0 to {last}.");
        var heldOut = data.Entries.Where((_, i) => rows.Contains(data.Rows[i])).ToArray();
        if (heldOut.Length == 0) throw new InvalidInputException($"The hold-out file names only rows that were rejected, such as row {rows.First()}.");
        var training = data.SetOf(data.Entries.Where((_, i) => !rows.Contains(data.Rows[i])).ToArray());
        var figures = new List<Figures>();
        (ItemModel Model, Figures Figures)? ranker = null;
        (StarModel Model, double Rmse, double Seconds)? predictor = null;
        foreach (var trainer in names.Count == 0 ? Trainers.All : [.. names.Select(Trainers.Create)])
        {
            var clock = Stopwatch.StartNew();
            var progress = new Relay<TrainingProgress>(step => Console.Error.WriteLine($"{trainer.Name}: {step.Step}"));
            var model = trainer.Train(training, progress, cancellationToken);
            var seconds = Math.Round(clock.Elapsed.TotalSeconds, 3);
            if (task == "ranking")
            {
                var card = Evaluator.Ranking(model, training.Ratings, heldOut);
                figures.Add(Ranking(trainer.Name, card, seconds));
                // Popularity is told beside the others and serves nobody.
                if (trainer.Name == PopularityTrainer.AlgorithmName) continue;
                if (model is StarModel head)
                {
                    var rmse = Evaluator.Rating(head, training.Ratings, heldOut).Rmse;
                    if (predictor is null || rmse < predictor.Value.Rmse) predictor = (head, rmse, seconds);
                }
                else if (ranker is null || card.Ndcg > ranker.Value.Figures.Ndcg)
                {
                    ranker = (model, figures[^1]);
                }
            }
            else if (model is StarModel stars)
            {
                var card = Evaluator.Rating(stars, training.Ratings, heldOut);
                figures.Add(new(trainer.Name, card.Rmse, card.Mae, card.Bce, null, null, null, null, null, seconds));
            }
        }
        Figures? together = null;
        // As they serve: the rating head reranks what the ranking head proposes.
        if (ranker is { } ranks && predictor is { } predicts)
            figures.Add(together = Ranking(TrainingPipeline.Together(ranks.Model, predicts.Model),
                Evaluator.Ranking(ranks.Model, training.Ratings, heldOut, predicts.Model), ranks.Figures.TrainSeconds + predicts.Seconds));
        if (figures.Count == 0) throw new InvalidInputException($"None of {string.Join(", ", names)} predicts stars; the task 'rating' needs one that does.");
        var champion = task == "ranking" ? together ?? figures.MaxBy(row => row.Ndcg) : figures.MinBy(row => row.Rmse);
        return new(task, figures, champion!.Name);
    }

    static Figures Ranking(string name, RankingScorecard card, double seconds)
        => new(name, null, null, null, card.Ndcg, card.Recall, card.MeanAveragePrecision, card.Coverage, card.Novelty, Math.Round(seconds, 3));

    static HashSet<int> ReadRows(string path)
    {
        if (!File.Exists(path)) throw new InvalidInputException($"There is no hold-out file '{path}'.");
        var rows = new HashSet<int>();
        var number = 0;
        foreach (var line in File.ReadLines(path))
        {
            number++;
            if (line.Trim() is not { Length: > 0 } text) continue;
            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var row))
                throw new InvalidInputException($"{path}, line {number}: '{text}' is not a row number.");
            rows.Add(row);
        }
        return rows.Count > 0 ? rows : throw new InvalidInputException($"The hold-out file '{path}' names no row.");
    }

    static void Print(Evaluation result)
    {
        Console.WriteLine(result.Task == "ranking"
            ? $"{"",-30}{"NDCG@10",10}{"recall@10",11}{"MAP@10",10}{"coverage",10}{"novelty",9}{"seconds",9}"
            : $"{"",-30}{"RMSE",10}{"MAE",10}{"BCE",10}{"seconds",9}");
        foreach (var row in result.Algorithms)
        {
            Console.WriteLine(result.Task == "ranking"
                ? string.Create(CultureInfo.InvariantCulture, $"{row.Name,-30}{row.Ndcg,10:0.0000}{row.Recall,11:0.0000}{row.Map,10:0.0000}{row.Coverage,10:P2}{row.Novelty,9:0.00}{row.TrainSeconds,9:0.00}")
                : string.Create(CultureInfo.InvariantCulture, $"{row.Name,-30}{row.Rmse,10:0.0000}{row.Mae,10:0.0000}{row.Bce,10:0.0000}{row.TrainSeconds,9:0.00}"));
        }
        Console.WriteLine($"Champion: {result.Champion}");
    }
}
