using CsCheck;
using MovieRecommender.Domain.Evaluation;

namespace MovieRecommender.Tests.Evaluation;

public class MetricsTests
{
    [Fact]
    public void ListsAreJudgedAsTheDefinitionsSay() =>
        Gen.Select(Gen.Int[0, 30].HashSet[0, 15], Gen.Int[0, 30].HashSet[1, 15]).Sample((list, relevant) =>
        {
            var items = list.ToArray();
            var metrics = RankingMetrics.OfList(items, relevant);
            var top = items.Take(10).ToArray();
            var best = Math.Min(10, relevant.Count);
            var gain = top.Select((item, rank) => relevant.Contains(item) ? 1 / Math.Log2(rank + 2) : 0).Sum();
            var ideal = Enumerable.Range(0, best).Sum(rank => 1 / Math.Log2(rank + 2));
            Assert.Equal(gain / ideal, metrics.Ndcg, 1e-12);
            Assert.Equal(top.Count(relevant.Contains) / (double)best, metrics.Recall, 1e-12);
            var precision = Enumerable.Range(1, top.Length).Where(k => relevant.Contains(top[k - 1])).Sum(k => top.Take(k).Count(relevant.Contains) / (double)k);
            Assert.Equal(precision / best, metrics.AveragePrecision, 1e-12);
        });

    [Fact]
    public void StarsAreJudgedAsTheDefinitionsSay() =>
        Gen.Select(Gen.Single[0.5f, 5f], Gen.Int[1, 10], (predicted, half) => (predicted, actual: half / 2f)).Array[1, 40].Sample(pairs =>
        {
            var card = RatingMetrics.Score(Array.ConvertAll(pairs, pair => pair.predicted), Array.ConvertAll(pairs, pair => pair.actual));
            Assert.Equal(Math.Sqrt(pairs.Average(pair => Math.Pow((double)pair.predicted - pair.actual, 2))), card.Rmse, 1e-9);
            Assert.Equal(pairs.Average(pair => Math.Abs((double)pair.predicted - pair.actual)), card.Mae, 1e-9);
            Assert.Equal(pairs.Length, card.SquaredErrors.Count);
            Assert.True(double.IsFinite(card.Bce));
        });

    [Fact]
    public void CrossEntropyOfACoinIsOneBit() =>
        Assert.Equal(Math.Log(2), RatingMetrics.Score([2.75f, 2.75f], [0.5f, 5f]).Bce, 1e-6);

    [Fact]
    public void CoverageAndNoveltyAreWorkedByHand()
    {
        Assert.Equal(0.5, RankingMetrics.Coverage([1, 2, 2, 1], 4));
        Assert.Equal(1, RankingMetrics.Novelty([0, 1], item => item == 0 ? 3 : 0, 3), 1e-12);
        Assert.Equal(new Estimate(2, 1), Estimate.Of([1, 3]));
        Assert.Equal(new Estimate(1, 0), Estimate.OfDifference([2, 3], [1, 2]));
    }
}
