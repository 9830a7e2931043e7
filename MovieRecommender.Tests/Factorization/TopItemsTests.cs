using CsCheck;
using MovieRecommender.Domain.Factorization;

namespace MovieRecommender.Tests.Factorization;

public class TopItemsTests
{
    static readonly Gen<float> Score = Gen.OneOf(
        Gen.Int[0, 6].Select(value => (float)value), Gen.Const(float.NegativeInfinity), Gen.Const(float.NaN), Gen.Single[-1, 1]);

    // Many ties, or none.
    static readonly Gen<float[]> Scores = Gen.OneOf(Score.Array[0, 900], Gen.Single[-1, 1].Array[0, 900]);

    [Fact]
    public void SelectsWhatSortingWouldSelect() =>
        Gen.Select(Scores, Gen.Int[-2, 902].Array[0, 30], Gen.Int[0, 20]).Sample((scores, excluded, length) =>
        {
            var top = new ScoredItem[length];
            var count = TopItems.Select(scores, excluded, top);
            var naive = Enumerable.Range(0, scores.Length)
                .Where(item => scores[item] > float.NegativeInfinity && !excluded.Contains(item))
                .OrderByDescending(item => scores[item]).ThenBy(item => item)
                .Take(length).ToArray();
            Assert.Equal(naive, top.Take(count).Select(film => film.Item));
            Assert.Equal(count, TopItems.Select(scores, item => !excluded.Contains(item), top));
            Assert.Equal(naive, top.Take(count).Select(film => film.Item));
        });

    [Fact]
    public void LooksFurtherDownWhenTheBestAreLeftOut()
    {
        float[] scores = [.. Enumerable.Range(0, 1000)];
        var top = new ScoredItem[10];
        Assert.Equal(10, TopItems.Select(scores, item => item < 100, top));
        Assert.Equal(Enumerable.Range(90, 10).Reverse(), top.Select(film => film.Item));
    }

    [Fact]
    public void AllocatesNothingForEachScoredItem()
    {
        var scores = new float[20_000];
        for (var item = 0; item < scores.Length; item++)
            scores[item] = item;
        var top = new ScoredItem[10];
        TopItems.Select(scores, [1, 2], top);
        var before = GC.GetAllocatedBytesForCurrentThread();
        TopItems.Select(scores, [1, 2], top);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1024);
    }
}
