using System.Numerics.Tensors;
using MovieRecommender.Domain.Factorization.LinearAlgebra;

namespace MovieRecommender.Domain.Factorization;

/// <summary>
/// What <see cref="RecommenderNetTrainer"/> learns: the films' embeddings and biases, and what people are like on average.
/// A person gets an embedding of their own by Newton's method on their ratings; nobody is scored as someone else.
/// </summary>
/// <remarks>
/// The person w minimises Σ cross-entropy + ½(w − μ)ᵀΛ(w − μ). At the minimum w = μ + Λ⁻¹Σ (y − p)·φ, so a score (a logit)
/// is a sum over the ratings.
/// </remarks>
public sealed class RecommenderNetModel : StarModel
{
    const int NewtonSteps = 12;

    readonly Matrix films;
    readonly float[] average;
    readonly float[] precision;
    readonly float deviation;

    RecommenderNetModel(Matrix films, float[] average, float[] precision, float deviation)
    {
        this.films = films;
        this.average = average;
        this.precision = precision;
        this.deviation = deviation;
    }

    /// <inheritdoc/>
    public override string Algorithm => RecommenderNetTrainer.AlgorithmName;

    /// <inheritdoc/>
    public override int Items => films.Rows;

    int Size => films.Columns - 1;

    internal static float Scaled(float stars) => (stars - 0.5f) / 4.5f;

    internal static float Sigmoid(float logit) => 1 / (1 + MathF.Exp(-logit));

    internal static RecommenderNetModel From(Matrix films, Matrix people, RatingMatrix ratings, float ridge)
    {
        var average = new float[films.Columns];
        var precision = new float[films.Columns];
        for (var i = 0; i < films.Columns; i++)
        {
            double sum = 0, squares = 0;
            for (var user = 0; user < people.Rows; user++)
                sum += people[user, i];
            var mean = sum / Math.Max(1, people.Rows);
            for (var user = 0; user < people.Rows; user++)
                squares += (people[user, i] - mean) * (people[user, i] - mean);
            average[i] = (float)mean;
            // A floor for one person alone, whose spread is zero.
            precision[i] = (float)(ridge / Math.Max(1e-3, squares / Math.Max(1, people.Rows)));
        }
        return new RecommenderNetModel(films, average, precision, Spread(films, people, ratings));
    }

    static float Spread(Matrix films, Matrix people, RatingMatrix ratings)
    {
        double squares = 0;
        for (var user = 0; user < ratings.Users; user++)
        {
            foreach (var rated in ratings.HistoryOf(user))
            {
                Span<float> person = people.Row(user), film = films.Row(rated.Item);
                var logit = TensorPrimitives.Dot(person[..^1], film[..^1]) + person[^1] + film[^1];
                squares += Math.Pow(0.5 + (4.5 * Sigmoid((float)logit)) - rated.Stars, 2);
            }
        }
        return (float)Math.Sqrt(squares / Math.Max(1, ratings.Count));
    }

    /// <inheritdoc/>
    public override void Score(ReadOnlySpan<RatedItem> history, Span<float> scores)
    {
        var (person, _) = Fold(history);
        for (var item = 0; item < Items; item++)
            scores[item] = Logit(person, item);
    }

    /// <inheritdoc/>
    public override StarPredictor PredictorFor(ReadOnlySpan<RatedItem> history)
    {
        var (person, _) = Fold(history);
        return (items, predictions) =>
        {
            for (var i = 0; i < items.Length; i++)
            {
                var stars = (uint)items[i] < (uint)Items ? StarsOf(person, items[i]) : Stars(person[^1]);
                predictions[i] = new StarPrediction(stars, deviation);
            }
        };
    }

    /// <summary>Expected stars of a person whose embedding and bias are known.</summary>
    internal float StarsOf(ReadOnlySpan<float> person, int item) => Stars(Logit(person, item));

    static float Stars(float logit) => 0.5f + (4.5f * Sigmoid(logit));

