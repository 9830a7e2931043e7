using Microsoft.ML;
using Microsoft.ML.Data;
using MovieRecommender.Domain.Factorization;

namespace MovieRecommender.Domain.Evaluation;

/// <summary>ML.NET's own verdict on a model, for whoever trusts it more than ours; the figures agree to 1e-4.</summary>
public static class MlNetEvaluation
{
    /// <summary>Judges predicted stars as <see cref="Evaluator.Rating"/> does, with <c>MLContext.Regression</c>.</summary>
    public static RegressionMetrics Rating(MLContext ml, StarModel model, RatingMatrix training, RatingEntry[] heldOut)
    {
        var rows = heldOut.GroupBy(entry => entry.User).SelectMany(mine =>
        {
            RatingEntry[] entries = [.. mine];
            var predictions = new StarPrediction[entries.Length];
            model.Predict(HistoryOf(training, mine.Key), Array.ConvertAll(entries, entry => entry.Item), predictions);
            return entries.Select((entry, i) => new RatingRow { Label = entry.Stars, Score = predictions[i].Stars });
        });
        return ml.Regression.Evaluate(ml.Data.LoadFromEnumerable(rows));
    }

    /// <summary>Judges top 10s as <see cref="Evaluator.Ranking"/> does, with <c>MLContext.Ranking</c>: NDCG@10 is the tenth entry.</summary>
    /// <remarks>
    /// ML.NET takes rows of one group that do not follow each other for several groups, and skips none of them: each person's
    /// candidates come in one run here, and only people with a relevant film come at all.
    /// </remarks>
    public static Microsoft.ML.Data.RankingMetrics Ranking(MLContext ml, ItemModel model, RatingMatrix training, RatingEntry[] heldOut)
    {
        var relevant = heldOut.Where(entry => entry.Stars >= Evaluator.RelevantFrom).ToLookup(entry => entry.User, entry => entry.Item);
        var rows = relevant.SelectMany(person => Candidates(model, HistoryOf(training, person.Key).ToArray(), [.. person], (uint)person.Key + 1));
        var schema = SchemaDefinition.Create(typeof(RankingRow));
        schema[nameof(RankingRow.Person)].ColumnType = new KeyDataViewType(typeof(uint), (ulong)Math.Max(1, relevant.Select(person => person.Key + 1).DefaultIfEmpty().Max()));
        var options = new RankingEvaluatorOptions { DcgTruncationLevel = Evaluator.ListLength, LabelGains = "0,1" };
        return ml.Ranking.Evaluate(ml.Data.LoadFromEnumerable(rows, schema), options, nameof(RankingRow.Label), nameof(RankingRow.Person), nameof(RankingRow.Score));
    }

    static IEnumerable<RankingRow> Candidates(ItemModel model, RatedItem[] history, HashSet<int> relevant, uint person)
    {
        var scores = new float[model.Items];
        model.Score(history, scores);
        var seen = history.Select(rated => rated.Item).ToHashSet();
        for (var item = 0; item < scores.Length; item++)
        {
            if (!seen.Contains(item))
                yield return new RankingRow { Label = relevant.Contains(item) ? 1 : 0, Score = Math.Max(scores[item], float.MinValue), Person = person };
        }
    }

    static ReadOnlySpan<RatedItem> HistoryOf(RatingMatrix training, int user) => user < training.Users ? training.HistoryOf(user) : [];

    sealed class RatingRow
    {
        public float Label { get; set; }

        public float Score { get; set; }
    }

    sealed class RankingRow
    {
        public float Label { get; set; }

        public float Score { get; set; }

        public uint Person { get; set; }
    }
}
