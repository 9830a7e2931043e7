using System.Numerics.Tensors;
using MovieRecommender.Domain.Factorization.LinearAlgebra;

namespace MovieRecommender.Domain.Factorization.MlNet;

/// <summary>
/// The film side of a plain factorisation r ≈ v·u without biases, as ML.NET's MatrixFactorization (LIBMF) learns it. A person is
/// a ridge solve around the average person: u = ū + (VᵀV + λnI)⁻¹ Σ v (r − v·ū).
/// </summary>
public sealed class MlNetFactorModel : StarModel
{
    /// <summary>The public name.</summary>
    public const string AlgorithmName = "mlnet-mf";

    readonly Matrix films;
    readonly float[] average;
    readonly float ridge;
    readonly float deviation;

    /// <param name="factors">Films × rank, row by row; a film without ratings should have the films' mean.</param>
    /// <param name="average">Mean of the people's factors, as long as the rank.</param>
    /// <param name="ridge">λ for each rating, above 0.</param>
    /// <param name="deviation">Standard deviation of a rating around its prediction, in stars.</param>
    /// <exception cref="ArgumentException">The factors are not whole rows, or a number is out of range.</exception>
    public MlNetFactorModel(ReadOnlySpan<float> factors, float[] average, float ridge, float deviation)
    {
        if (average.Length == 0 || factors.Length % average.Length != 0)
            throw new ArgumentException($"{factors.Length} numbers are not rows of {average.Length}.");
        if (ridge is not (>= 1e-6f and <= 1e6f)) throw new ArgumentException($"ridge is {ridge}; 1E-06 to 1000000 are allowed.");
        films = new Matrix(factors.Length / average.Length, average.Length);
        for (var film = 0; film < films.Rows; film++)
            factors.Slice(film * average.Length, average.Length).CopyTo(films.Row(film));
        this.average = average;
        this.ridge = ridge;
        this.deviation = deviation;
    }

    /// <inheritdoc/>
    public override string Algorithm => AlgorithmName;

    /// <inheritdoc/>
    public override int Items => films.Rows;

    /// <inheritdoc/>
    public override void Score(ReadOnlySpan<RatedItem> history, Span<float> scores)
    {
        var person = Person(history);
        for (var item = 0; item < Items; item++)
            scores[item] = TensorPrimitives.Dot<float>(person, films.Row(item));
    }

    /// <inheritdoc/>
    public override StarPredictor PredictorFor(ReadOnlySpan<RatedItem> history)
    {
        var person = Person(history);
        return (items, predictions) =>
        {
            for (var i = 0; i < items.Length; i++)
            {
                var stars = (uint)items[i] < (uint)Items ? TensorPrimitives.Dot<float>(person, films.Row(items[i])) : 3.5f;
                predictions[i] = new StarPrediction(Math.Clamp(stars, 0.5f, 5f), deviation);
            }
        };
    }

    /// <inheritdoc/>
    public override float Explain(ReadOnlySpan<RatedItem> history, int item, Span<float> parts)
    {
        parts.Clear();
        if ((uint)item >= (uint)Items)
            return 0;
        var reach = new double[average.Length];
        TensorPrimitives.ConvertTruncating<float, double>(films.Row(item), reach);
        Cholesky.Solve(Lower(history), reach, reach.Length);
        for (var p = 0; p < history.Length; p++)
        {
            if ((uint)history[p].Item < (uint)Items)
                parts[p] = (float)(Reach(reach, films.Row(history[p].Item)) * Surprise(history[p]));
        }
        return TensorPrimitives.Dot<float>(average, films.Row(item));
    }

    float[] Person(ReadOnlySpan<RatedItem> history)
    {
        var right = new double[average.Length];
        foreach (var rated in history)
        {
            if ((uint)rated.Item >= (uint)Items)
                continue;
            var row = films.Row(rated.Item);
            for (var i = 0; i < right.Length; i++)
                right[i] += row[i] * Surprise(rated);
        }
        Cholesky.Solve(Lower(history), right, right.Length);
        return [.. right.Select((value, i) => average[i] + (float)value)];
    }

    /// <summary>The Cholesky factor of VᵀV + λnI over the history's films.</summary>
    double[] Lower(ReadOnlySpan<RatedItem> history)
    {
        var n = average.Length;
        var square = new double[n * n];
        var known = 0;
        foreach (var rated in history)
        {
            if ((uint)rated.Item >= (uint)Items)
                continue;
            known++;
            var row = films.Row(rated.Item);
            for (var i = 0; i < n; i++)
            {
                for (var j = 0; j <= i; j++)
                    square[(i * n) + j] += (double)row[i] * row[j];
            }
        }
        for (var i = 0; i < n; i++)
            square[(i * n) + i] += ridge * Math.Max(1, known);
        Cholesky.Factorise(square, n);
        return square;
    }

    double Surprise(RatedItem rated) => rated.Stars - (double)TensorPrimitives.Dot<float>(average, films.Row(rated.Item));

    static double Reach(double[] reach, ReadOnlySpan<float> row)
    {
        double sum = 0;
        for (var i = 0; i < reach.Length; i++)
            sum += reach[i] * row[i];
        return sum;
    }

    /// <inheritdoc/>
    public override void Write(BinaryWriter writer)
    {
        var factors = new float[films.Rows * films.Columns];
        for (var film = 0; film < films.Rows; film++)
            films.Row(film).CopyTo(factors.AsSpan(film * films.Columns));
        writer.WriteArray<float>(factors);
        writer.WriteArray<float>(average);
        writer.Write(ridge);
        writer.Write(deviation);
    }

    internal static MlNetFactorModel Read(BinaryReader reader)
    {
        var factors = reader.ReadArray<float>();
        var average = reader.ReadArray<float>();
        if (average.Length == 0 || factors.Length % average.Length != 0)
            throw new InvalidDataException("The model is damaged: its factors do not fit its films.");
        return new MlNetFactorModel(factors, average, reader.ReadSingle(), reader.ReadSingle());
    }
}
