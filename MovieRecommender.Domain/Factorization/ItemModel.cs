namespace MovieRecommender.Domain.Factorization;

/// <summary>A prediction in stars with its honest uncertainty.</summary>
/// <param name="Stars">Expected stars, clipped to 0.5 to 5.</param>
/// <param name="Deviation">Standard deviation of the rating the person would give, in stars.</param>
public readonly record struct StarPrediction(float Stars, float Deviation);

/// <summary>Progress of a training.</summary>
/// <param name="Fraction">0 to 1, never falling.</param>
/// <param name="Step">What is being done, such as "sweep 3 of 12".</param>
/// <param name="TrainingLoss">Loss on the training ratings after this step, if known.</param>
/// <param name="ValidationLoss">Loss on the inner validation ratings after this step, if known.</param>
/// <param name="Member">Which of several models that are trained one after the other the losses are of, from 0.</param>
public readonly record struct TrainingProgress(double Fraction, string Step, double? TrainingLoss = null, double? ValidationLoss = null, int Member = 0);

/// <summary>Learns an <see cref="ItemModel"/> from ratings. Deterministic: same data and options, same model, whatever the thread count.</summary>
public interface ITrainer
{
    /// <summary>The algorithm's public name, such as <c>biased-mf</c>.</summary>
    string Name { get; }

    /// <summary>Trains on <paramref name="data"/>.</summary>
    /// <exception cref="OperationCanceledException">Within half a second of cancellation.</exception>
    ItemModel Train(TrainingSet data, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken);
}

/// <summary>
/// The item side of a recommender: all that training publishes. A person is never part of it;
/// their history is folded in at request time.
/// </summary>
public abstract class ItemModel
{
    /// <summary>The algorithm's public name.</summary>
    public abstract string Algorithm { get; }

    /// <summary>Number of items; dense indices run from 0 to this, exclusive.</summary>
    public abstract int Items { get; }

    /// <summary>Scores every item for one person; higher is better.</summary>
    /// <param name="history">The person's ratings, oldest first. May be empty; may hold indices outside the model, which are ignored.</param>
    /// <param name="scores">Length <see cref="Items"/>. An item the model cannot rank gets <see cref="float.NegativeInfinity"/>; never NaN.</param>
    public abstract void Score(ReadOnlySpan<RatedItem> history, Span<float> scores);

    /// <summary>
    /// Splits the score of one item exactly into the parts that each rating of the history contributes.
    /// </summary>
    /// <param name="history">As in <see cref="Score"/>.</param>
    /// <param name="item">Dense item index.</param>
    /// <param name="parts">Length of <paramref name="history"/>; receives each rating's part.</param>
    /// <returns>The part no rating explains (a prior). The parts and it sum to the score.</returns>
    public abstract float Explain(ReadOnlySpan<RatedItem> history, int item, Span<float> parts);

    /// <summary>Works out beforehand what the first people served would wait for. Nothing depends on it but their time.</summary>
    public virtual void Warm()
    {
    }

    /// <summary>The films as vectors whose products tell what goes together; null for a model that has none.</summary>
    /// <param name="movieIds">Public id of each dense item index.</param>
    public virtual ItemFactors? Factors(IReadOnlyList<int> movieIds) => null;

    /// <summary>Writes the model; <see cref="ItemModelFormat.Read"/> reads it back bit for bit.</summary>
    public abstract void Write(BinaryWriter writer);
}

/// <summary>Predicts one person's stars for some items.</summary>
/// <param name="items">Dense item indices; one outside the model gets the model's fallback.</param>
/// <param name="predictions">Length of <paramref name="items"/>.</param>
public delegate void StarPredictor(ReadOnlySpan<int> items, Span<StarPrediction> predictions);

/// <summary>An <see cref="ItemModel"/> that also predicts stars.</summary>
public abstract class StarModel : ItemModel
{
    /// <summary>Folds a person in, for any number of predictions.</summary>
    /// <param name="history">As in <see cref="ItemModel.Score"/>.</param>
    public abstract StarPredictor PredictorFor(ReadOnlySpan<RatedItem> history);

    /// <summary>Predicts stars for some items, folding the person in once.</summary>
    /// <param name="history">As in <see cref="ItemModel.Score"/>.</param>
    /// <param name="items">Dense item indices; one outside the model gets the model's fallback.</param>
    /// <param name="predictions">Length of <paramref name="items"/>.</param>
    public void Predict(ReadOnlySpan<RatedItem> history, ReadOnlySpan<int> items, Span<StarPrediction> predictions) => PredictorFor(history)(items, predictions);
}