    /// <inheritdoc/>
    public override float Explain(ReadOnlySpan<RatedItem> history, int item, Span<float> parts)
    {
        parts.Clear();
        if ((uint)item >= (uint)Items)
            return 0;
        var (_, pulls) = Fold(history);
        for (var p = 0; p < history.Length; p++)
        {
            if (pulls[p] != 0)
                parts[p] = (float)(pulls[p] * Likeness(item, history[p].Item));
        }
        return Logit(average, item);
    }

    float Logit(ReadOnlySpan<float> person, int item)
    {
        var film = films.Row(item);
        return TensorPrimitives.Dot(person[..^1], film[..^1]) + person[^1] + film[^1];
    }

    /// <summary>φᵀ·Λ⁻¹·φ of two films, φ = [embedding, 1].</summary>
    double Likeness(int item, int other)
    {
        Span<float> a = films.Row(item), b = films.Row(other);
        var sum = 1.0 / precision[Size];
        for (var i = 0; i < Size; i++)
            sum += (double)a[i] * b[i] / precision[i];
        return sum;
    }

    /// <summary>The person, and how hard each rating pulls: target − prediction at the minimum; 0 for an unknown film.</summary>
    (float[] Person, double[] Pulls) Fold(ReadOnlySpan<RatedItem> history)
    {
        var n = films.Columns;
        var person = average.AsSpan().ToArray();
        var pulls = new double[history.Length];
        var hessian = new double[n * n];
        var step = new double[n];
        var feature = new double[n];
        for (var newton = 0; newton < NewtonSteps; newton++)
        {
            hessian.AsSpan().Clear();
            for (var i = 0; i < n; i++)
            {
                hessian[(i * n) + i] = precision[i];
                step[i] = precision[i] * ((double)average[i] - person[i]);
            }
            for (var p = 0; p < history.Length; p++)
            {
                if ((uint)history[p].Item >= (uint)Items)
                    continue;
                var predicted = 1 / (1 + Math.Exp(-Logit(person, history[p].Item)));
                pulls[p] = Scaled(history[p].Stars) - predicted;
                TensorPrimitives.ConvertTruncating<float, double>(films.Row(history[p].Item), feature);
                feature[n - 1] = 1;
                TensorPrimitives.MultiplyAdd(feature, pulls[p], step, step);
                for (var i = 0; i < n; i++)
                    TensorPrimitives.MultiplyAdd(feature.AsSpan(0, i + 1), predicted * (1 - predicted) * feature[i], hessian.AsSpan(i * n, i + 1), hessian.AsSpan(i * n, i + 1));
            }
            Cholesky.Factorise(hessian, n);
            Cholesky.Solve(hessian, step, n);
            for (var i = 0; i < n; i++)
                person[i] += (float)step[i];
            if (TensorPrimitives.MaxMagnitude<double>(step) is < 1e-6 and > -1e-6)
                break;
        }
        return (person, pulls);
    }

    /// <inheritdoc/>
    public override void Write(BinaryWriter writer)
    {
        writer.Write(films.Rows);
        writer.WriteArray<float>(average);
        writer.WriteArray<float>(precision);
        writer.Write(deviation);
        writer.WriteArray<float>(films.Values);
    }

    internal static RecommenderNetModel Read(BinaryReader reader)
    {
        var rows = reader.ReadInt32();
        var average = reader.ReadArray<float>();
        var precision = reader.ReadArray<float>(average.Length);
        var deviation = reader.ReadSingle();
        var values = reader.ReadArray<float>();
        if (rows < 0 || average.Length is < 2 or > 513 || values.Length % Matrix.Lane != 0 || values.Length != (long)rows * Matrix.Padded(average.Length))
            throw new InvalidDataException("The model is damaged: its embeddings do not fit its films.");
        var films = new Matrix(rows, average.Length);
        values.CopyTo(films.Values, 0);
        return new RecommenderNetModel(films, average, precision, deviation);
    }
}
