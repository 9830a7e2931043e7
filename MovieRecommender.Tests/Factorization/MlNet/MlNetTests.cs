using Microsoft.ML;
using MovieRecommender.Domain.Evaluation;
using MovieRecommender.Domain.Factorization;
using MovieRecommender.Domain.Factorization.MlNet;

namespace MovieRecommender.Tests.Factorization.MlNet;

/// <summary>The trainers inside ML.NET: pipelines, cross-validation, single predictions, evaluation and zips.</summary>
public class MlNetTests
{
    public sealed class Row
    {
        public int UserId { get; set; }

        public int MovieId { get; set; }

        public float Label { get; set; }

        public long Time { get; set; }
    }

    public sealed class Scored
    {
        public float Score { get; set; }
    }

    public static TheoryData<string> Names => [.. Trainers.Names];

    readonly MLContext ml = new(seed: 1);

    static readonly TrainingSet Toy = ToyWorlds.Checkerboard();

    static Row[] Rows() => [.. Enumerable.Range(0, Toy.Ratings.Users).SelectMany(user => Toy.Ratings.HistoryOf(user).ToArray()
        .Select(rated => new Row { UserId = 1000 + user, MovieId = 500 + rated.Item, Label = rated.Stars, Time = rated.Time }))];

    IEstimator<ITransformer> Pipeline(ITrainer trainer) =>
        ml.Transforms.Conversion.MapValueToKey("User", nameof(Row.UserId))
            .Append(ml.Transforms.Conversion.MapValueToKey("Movie", nameof(Row.MovieId)))
            .Append(new RecommenderEstimator(ml, trainer, new RecommenderColumns { Time = nameof(Row.Time) }));

    float[] ScoresOf(ITransformer pipeline, IEnumerable<Row> rows) =>
        [.. ml.Data.CreateEnumerable<Scored>(pipeline.Transform(ml.Data.LoadFromEnumerable(rows)), reuseRowObject: false).Select(row => row.Score)];

    [Theory, MemberData(nameof(Names))]
    public void APipelineScoresLikeTheModelItself(string name)
    {
        var rows = Rows();
        var pipeline = Pipeline(Trainers.Create(name)).Fit(ml.Data.LoadFromEnumerable(rows));
        // Keys count up in order of appearance, so the same ratings in that order are the same training set.
        var users = rows.Select(row => row.UserId).Distinct().ToList();
        var movies = rows.Select(row => row.MovieId).Distinct().ToList();
        var entries = Array.ConvertAll(rows, row => new RatingEntry(users.IndexOf(row.UserId), movies.IndexOf(row.MovieId), row.Label, row.Time));
        var nothing = new ItemFeatures([.. movies.Select(_ => (IReadOnlyList<string>)[])], [.. movies.Select(_ => (int?)null)], [.. movies.Select(_ => (IReadOnlyList<string>)[])]);
        var matrix = RatingMatrix.Build(users.Count, movies.Count, entries);
        var model = Trainers.Create(name).Train(new TrainingSet(matrix, nothing), null, CancellationToken.None);
        var expected = entries.Select(entry =>
        {
            if (model is StarModel stars)
            {
                var predictions = new StarPrediction[1];
                stars.Predict(matrix.HistoryOf(entry.User), [entry.Item], predictions);
                return predictions[0].Stars;
            }
            var scores = new float[model.Items];
            model.Score(matrix.HistoryOf(entry.User), scores);
            return scores[entry.Item];
        });
        Assert.Equal(expected, ScoresOf(pipeline, rows));
    }

    [Theory, MemberData(nameof(Names))]
    public void ASavedPipelineScoresTheSame(string name)
    {
        var rows = Rows();
        var data = ml.Data.LoadFromEnumerable(rows);
        var pipeline = Pipeline(Trainers.Create(name)).Fit(data);
        using var zip = new MemoryStream();
        ml.Model.Save(pipeline, data.Schema, zip);
        zip.Position = 0;
        Assert.Equal(ScoresOf(pipeline, rows), ScoresOf(MlNetModel.Load(new MLContext(), zip), rows));
    }

    [Fact]
    public void CrossValidationLearnsTheTastes()
    {
        var data = ml.Data.LoadFromEnumerable(Rows());
        var folds = ml.Regression.CrossValidate(data, Pipeline(new BiasedMfTrainer()), numberOfFolds: 4);
        Assert.Equal(4, folds.Count);
        // Stars are 1 or 5 here; always guessing the mean is off by 2.
        Assert.All(folds, fold => Assert.InRange(fold.Metrics.RootMeanSquaredError, 0, 1));
    }

