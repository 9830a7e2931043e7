using System.CommandLine;
using System.Globalization;
using MovieRecommender.Domain;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Catalog;
using MovieRecommender.Domain.Factorization;
using MovieRecommender.Domain.Models;
using MovieRecommender.Domain.Ratings;
using MovieRecommender.Domain.Recommendations;
using MovieRecommender.Domain.Storage;
using MovieRecommender.Domain.Training;
using MovieRecommender.Web.Shell;

namespace MovieRecommender.Web.Commands;

/// <summary>
/// Trains on the store, or on a data set without touching the store, and tells the story as it goes: the data, the losses,
/// the scorecard, the verdict, and one person's favourites beside their top 10.
/// </summary>
static class TrainVerb
{
    const int Listed = 10;

    public static Command Create(VerbContext context)
    {
        var source = new Option<string?>("--data") { Description = "Train on this source instead of the store; nothing is stored." };
        var algorithms = AlgorithmOption();
        var options = new Option<string[]>("--option") { Description = "An option of an algorithm, such as biased-mf.factors=16; may be repeated.", Arity = ArgumentArity.OneOrMore };
        var verb = new Command("train", "Train, judge and publish a model.") { source, algorithms, options };
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            var choice = new TrainingChoice(Algorithms(parsed.GetValue(algorithms)), Options(parsed.GetValue(options) ?? []));
            choice.Validate();
            if (parsed.GetValue(source) is { } name) await TrainOnSourceAsync(context, name, choice, cancellationToken);
            else await TrainOnStoreAsync(context, choice, cancellationToken);
            return ExitCode.Done;
        });
        return verb;
    }

    public static Option<string?> AlgorithmOption()
        => new("--algorithm") { Description = $"Candidates, parted by commas: {string.Join(", ", Trainers.Names)}. Default: all." };

    /// <exception cref="InvalidInputException">A name is not known.</exception>
    public static IReadOnlyList<string> Algorithms(string? list)
    {
        var names = list?.Split([',', TrainingPipeline.Both], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
        foreach (var name in names)
        {
            if (!Trainers.Names.Contains(name, StringComparer.Ordinal))
                throw new InvalidInputException($"There is no algorithm '{name}'; allowed are {string.Join(", ", Trainers.Names)}.");
        }
        return names;
    }

    static Dictionary<string, IReadOnlyDictionary<string, double>> Options(IEnumerable<string> given)
    {
        var options = new Dictionary<string, IReadOnlyDictionary<string, double>>(StringComparer.Ordinal);
        foreach (var text in given)
        {
            var (algorithm, dot) = (text.Split('.')[0], text.IndexOf('.', StringComparison.Ordinal));
            var sign = text.IndexOf('=', StringComparison.Ordinal);
            if (dot < 0 || sign < dot || !double.TryParse(text.AsSpan(sign + 1), NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
                throw new InvalidInputException($"--option is '{text}'; allowed is ALGORITHM.OPTION=NUMBER, such as biased-mf.factors=16.");
            options[algorithm] = new Dictionary<string, double>(options.GetValueOrDefault(algorithm) ?? new Dictionary<string, double>(), StringComparer.OrdinalIgnoreCase) { [text[(dot + 1)..sign]] = value };
        }
        return options;
    }

    static async Task TrainOnSourceAsync(VerbContext context, string name, TrainingChoice choice, CancellationToken cancellationToken)
    {
        DataSources.Check(name);
        using var host = context.BuildHost();
        using var dataSet = await host.Services.GetRequiredService<DataSources>().OpenAsync(name, new ConsoleProgress(), cancellationToken: cancellationToken);
        var bad = new BadRows();
        var data = TrainingData.FromDataSet(dataSet, bad, cancellationToken);
        var films = dataSet.Movies(new()).DistinctBy(movie => movie.Id).ToDictionary(movie => movie.Id);
        if (bad.Total > 0) Console.WriteLine($"{bad.Total:N0} rows rejected; the first: {bad.First[0]}");
        PrintData(data);
        var result = await Task.Run(() => TrainingPipeline.Run(data, choice, version: 1, live: null, PrintProgress(), cancellationToken), cancellationToken);
        PrintScorecard(result.Scorecard, result.Decision.Reason);
        if (result.Model is not { } model) return;

        var entries = MedianPerson(data);
        var history = data.SetOf(data.Entries).Ratings.HistoryOf(entries);
        Console.WriteLine($"\nViewer {data.UserIds[entries]}, who rated {history.Length} films, likes best:");
        var favourites = history.ToArray().OrderByDescending(item => item.Stars).ThenBy(item => item.Item).Take(Listed);
        foreach (var item in favourites) Console.WriteLine($"  {item.Stars:0.0}  {Describe(films, data.MovieIds[item.Item])}");
        Console.WriteLine($"and will love:");
        var scores = new float[model.Ranking.Items];
        model.Ranking.Score(history, scores);
        var top = new ScoredItem[Reranker.Candidates];
        var count = TopItems.Select(scores, [.. history.ToArray().Select(item => item.Item)], top);
        Reranker.Rerank(model.Stars, history, top.AsSpan(0, count), Listed);
        for (var i = 0; i < Math.Min(count, Listed); i++) Console.WriteLine($"  {i + 1,2}.  {Describe(films, data.MovieIds[top[i].Item])}");
    }

    static async Task TrainOnStoreAsync(VerbContext context, TrainingChoice choice, CancellationToken cancellationToken)
    {
        using var host = await context.OpenStoreAsync(cancellationToken);
        var services = host.Services;
        await services.GetRequiredService<MovieCatalog>().ReloadAsync(cancellationToken);
        await services.GetRequiredService<ModelShelf>().LoadLiveAsync(cancellationToken);
        var training = services.GetRequiredService<TrainingService>();
        var store = services.GetRequiredService<Store>();
        var data = await TrainingData.FromStoreAsync(store, cancellationToken);
        PrintData(data);

        var (run, isNew) = await training.RequestAsync(Caller.Operator, choice: choice, cancellationToken: cancellationToken);
        if (!isNew) throw new InvalidInputException($"Run {run.Id} is already {run.State.ToString().ToLowerInvariant()}. Wait for it, or cancel it on the dashboard.");
        var print = PrintProgress();
        using var watch = services.GetRequiredService<ChangeFeed>().Subscribe(ChangeFeed.Training, () =>
        {
            if (training.Progress(Caller.Operator) is { } progress) print(progress.Candidates);
        });
        await services.GetRequiredService<TrainingWorker>().CarryOutAsync(run, [], cancellationToken);
        run = await training.GetAsync(Caller.Operator, run.Id, CancellationToken.None);
        if (TrainingService.ScorecardOf(run) is not { } scorecard) throw new InvalidInputException(run.Outcome ?? "The run did not begin.");
        PrintScorecard(scorecard, run.Outcome ?? "");
        if (run.VersionId is { } version)
            Console.WriteLine(version == services.GetRequiredService<LiveModel>().Current?.Version ? $"Version {version} is published; a running app serves it within seconds." : $"Version {version} is published and waits to be promoted.");

        var catalog = services.GetRequiredService<MovieCatalog>();
        var person = MedianPerson(data);
        var history = data.SetOf(data.Entries).Ratings.HistoryOf(person).ToArray()
            .Select(item => new ViewerRating(data.MovieIds[item.Item], item.Stars, item.Time)).ToList();
        Console.WriteLine($"\nViewer {data.UserIds[person]}, who rated {history.Count} films, likes best:");
        foreach (var rating in history.OrderByDescending(rating => rating.Stars).ThenBy(rating => rating.MovieId).Take(Listed))
            Console.WriteLine($"  {rating.Stars:0.0}  {RecommendVerb.Describe(catalog.Get(rating.MovieId))}");
        Console.WriteLine("and will love:");
        RecommendVerb.Print(services.GetRequiredService<RecommendationService>().For(history, new() { Count = Listed }));
    }

    /// <summary>Someone typical: the person in the middle when all are ordered by how much they rated.</summary>
    static int MedianPerson(TrainingData data)
    {
        var counts = new int[data.UserIds.Length];
        foreach (var entry in data.Entries) counts[entry.User]++;
        return Enumerable.Range(0, counts.Length).OrderBy(user => counts[user]).ThenBy(user => user).ElementAt(counts.Length / 2);
    }

    static void PrintData(TrainingData data)
    {
        var (least, most) = data.Entries.Length == 0 ? (0, 0) : (data.Entries.Min(entry => entry.Stars), data.Entries.Max(entry => entry.Stars));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{data.UserIds.Length:N0} viewers, {data.MovieIds.Length:N0} rated films, {data.Entries.Length:N0} ratings from {least:0.0} to {most:0.0} stars; a tenth is held out."));
    }

    static Action<IReadOnlyList<CandidateProgress>> PrintProgress()
    {
        var printed = new Dictionary<string, string>(StringComparer.Ordinal);
        return candidates =>
        {
            foreach (var candidate in candidates.Where(candidate => candidate.State != CandidateState.Waiting && candidate.Detail.Length > 0))
            {
                var loss = candidate.State == CandidateState.Running && candidate.Losses.Count > 0 ? Describe(candidate.Losses[^1]) : "";
                var line = $"{candidate.Name}: {candidate.Detail}{loss}";
                if (printed.GetValueOrDefault(candidate.Name) == line) continue;
                printed[candidate.Name] = line;
                Console.Error.WriteLine(line);
            }
        };
    }

    static string Describe(LossPoint loss)
        => string.Create(CultureInfo.InvariantCulture, $"{(loss.Training is { } training ? $", training loss {training:0.0000}" : "")}{(loss.Validation is { } validation ? $", validation loss {validation:0.0000}" : "")}");

    static void PrintScorecard(RunScorecard card, string verdict)
    {
        Console.WriteLine($"\n{"lists",-22}{"NDCG@10",9}{"95 %",16}{"recall",9}{"MAP",8}{"coverage",10}{"novelty",9}{"seconds",9}");
        foreach (var row in card.Ranking.Append(card.LiveRanking).OfType<RankingFigures>())
        {
            var name = ReferenceEquals(row, card.LiveRanking) ? $"version {card.LiveVersion}" : row.Algorithm;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{name,-22}{row.Ndcg,9:0.0000}{$"{row.NdcgLow:0.000}–{row.NdcgHigh:0.000}",16}{row.Recall,9:0.0000}{row.Map,8:0.000}{row.Coverage,10:P1}{row.Novelty,9:0.00}{row.Seconds,9:0.00}"));
        }
        Console.WriteLine($"\n{"stars",-22}{"RMSE",9}{"95 %",16}{"MAE",9}{"seconds",9}");
        foreach (var row in card.Stars.Append(card.LiveStars).OfType<StarsFigures>())
        {
            var name = ReferenceEquals(row, card.LiveStars) ? $"version {card.LiveVersion}" : row.Algorithm;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{name,-22}{row.Rmse,9:0.0000}{$"{row.RmseLow:0.000}–{row.RmseHigh:0.000}",16}{row.Mae,9:0.0000}{row.Seconds,9:0.00}"));
        }
        Console.WriteLine($"\n{verdict}");
    }

    static string Describe(Dictionary<int, MovieRow> films, int id)
        => films.TryGetValue(id, out var film) ? $"{film.Title.Title} ({film.Title.Year}) · {film.Genres.Replace("|", ", ", StringComparison.Ordinal)}" : $"film {id}";
}
