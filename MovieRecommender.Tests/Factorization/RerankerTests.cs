using MovieRecommender.Domain.Factorization;

namespace MovieRecommender.Tests.Factorization;

public class RerankerTests
{
    [Fact]
    public void WhatWillBeLikedMovesUpWithItsPrediction()
    {
        ScoredItem[] candidates = [new(0, 1), new(1, 0.9f), new(2, 0.2f)];
        var predictions = Reranker.Rerank(new Fixed(2.5f, 4.5f, 5), [], candidates);
        Assert.Equal([1, 0, 2], candidates.Select(candidate => candidate.Item));
        Assert.Equal([4.5f, 2.5f, 5], predictions.Select(prediction => prediction.Stars));
        Assert.All(candidates, candidate => Assert.InRange(candidate.Score, 0, 0.9f));
    }

    [Fact]
    public void EqualPredictionsLeaveTheOrderAsItIs()
    {
        ScoredItem[] candidates = [new(2, 3), new(0, 2), new(1, 2)];
        Reranker.Rerank(new Fixed(4, 4, 4), [], candidates);
        Assert.Equal([2, 0, 1], candidates.Select(candidate => candidate.Item));
    }

    [Fact]
    public void AScoreThatSpeaksAgainstAFilmStays()
    {
        ScoredItem[] candidates = [new(0, 1), new(1, 0), new(2, -1)];
        Reranker.Rerank(new Fixed(0.5f, 5, 5), [], candidates);
        Assert.Equal([0, 1, 2], candidates.Select(candidate => candidate.Item));
        Assert.Equal([0, -1], candidates[1..].Select(candidate => candidate.Score));
    }

    /// <summary>Predicts the same for everybody.</summary>
    sealed class Fixed(params float[] stars) : StarModel
    {
        public override string Algorithm => "fixed";

        public override int Items => stars.Length;

        public override void Predict(ReadOnlySpan<RatedItem> history, ReadOnlySpan<int> items, Span<StarPrediction> predictions)
        {
            for (var i = 0; i < items.Length; i++)
                predictions[i] = new(stars[items[i]], 0.8f);
        }

        public override void Score(ReadOnlySpan<RatedItem> history, Span<float> scores) => stars.CopyTo(scores);

        public override float Explain(ReadOnlySpan<RatedItem> history, int item, Span<float> parts) => stars[item];

        public override void Write(BinaryWriter writer) => throw new NotSupportedException();
    }
}
