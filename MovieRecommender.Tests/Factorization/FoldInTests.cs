using MovieRecommender.Domain.Factorization;

namespace MovieRecommender.Tests.Factorization;

/// <summary>A person of the training set, folded in from their ratings, is who training made of them.</summary>
public class FoldInTests
{
    /// <summary>Up to two hundred ratings are summed from kept weights, more go through the factors.</summary>
    [Theory]
    [InlineData(24, 0)]
    [InlineData(24, 30)]
    [InlineData(280, 0)]
    [InlineData(280, 300)]
    public void TheAutoencodersAnswerIsTheClosedForm(int films, int earlyUntil)
    {
        var data = ToyWorlds.Checkerboard(people: 50, films, timed: false);
        var options = new LinearAutoencoderOptions { Genre = 0, Tag = 0, Year = 0, PopularityDiscount = 0, Prior = 0, Regularization = 30, EarlyRegularization = 120, EarlyUntil = earlyUntil, MinRatings = 1, Passes = 4 };
        var model = new LinearAutoencoderTrainer(options).Train(data, null, CancellationToken.None);
        var weights = ClosedForm(data.Ratings, options.Regularization);
        var early = ClosedForm(data.Ratings, options.EarlyRegularization);
        var scores = new float[model.Items];
        for (var user = 0; user < data.Ratings.Users; user++)
        {
            var history = data.Ratings.HistoryOf(user);
            model.Score(history, scores);
            for (var item = 0; item < model.Items; item++)
            {
                double expected = 0;
                var few = earlyUntil == 0 ? 0 : Math.Max(0, 1 - ((double)history.Length / earlyUntil));
                foreach (var rated in history)
                    expected += Strength(rated.Stars) * (((1 - few) * weights[rated.Item, item]) + (few * early[rated.Item, item]));
                // The factors' rounding adds up over the ratings.
                Assert.Equal(expected, scores[item], Math.Max(2e-4, 2e-6 * history.Length));
            }
        }
    }

    /// <summary>What the reasons of somebody who rated much are made of is put together otherwise than their score.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(300)]
    public void ReasonsOfALongHistoryAddUpToTheScore(int earlyUntil)
    {
        var data = ToyWorlds.Checkerboard(people: 50, films: 280);
        var model = new LinearAutoencoderTrainer(new() { EarlyUntil = earlyUntil, MinRatings = 1 }).Train(data, null, CancellationToken.None);
        var history = data.Ratings.HistoryOf(3);
        var scores = new float[model.Items];
        model.Score(history, scores);
        var parts = new float[history.Length];
        for (var item = 0; item < model.Items; item++)
            Assert.Equal(scores[item], model.Explain(history, item, parts) + parts.Sum(), 2e-4f);
    }

    /// <summary>EASE as its paper writes it: B = −P / diag(P), P = (XᵀX + λI)⁻¹, nothing on the diagonal.</summary>
    static double[,] ClosedForm(RatingMatrix ratings, double ridge)
    {
        var n = ratings.Items;
        var a = new double[n, 2 * n];
        for (var user = 0; user < ratings.Users; user++)
        {
            foreach (var one in ratings.HistoryOf(user))
            {
                foreach (var other in ratings.HistoryOf(user))
                    a[one.Item, other.Item] += Strength(one.Stars) * Strength(other.Stars);
            }
        }
        for (var i = 0; i < n; i++)
        {
            a[i, i] += ridge;
            a[i, n + i] = 1;
        }
        for (var i = 0; i < n; i++)
        {
            var pivot = a[i, i];
            for (var j = 0; j < 2 * n; j++)
                a[i, j] /= pivot;
            for (var row = 0; row < n; row++)
            {
                var factor = a[row, i];
                for (var j = 0; row != i && j < 2 * n; j++)
                    a[row, j] -= factor * a[i, j];
            }
        }
        var weights = new double[n, n];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++)
                weights[i, j] = i == j ? 0 : -a[i, n + j] / a[j, n + j];
        }
        return weights;
    }

    static double Strength(float stars) => stars / 5.0 * (stars / 5.0);

    [Fact]
    public void TheFactorsPersonIsTheTrainedOne()
    {
        var data = ToyWorlds.NoisyTastes(people: 80, films: 60);
        // With an expectation from the choice of films training predicts each person from the others, and serving cannot:
        // it does not know that someone was in the training set. The ratings' own part is the same.
        var options = new BiasedMfOptions { Factors = 5, ChoiceRank = 0 };
        var (member, trained) = new BiasedMfTrainer(options).TrainMember(
            data.Ratings, new(new DescriptionPrior(data.Ratings, data.Features)), 0, null, CancellationToken.None);
        var people = trained.Means();
        for (var user = 0; user < data.Ratings.Users; user++)
        {
            var folded = member.PersonOf(data.Ratings.HistoryOf(user));
            for (var i = 0; i < folded.Length; i++)
                Assert.Equal(people[user, i], folded[i], 0.01);
        }
    }

    [Fact]
    public void TheNetworksPersonPredictsLikeTheTrainedOne()
    {
        var data = ToyWorlds.Checkerboard(people: 50, films: 24);
        var (model, people) = new RecommenderNetTrainer(RecommenderNetOptions.Tuned with { Size = 4, LearningRate = 0.02f, Epochs = 60 })
            .TrainBoth(data, null, CancellationToken.None);
        double difference = 0;
        var predictions = new StarPrediction[1];
        for (var user = 0; user < data.Ratings.Users; user++)
        {
            var history = data.Ratings.HistoryOf(user);
            model.Predict(history, [history[0].Item], predictions);
            difference += Math.Abs(predictions[0].Stars - model.StarsOf(people.Row(user), history[0].Item)) / data.Ratings.Users;
        }
        // A minimum by Newton against a walk of Adam that stopped on its way: close, not equal.
        Assert.InRange(difference, 0, 0.25);
    }
}
