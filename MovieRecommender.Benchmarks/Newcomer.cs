using System.Globalization;
using MovieRecommender.Domain.Evaluation;
using MovieRecommender.Domain.Factorization;

namespace MovieRecommender.Benchmarks;

/// <summary>
/// How soon a new person's list is worth it. The model has never seen them; a fifth of their ratings, drawn at random, is held
/// out, and they reveal some of the rest. Films of the rest are never recommended, revealed or not, so that every row of the
/// table judges the same ten places.
/// </summary>
static class Newcomer
{
    const int Folds = 5;

    /// <summary>The folds that no option was chosen on.</summary>
    static readonly int[] Reported = [2, 3, 4];

    internal static int Run(string[] args)
    {
        var datasets = args is [var folder, ..] ? folder : "../shared/datasets";
        var data = MovieLensFolder.Read(Path.Combine(datasets, "ml-latest-small"));
        Report(data, new LinearAutoencoderOptions(), Reported);
        return 0;
    }

    internal static void Report(MovieLensFolder data, LinearAutoencoderOptions options, int[] folds)
    {
        var results = new SortedDictionary<(int Order, string Row), List<double>>();
        foreach (var fold in folds)
        {
            var known = data.Train(Array.FindAll(data.Ratings, rating => FoldOf(rating.User) != fold));
            var model = new LinearAutoencoderTrainer(options).Train(known, null, CancellationToken.None);
            var stars = (StarModel)new BiasedMfTrainer().Train(known, null, CancellationToken.None);
            var split = Splits.RandomPerUser(Array.FindAll(data.Ratings, rating => FoldOf(rating.User) == fold), 0.2, seed: 1);
            var histories = RatingMatrix.Build(data.Users, data.Items, split.Training);
            var relevant = split.HeldOut.Where(rating => rating.Stars >= Evaluator.RelevantFrom).ToLookup(rating => rating.User, rating => rating.Item);
            var people = relevant.Select(person => person.Key).ToArray();
            var rows = new (int Order, string Row, double Ndcg)[people.Length][];
            Parallel.For(0, people.Length, i => rows[i] = [.. new Person(model, stars, known.Ratings, histories.HistoryOf(people[i]).ToArray(), relevant[people[i]].ToHashSet()).Rows()]);
            foreach (var (order, row, ndcg) in rows.SelectMany(row => row))
            {
                if (!results.TryGetValue((order, row), out var list))
                    results.Add((order, row), list = []);
                list.Add(ndcg);
            }
        }
        var full = results.First().Value.Average();
        foreach (var ((_, row), ndcg) in results)
        {
            var estimate = Estimate.Of(ndcg);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{row,-44} NDCG@10 {estimate.Mean:F4} ± {estimate.StandardError:F4}  {estimate.Mean / full,6:P0}  people {ndcg.Count}"));
        }
    }

    static int FoldOf(int user) => (int)((uint)(user * 2654435761L) >> 8) % Folds;

    sealed class Person(ItemModel model, StarModel stars, RatingMatrix known, RatedItem[] history, HashSet<int> relevant)
    {
        readonly float[] scores = new float[model.Items];
        readonly Dictionary<int, RatedItem> answers = history.ToDictionary(rated => rated.Item);

        internal IEnumerable<(int Order, string Row, double Ndcg)> Rows()
        {
            yield return (0, "everything", Judge(history));
            yield return (1, "nothing", Judge([]));
            var popular = history.OrderByDescending(rated => known.RatersOf(rated.Item).Length).ToArray();
            var loved = history.OrderByDescending(rated => rated.Stars).ThenByDescending(rated => known.RatersOf(rated.Item).Length).ToArray();
            foreach (var count in (int[])[1, 3, 5, 10, 15])
            {
                yield return (100 + count, $"their earliest {count}", Judge(history[..Math.Min(count, history.Length)]));
                yield return (200 + count, $"their {count} best known", Judge(popular[..Math.Min(count, history.Length)]));
                yield return (300 + count, $"their {count} favourites", Judge(loved[..Math.Min(count, history.Length)]));
            }
            foreach (var count in (int[])[10, 25, 50])
            {
                yield return (400 + count, $"{count} questions, popular first", Judge(Ask(count, int.MaxValue, (_, _, raters) => raters)));
                yield return (500 + count, $"{count} questions, top of the ranking", Judge(Ask(count, int.MaxValue, (_, score, _) => score)));
            }
            yield return (610, "10 answers, popular first", Judge(Ask(500, 10, (_, _, raters) => raters)));
            yield return (611, "10 answers, top of the ranking", Judge(Ask(500, 10, (_, score, _) => score)));
        }

        /// <summary>Asks about the film with the highest worth, again after every answer; "haven't seen it" is an answer that says nothing.</summary>
        RatedItem[] Ask(int questions, int enough, Func<int, float, int, double> worth)
        {
            var said = new List<RatedItem>();
            var asked = new HashSet<int>();
            for (var question = 0; question < questions && said.Count < enough; question++)
            {
                model.Score([.. said], scores);
                var (best, bestWorth) = (-1, double.NegativeInfinity);
                for (var film = 0; film < scores.Length; film++)
                {
                    if (float.IsNegativeInfinity(scores[film]) || asked.Contains(film))
                        continue;
                    var value = worth(film, scores[film], known.RatersOf(film).Length);
                    if (value > bestWorth)
                        (best, bestWorth) = (film, value);
                }
                if (best < 0)
                    break;
                asked.Add(best);
                if (answers.TryGetValue(best, out var answer))
                    said.Add(answer);
            }
            return [.. said];
        }

        double Judge(RatedItem[] revealed)
        {
            RatedItem[] past = [.. revealed.OrderBy(rated => rated.Time).ThenBy(rated => rated.Item)];
            model.Score(past, scores);
            var top = new ScoredItem[Reranker.Candidates];
            var count = TopItems.Select(scores, [.. answers.Keys], top);
            Reranker.Rerank(stars, past, top.AsSpan(0, count), Evaluator.ListLength);
            return RankingMetrics.OfList([.. top.Take(Math.Min(count, Evaluator.ListLength)).Select(film => film.Item)], relevant).Ndcg;
        }
    }
}
