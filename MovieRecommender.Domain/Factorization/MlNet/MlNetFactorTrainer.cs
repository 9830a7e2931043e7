#if MLNET_RECOMMENDER
using System.Numerics.Tensors;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

namespace MovieRecommender.Domain.Factorization.MlNet;

/// <summary>
/// ML.NET's own MatrixFactorization as a candidate beside ours. Only in builds with <c>-p:UseMLNetRecommender=true</c>, because
/// not every package feed serves Microsoft.ML.Recommender.
/// </summary>
public sealed class MlNetFactorTrainer : ITrainer
{
    const int Rank = 128;
    const int Iterations = 20;
    const double Ridge = 0.1;

    /// <inheritdoc/>
    public string Name => MlNetFactorModel.AlgorithmName;

    /// <inheritdoc/>
    public ItemModel Train(TrainingSet data, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        var ratings = data.Ratings;
        cancellationToken.ThrowIfCancellationRequested();
        if (ratings.Count == 0)
            return new MlNetFactorModel(new float[ratings.Items], [ratings.MeanStars], 1, 1);
        var ml = new MLContext(seed: 1);
        // One thread, because LIBMF's result depends on how several interleave.
        var trainer = ml.Recommendation().Trainers.MatrixFactorization(new MatrixFactorizationTrainer.Options
        {
            MatrixRowIndexColumnName = nameof(Row.User),
            MatrixColumnIndexColumnName = nameof(Row.Movie),
            LabelColumnName = nameof(Row.Label),
            ApproximationRank = Rank,
            NumberOfIterations = Iterations,
            Lambda = Ridge,
            NumberOfThreads = 1,
            Quiet = true,
        });
        var model = trainer.Fit(ml.Data.LoadFromEnumerable(Rows(ratings), Schema(ratings))).Model;
        cancellationToken.ThrowIfCancellationRequested();
        progress?.Report(new TrainingProgress(1, "factorised"));
        return Publish(ratings, [.. model.LeftFactorMatrix], [.. model.RightFactorMatrix], model.ApproximationRank);
    }

    static MlNetFactorModel Publish(RatingMatrix ratings, float[] people, float[] films, int rank)
    {
        var averagePerson = Mean(people, rank, user => !ratings.HistoryOf(user).IsEmpty);
        var averageFilm = Mean(films, rank, item => !ratings.RatersOf(item).IsEmpty);
        double squares = 0;
        for (var item = 0; item < ratings.Items; item++)
        {
            var film = films.AsSpan(item * rank, rank);
            // LIBMF leaves a film without ratings at its random start.
            if (ratings.RatersOf(item).IsEmpty)
                averageFilm.CopyTo(film);
            foreach (var rater in ratings.RatersOf(item))
                squares += Math.Pow(rater.Stars - TensorPrimitives.Dot<float>(film, people.AsSpan(rater.User * rank, rank)), 2);
        }
        return new MlNetFactorModel(films, averagePerson, (float)Ridge, (float)Math.Sqrt(squares / ratings.Count));
    }

    static float[] Mean(float[] factors, int rank, Func<int, bool> counts)
    {
        var mean = new float[rank];
        var rows = Enumerable.Range(0, factors.Length / rank).Where(counts).ToArray();
        foreach (var row in rows)
            TensorPrimitives.Add(mean, factors.AsSpan(row * rank, rank), mean);
        TensorPrimitives.Divide(mean, rows.Length, mean);
        return mean;
    }

    // Key columns of loaded objects count from 0, and ML.NET from 1 afterwards.
    static IEnumerable<Row> Rows(RatingMatrix ratings) => Enumerable.Range(0, ratings.Users).SelectMany(user =>
        ratings.HistoryOf(user).ToArray().Select(rated => new Row { User = (uint)user, Movie = (uint)rated.Item, Label = rated.Stars }));

    static SchemaDefinition Schema(RatingMatrix ratings)
    {
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.User)].ColumnType = new KeyDataViewType(typeof(uint), ratings.Users);
        schema[nameof(Row.Movie)].ColumnType = new KeyDataViewType(typeof(uint), ratings.Items);
        return schema;
    }

    sealed class Row
    {
        public uint User { get; set; }

        public uint Movie { get; set; }

        public float Label { get; set; }
    }
}
#endif
