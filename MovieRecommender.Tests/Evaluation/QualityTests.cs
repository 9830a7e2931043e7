using MovieRecommender.Domain.Evaluation;
using MovieRecommender.Domain.Factorization;

namespace MovieRecommender.Tests.Evaluation;

/// <summary>Bounds on the quality on real data: a change that costs quality is a failing test.</summary>
public class QualityTests
{
    [MovieLensFact]
    public void TheRankingHeadRanksAsWellAsWeSay()
    {
        var (users, items, ratings, features) = MovieLensData.Read();
        var split = Splits.RandomPerUser(ratings, 0.2, seed: 1);
        var data = new TrainingSet(RatingMatrix.Build(users, items, split.Training), features);
        var model = new LinearAutoencoderTrainer().Train(data, null, CancellationToken.None);
        var card = Evaluator.Ranking(model, data.Ratings, split.HeldOut);
        Assert.InRange(card.Ndcg, 0.335, 0.36);
        Assert.InRange(card.Coverage, 0.06, 0.12);
        Assert.InRange(card.Novelty, 2.5, 3);
    }

    [MovieLensFact]
    public void TheRatingHeadPredictsAsWellAsWeSay()
    {
        var (users, items, ratings, features) = MovieLensData.Read();
        var split = Splits.LatestPerUser(ratings, 0.2);
        var data = new TrainingSet(RatingMatrix.Build(users, items, split.Training), features);
        var model = (StarModel)new BiasedMfTrainer().Train(data, null, CancellationToken.None);
        Assert.InRange(Evaluator.Rating(model, data.Ratings, split.HeldOut).Rmse, 0.84, 0.856);
        var net = (StarModel)new RecommenderNetTrainer().Train(data, null, CancellationToken.None);
        Assert.InRange(Evaluator.Rating(net, data.Ratings, split.HeldOut).Rmse, 0.86, 0.88);
    }
}
