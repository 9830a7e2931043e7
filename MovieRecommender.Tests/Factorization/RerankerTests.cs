using CsCheck;
using MovieRecommender.Domain.Factorization;

namespace MovieRecommender.Tests.Factorization;

public class RerankerTests
{
    [Fact]
    public void WhatWillBeLikedMovesUpWithItsPrediction()
    {
        ScoredItem[] candidates = [new(0, 1), new(1, 0.9f), new(2, 0.2f)];
        var predictions = Reranker.Rerank(new Fixed(2.5f, 4.5f, 5), [], candidates, 3).ToArray();
        Assert.Equal([1, 0, 2], candidates.Select(candidate => candidate.Item));
        Assert.Equal([4.5f, 2.5f, 5], predictions.Select(prediction => prediction.Stars));
        Assert.All(candidates, candidate => Assert.InRange(candidate.Score, 0, 0.9f));
    }

    [Fact]
    public void EqualPredictionsLeaveTheOrderAsItIs()
    {
        ScoredItem[] candidates = [new(2, 3), new(0, 2), new(1, 2)];
        Reranker.Rerank(new Fixed(4, 4, 4), [], candidates, 3);
        Assert.Equal([2, 0, 1], candidates.Select(candidate => candidate.Item));
    }

    [Fact]
    public void AScoreThatSpeaksAgainstAFilmStays()
    {
        ScoredItem[] candidates = [new(0, 1), new(1, 0), new(2, -1)];
        Reranker.Rerank(new Fixed(0.5f, 5, 5), [], candidates, 3);
        Assert.Equal([0, 1, 2], candidates.Select(candidate => candidate.Item));
        Assert.Equal([0, -1], candidates[1..].Select(candidate => candidate.Score));
    }

    [Fact]
    public void TheBestFewAreThoseOfReorderingAll() =>
        Gen.Select(Gen.Int[-200, 1000].Select(score => score / 1000f).Array[0, 60], Gen.Int[5, 50].Select(stars => stars / 10f).Array[60], Gen.Int[1, 20]).Sample((scores, stars, count) =>
        {
            ScoredItem[] some = [.. scores.OrderDescending().Select((score, item) => new ScoredItem(item, score))], all = [.. some];
            var predictions = Reranker.Rerank(new Fixed(stars), [], some, count).ToArray();
            var expected = Reranker.Rerank(new Fixed(stars), [], all, all.Length).ToArray();
            Assert.Equal(all.Take(count), some.Take(count));
            Assert.Equal(expected.Take(count), predictions);
        });

    [Fact]
    public void NobodyIsAskedAboutFilmsTooFarBehind()
    {
        ScoredItem[] candidates = [.. Enumerable.Range(0, 60).Select(item => new ScoredItem(item, item < 20 ? 1 : 0.1f))];
        var stars = new Fixed([.. Enumerable.Repeat(4f, 60)]);
        Reranker.Rerank(stars, [], candidates, 10);
        Assert.InRange(stars.Asked, 20, 30);
    }

    /// <summary>Predicts the same for everybody.</summary>
    sealed class Fixed(params float[] stars) : StarModel
    {
        /// <summary>About how many films it was asked.</summary>
        public int Asked { get; private set; }

        public override string Algorithm => "fixed";

        public override int Items => stars.Length;

        public override StarPredictor PredictorFor(ReadOnlySpan<RatedItem> history) => (items, predictions) =>
        {
            Asked += items.Length;
            for (var i = 0; i < items.Length; i++)
                predictions[i] = new(stars[items[i]], 0.8f);
        };

        public override void Score(ReadOnlySpan<RatedItem> history, Span<float> scores) => stars.CopyTo(scores);

        public override float Explain(ReadOnlySpan<RatedItem> history, int item, Span<float> parts) => stars[item];

        public override void Write(BinaryWriter writer) => throw new NotSupportedException();
    }
}
