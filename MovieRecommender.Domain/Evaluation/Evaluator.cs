using MovieRecommender.Domain.Factorization;

namespace MovieRecommender.Domain.Evaluation;

/// <summary>
/// Scores a model on held-out ratings. Every person is folded in from their training history, as in production.
/// Runs in parallel; the result does not depend on the number of threads.
/// </summary>
public static class Evaluator
{
    /// <summary>Length of the judged list.</summary>
    public const int ListLength = 10;

    /// <summary>Stars from which a held-out rating counts as relevant.</summary>
    public const float RelevantFrom = 4;

    /// <summary>Judges predicted stars.</summary>
    /// <param name="model">Trained on <paramref name="training"/>.</param>
    /// <param name="training">Gives each person's history; a user outside it has an empty one.</param>
    /// <param name="heldOut">The ratings to predict.</param>
    public static RatingScorecard Rating(StarModel model, RatingMatrix training, RatingEntry[] heldOut)
    {
        var rows = RowsByUser(heldOut);
        var predicted = new float[heldOut.Length];
        Parallel.For(0, rows.Length, person =>
        {
            var mine = rows[person];
            var items = Array.ConvertAll(mine, row => heldOut[row].Item);
            var predictions = new StarPrediction[mine.Length];
            model.Predict(HistoryOf(training, heldOut[mine[0]].User), items, predictions);
            for (var i = 0; i < mine.Length; i++)
                predicted[mine[i]] = Math.Clamp(predictions[i].Stars, 0.5f, 5f);
        });
        return RatingMetrics.Score(predicted, Array.ConvertAll(heldOut, entry => entry.Stars));
    }

    /// <summary>Judges top 10s among all films the person has not rated in training.</summary>
    /// <param name="model">Trained on <paramref name="training"/>.</param>
    /// <param name="training">Gives each person's history, and the popularity for novelty.</param>
    /// <param name="heldOut">Those with at least 4 stars are relevant; people without one are not judged.</param>
    /// <param name="stars">The rating head that reranks the candidates, as in production; null to judge the ranking head alone.</param>
    public static RankingScorecard Ranking(ItemModel model, RatingMatrix training, RatingEntry[] heldOut, StarModel? stars = null)
    {
        var relevant = Array.FindAll(heldOut, entry => entry.Stars >= RelevantFrom);
        var rows = RowsByUser(relevant);
        var lists = new int[rows.Length][];
        Parallel.For(0, rows.Length, () => new float[model.Items], (person, _, scores) =>
        {
            var history = HistoryOf(training, relevant[rows[person][0]].User);
            model.Score(history, scores);
            lists[person] = Top(scores, history, stars);
            return scores;
        }, _ => { });

        var metrics = rows.Select((mine, person) =>
            RankingMetrics.OfList(lists[person], mine.Select(row => relevant[row].Item).ToHashSet())).ToArray();
        var recommended = lists.SelectMany(list => list).ToArray();
        return new RankingScorecard(
            Average(metrics.Select(m => m.Ndcg)),
            Average(metrics.Select(m => m.Recall)),
            Average(metrics.Select(m => m.AveragePrecision)),
            RankingMetrics.Coverage(recommended, RatedFilms(training, heldOut)),
            RankingMetrics.Novelty(recommended, item => item < training.Items ? training.RatersOf(item).Length : 0, training.Users),
            [.. rows.Select(mine => relevant[mine[0]].User)],
            [.. metrics.Select(m => m.Ndcg)]);
    }

    static int[] Top(ReadOnlySpan<float> scores, ReadOnlySpan<RatedItem> history, StarModel? stars)
    {
        var seen = new int[history.Length];
        for (var i = 0; i < seen.Length; i++)
            seen[i] = history[i].Item;
        Span<ScoredItem> top = stackalloc ScoredItem[stars is null ? ListLength : Reranker.Candidates];
        top = top[..TopItems.Select(scores, seen, top)];
        if (stars is not null)
            Reranker.Rerank(stars, history, top, ListLength);
        var list = new int[Math.Min(top.Length, ListLength)];
        for (var i = 0; i < list.Length; i++)
            list[i] = top[i].Item;
        return list;
    }

    static double Average(IEnumerable<double> values) => values.DefaultIfEmpty().Average();

    static ReadOnlySpan<RatedItem> HistoryOf(RatingMatrix training, int user) =>
        user < training.Users ? training.HistoryOf(user) : [];

    static int RatedFilms(RatingMatrix training, RatingEntry[] heldOut)
    {
        var rated = heldOut.Select(entry => entry.Item).ToHashSet();
        for (var item = 0; item < training.Items; item++)
        {
            if (!training.RatersOf(item).IsEmpty)
                rated.Add(item);
        }
        return rated.Count;
    }

    /// <summary>Positions of each user's entries, users ascending.</summary>
    static int[][] RowsByUser(RatingEntry[] entries) =>
        [.. Enumerable.Range(0, entries.Length).GroupBy(row => entries[row].User).OrderBy(group => group.Key).Select(group => group.ToArray())];
}