    [Fact]
    public void APredictionEngineAnswersOneRowAndAStranger()
    {
        var pipeline = Pipeline(new BiasedMfTrainer()).Fit(ml.Data.LoadFromEnumerable(Rows()));
        using var engine = ml.Model.CreatePredictionEngine<Row, Scored>(pipeline);
        var liked = engine.Predict(new Row { UserId = 1002, MovieId = 504 }).Score;
        var disliked = engine.Predict(new Row { UserId = 1002, MovieId = 505 }).Score;
        Assert.True(liked > disliked + 1, $"{liked} against {disliked}");
        Assert.InRange(engine.Predict(new Row { UserId = 7, MovieId = 504 }).Score, 0.5f, 5f);
        Assert.InRange(engine.Predict(new Row { UserId = 1002, MovieId = 7 }).Score, 0.5f, 5f);
    }

    [Theory, MemberData(nameof(Names))]
    public void AVersionInAZipScoresTheSame(string name)
    {
        var model = Trainers.Create(name).Train(Toy, null, CancellationToken.None);
        int[] ids = [.. Enumerable.Range(0, model.Items).Select(item => 9000 - (3 * item))];
        using var zip = new MemoryStream();
        MlNetModel.Save(ml, model, ids, zip);
        zip.Position = 0;
        var other = new MLContext();
        using var engine = other.Model.CreatePredictionEngine<FilmQuery, FilmScore>(MlNetModel.Load(other, zip));
        RatedItem[] history = [new(2, 5, 10), new(999, 3, 15), new(3, 1, 20), new(6, 4.5f, 30)];
        var expected = new float[model.Items];
        model.Score(history, expected);
        if (model is StarModel stars)
        {
            var predictions = new StarPrediction[model.Items];
            stars.Predict(history, [.. Enumerable.Range(0, model.Items)], predictions);
            expected = Array.ConvertAll(predictions, prediction => prediction.Stars);
        }
        var query = new FilmQuery { RatedMovieIds = [8994, 7, 8991, 8982], RatedStars = [5, 3, 1, 4.5f], RatedTimes = [10, 15, 20, 30] };
        for (var item = 0; item < model.Items; item++)
        {
            query.MovieId = ids[item];
            Assert.Equal(expected[item], engine.Predict(query).Score);
        }
        Assert.Throws<ArgumentException>(() => MlNetModel.Save(ml, model, [1, 2], new MemoryStream()));
    }

    [Fact]
    public void ColumnsOfTheWrongKindAreNamed()
    {
        var data = ml.Data.LoadFromEnumerable(Rows());
        var estimator = new RecommenderEstimator(ml, new PopularityTrainer(), new RecommenderColumns { User = nameof(Row.UserId), Movie = nameof(Row.MovieId) });
        Assert.Contains("'UserId'", Assert.Throws<ArgumentException>(() => estimator.Fit(data)).Message);
    }

    [Fact]
    public void MlNetsMetricsAgreeWithOurs()
    {
        var ratings = Enumerable.Range(0, Toy.Ratings.Users).SelectMany(user => Toy.Ratings.HistoryOf(user).ToArray()
            .Select(rated => new RatingEntry(user, rated.Item, rated.Item % 3 == 0 ? 4 - (user % 2) : rated.Stars, rated.Time))).ToArray();
        Agree(Splits.RandomPerUser(ratings, 0.4, seed: 3), ToyWorlds.Features(Toy.Ratings.Items), Toy.Ratings.Users);
    }

    [MovieLensFact]
    public void MlNetsMetricsAgreeWithOursOnRealRatings()
    {
        var (users, _, ratings, features) = MovieLensData.Read();
        Agree(Splits.RandomPerUser(ratings, 0.2, seed: 1), features, users);
    }

    void Agree(RatingSplit split, ItemFeatures features, int users)
    {
        var data = new TrainingSet(RatingMatrix.Build(users, features.Genres.Count, split.Training), features);
        var stars = (StarModel)new BiasedMfTrainer(new BiasedMfOptions { Members = 1, Sweeps = 4 }).Train(data, null, CancellationToken.None);
        var ours = Evaluator.Rating(stars, data.Ratings, split.HeldOut);
        var theirs = MlNetEvaluation.Rating(ml, stars, data.Ratings, split.HeldOut);
        Assert.Equal(theirs.RootMeanSquaredError, ours.Rmse, 1e-4);
        Assert.Equal(theirs.MeanAbsoluteError, ours.Mae, 1e-4);
        var ranker = new LinearAutoencoderTrainer(new LinearAutoencoderOptions { Rank = 64 }).Train(data, null, CancellationToken.None);
        var ndcg = MlNetEvaluation.Ranking(ml, ranker, data.Ratings, split.HeldOut).NormalizedDiscountedCumulativeGains;
        Assert.Equal(ndcg[9], Evaluator.Ranking(ranker, data.Ratings, split.HeldOut).Ndcg, 1e-4);
        Assert.InRange(ndcg[9], 0.05, 0.95);
    }
}
