using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using MovieRecommender.Domain.Factorization.LinearAlgebra;

namespace MovieRecommender.Domain.Factorization;

/// <summary>
/// Rows of weights trained by Adam (Kingma and Ba 2015) where only the rows of a batch are touched. A row is an embedding
/// followed by its bias.
/// </summary>
/// <remarks>
/// Dense Adam also moves a row without gradient, by its fading momentum: n steps later by rate·m/√v·Σ qᵏ, k = 1…n, with
/// q = β₁/√β₂. With catch-up that whole sum is applied when the row is next needed, with the rate of the sum's mean step.
/// </remarks>
sealed class AdamTable
{
    const float Beta1 = 0.9f;
    const float Beta2 = 0.999f;
    const float Epsilon = 1e-7f;
    const int Tabled = 1024;

    // At the article's rate a first weight is walked to zero in fewer.
    const int FreshSteps = 100;

    // β₂ to this power is less than a float's precision.
    const int Corrected = 16_384;

    static readonly float[] Corrections = [.. Enumerable.Range(0, Corrected + 1).Select(step => (float)(Math.Sqrt(1 - Math.Pow(Beta2, step)) / (1 - Math.Pow(Beta1, step))))];

    static readonly Fade[] Fading = [.. Enumerable.Range(0, Tabled).Select(Fade.Of)];

    readonly Matrix first;
    readonly Matrix second;
    readonly int[] movedAt;
    readonly RecommenderNetOptions options;
    readonly Vector512<float>[] penalty;
    readonly float[] nothing;

    internal AdamTable(int rows, RecommenderNetOptions options, Random random)
    {
        this.options = options;
        Weights = new Matrix(rows, options.Size + 1);
        first = new Matrix(rows, options.Size + 1);
        second = new Matrix(rows, options.Size + 1);
        movedAt = new int[rows];
        nothing = new float[Weights.Stride];
        // The penalty is on the embedding, not on the bias behind it.
        var penalties = new float[Weights.Stride];
        penalties.AsSpan(0, options.Size).Fill(2 * options.Penalty);
        penalty = MemoryMarshal.Cast<float, Vector512<float>>(penalties).ToArray();
        // He et al. 2015: a normal cut at two deviations, rescaled by 0.8796 to the wanted spread.
        var spread = Math.Sqrt(2.0 / Math.Max(1, rows)) / 0.87962566;
        for (var row = 0; row < rows; row++)
        {
            foreach (ref var weight in Weights.Row(row)[..options.Size])
                weight = (float)(spread * CutNormal(random));
        }
    }

    internal Matrix Weights { get; }

    static double CutNormal(Random random)
    {
        while (true)
        {
            var radius = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
            var value = radius * Math.Cos(2 * Math.PI * random.NextDouble());
            if (Math.Abs(value) <= 2)
                return value;
        }
    }

    /// <summary>Brings a row to where dense Adam would have it after <paramref name="step"/> steps.</summary>
    internal void Settle(int row, int step)
    {
        if (!options.CatchUp || movedAt[row] >= step)
            return;
        // Adam divides by the gradient's own size, so even a tiny penalty alone walks a row that no batch has touched to zero.
        if (movedAt[row] == 0 && options.Penalty > 0)
        {
            for (var alone = 1; alone <= Math.Min(step, FreshSteps); alone++)
                Move(row, nothing, alone);
        }
        var missed = step - movedAt[row];
        if (missed == 0 || movedAt[row] == 0)
            return;
        var (reach, lag, kept1, kept2) = missed < Tabled ? Fading[missed] : Fade.Of(missed);
        var scale = Vector512.Create(StepLength(movedAt[row] + lag) * reach);
        var fade1 = Vector512.Create(kept1);
        var fade2 = Vector512.Create(kept2);
        var epsilon = Vector512.Create(Epsilon);
        Span<Vector512<float>> w = Vectors(Weights, row), m = Vectors(first, row), v = Vectors(second, row);
        for (var i = 0; i < w.Length; i++)
        {
            w[i] -= scale * m[i] / (Vector512.Sqrt(v[i]) + epsilon);
            m[i] *= fade1;
            v[i] *= fade2;
        }
        movedAt[row] = step;
    }

    /// <summary>One Adam step of a settled row.</summary>
    /// <param name="row">Which row.</param>
    /// <param name="gradient">Of the batch's mean loss, as long as a padded row.</param>
    /// <param name="step">Number of this step, from 1.</param>
    internal void Move(int row, ReadOnlySpan<float> gradient, int step)
    {
        var g = MemoryMarshal.Cast<float, Vector512<float>>(gradient);
        Span<Vector512<float>> w = Vectors(Weights, row), m = Vectors(first, row), v = Vectors(second, row);
        Vector512<float> keep1 = Vector512.Create(Beta1), keep2 = Vector512.Create(Beta2);
        Vector512<float> take1 = Vector512.Create(1 - Beta1), take2 = Vector512.Create(1 - Beta2);
        var length = Vector512.Create(StepLength(step));
        var epsilon = Vector512.Create(Epsilon);
        for (var i = 0; i < w.Length; i++)
        {
            var slope = g[i] + (penalty[i] * w[i]);
            m[i] = (keep1 * m[i]) + (take1 * slope);
            v[i] = (keep2 * v[i]) + (take2 * slope * slope);
            w[i] -= length * m[i] / (Vector512.Sqrt(v[i]) + epsilon);
        }
        movedAt[row] = step;
    }

    /// <summary>The rate with the correction for moments that started at zero, between two steps by a straight line.</summary>
    float StepLength(float step)
    {
        if (step >= Corrected)
            return options.LearningRate;
        var whole = (int)step;
        return options.LearningRate * (Corrections[whole] + ((step - whole) * (Corrections[whole + 1] - Corrections[whole])));
    }

    static Span<Vector512<float>> Vectors(Matrix matrix, int row) =>
        MemoryMarshal.Cast<float, Vector512<float>>(matrix.Values.AsSpan(row * matrix.Stride, matrix.Stride));

    /// <summary>What some steps without a gradient do: Σ qᵏ, its mean k, and what is left of both moments.</summary>
    readonly record struct Fade(float Reach, float Lag, float First, float Second)
    {
        internal static Fade Of(int steps)
        {
            var q = Beta1 / Math.Sqrt(Beta2);
            var power = Math.Pow(q, steps);
            var reach = q * (1 - power) / (1 - q);
            var weighted = q * (1 - ((steps + 1) * power) + (steps * power * q)) / ((1 - q) * (1 - q));
            return new Fade((float)reach, (float)(weighted / Math.Max(reach, 1e-12)), (float)Math.Pow(Beta1, steps), (float)Math.Pow(Beta2, steps));
        }
    }
}
