using MovieRecommender.Domain.Evaluation;
using MovieRecommender.Domain.Factorization;

namespace MovieRecommender.Tests.Evaluation;

/// <summary>Bounds on the quality on real data: a change that costs quality is a failing test.</summary>
public class QualityTests
{
    [MovieLensFact]
    public void TheRankingHeadRanksAsWellAsWeSayAndBetterWithTheRatingHead()
    {
        var (users, items, ratings, features) = MovieLensData.Read();
        var split = Splits.RandomPerUser(ratings, 0.2, seed: 1);
        var data = new TrainingSet(RatingMatrix.Build(users, items, split.Training), features);
        var model = new LinearAutoencoderTrainer().Train(data, null, CancellationToken.None);
        var card = Evaluator.Ranking(model, data.Ratings, split.HeldOut);
        Assert.InRange(card.Ndcg, 0.335, 0.36);
        Assert.InRange(card.Coverage, 0.06, 0.12);
        Assert.InRange(card.Novelty, 2.5, 3);
        var stars = (StarModel)new BiasedMfTrainer().Train(data, null, CancellationToken.None);
        Assert.InRange(Evaluator.Ranking(model, data.Ratings, split.HeldOut, stars).Ndcg, card.Ndcg + 0.001, 0.36);
    }

    [MovieLensFact]
    public void TheRatingHeadPredictsAsWellAsWeSay()
    {
        var (users, items, ratings, features) = MovieLensData.Read();
        var split = Splits.LatestPerUser(ratings, 0.2);
        var data = new TrainingSet(RatingMatrix.Build(users, items, split.Training), features);
        var model = (StarModel)new BiasedMfTrainer().Train(data, null, CancellationToken.None);
        Assert.InRange(Evaluator.Rating(model, data.Ratings, split.HeldOut).Rmse, 0.8, 0.825);
        Assert.InRange(WithinOneDeviation(model, data.Ratings, split.HeldOut), 0.65, 0.72);
        var net = (StarModel)new RecommenderNetTrainer().Train(data, null, CancellationToken.None);
        Assert.InRange(Evaluator.Rating(net, data.Ratings, split.HeldOut).Rmse, 0.86, 0.875);
    }

    /// <summary>Share of held-out ratings that lie as close to their prediction as its deviation says; .683 of a normal distribution.</summary>
    static double WithinOneDeviation(StarModel model, RatingMatrix training, RatingEntry[] heldOut)
    {
        var close = 0;
        foreach (var mine in heldOut.GroupBy(rating => rating.User))
        {
            RatingEntry[] ratings = [.. mine];
            var predictions = new StarPrediction[ratings.Length];
            model.Predict(training.HistoryOf(mine.Key), Array.ConvertAll(ratings, rating => rating.Item), predictions);
            close += ratings.Zip(predictions).Count(pair => Math.Abs(pair.First.Stars - pair.Second.Stars) < pair.Second.Deviation);
        }
        return (double)close / heldOut.Length;
    }
}
