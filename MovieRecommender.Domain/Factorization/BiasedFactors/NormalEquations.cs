using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using MovieRecommender.Domain.Factorization.LinearAlgebra;

namespace MovieRecommender.Domain.Factorization;

/// <summary>
/// The Gaussian posterior of one vector [factors, bias] given its ratings and the beliefs about the other side
/// (variational Bayes: Lim and Teh 2007). One instance for each thread; nothing is allocated between solves.
/// </summary>
sealed class NormalEquations(int size)
{
    readonly float[] moments = new float[Matrix.Padded(size * (size + 1) / 2)];

    // Whole vectors; what lies behind the size is never read.
    readonly float[] target = new float[Matrix.Padded(size)];
    readonly double[] right = new double[size];
    readonly double[] square = new double[size * PositiveInverse.Padded(size)];
    readonly PositiveInverse inverse = new(size);
    double squares;
    int count;

    /// <summary>Factors and the bias.</summary>
    internal int Size => size;

    /// <summary>Posterior mean of [factors, bias].</summary>
    internal double[] Mean { get; } = new double[size];

    /// <summary>Posterior covariance, row-major.</summary>
    internal double[] Covariance { get; } = new double[size * size];

    internal void Clear()
    {
        moments.AsSpan().Clear();
        target.AsSpan().Clear();
        squares = 0;
        count = 0;
    }

    /// <summary>Adds one rating, as its difference from the overall mean, with the other side's beliefs.</summary>
    internal void Add(Beliefs others, int other, float rating)
    {
        // In one go: training spends most of its time here, and calls for so short a row cost more than their sums.
        var (theirMoments, theirFeatures, theirBias) = others.RowOf(other);
        ref float sum = ref MemoryMarshal.GetArrayDataReference(moments), aim = ref MemoryMarshal.GetArrayDataReference(target);
        for (nuint i = 0; i < (nuint)moments.Length; i += Matrix.Lane)
            (Vector512.LoadUnsafe(ref sum, i) + Beliefs.Widen(ref others.FirstMoment, theirMoments + i)).StoreUnsafe(ref sum, i);
        var weight = Vector512.Create(rating);
        for (nuint i = 0; i < (nuint)target.Length; i += Matrix.Lane)
        {
            var pull = (weight * Beliefs.Widen(ref others.FirstMoment, theirFeatures + i)) - Beliefs.Widen(ref others.FirstBiasMoment, theirBias + i);
            (Vector512.LoadUnsafe(ref aim, i) + pull).StoreUnsafe(ref aim, i);
        }
        squares += (rating * rating) - (2.0 * rating * others.BiasOf(other)) + others.BiasSquares[other];
        count++;
    }

    /// <summary>Solves for <see cref="Mean"/> and <see cref="Covariance"/>.</summary>
    /// <param name="noisePrecision">τ, one over the variance of a rating around its expectation.</param>
    /// <param name="priorPrecision">Diagonal.</param>
    /// <param name="priorMean">Of [factors, bias].</param>
    internal void Solve(double noisePrecision, ReadOnlySpan<double> priorPrecision, ReadOnlySpan<float> priorMean)
    {
        var stride = PositiveInverse.Padded(size);
        for (int row = 0, at = 0; row < size; row++)
        {
            for (var column = 0; column <= row; column++)
                square[(row * stride) + column] = noisePrecision * moments[at++];
            square[(row * stride) + row] += priorPrecision[row];
            right[row] = (noisePrecision * target[row]) + (priorPrecision[row] * priorMean[row]);
        }
        inverse.Negate(square);
        for (var row = 0; row < size; row++)
        {
            for (var column = 0; column <= row; column++)
                Covariance[(row * size) + column] = Covariance[(column * size) + row] = -square[(row * stride) + column];
        }
        for (var row = 0; row < size; row++)
            Mean[row] = TensorPrimitives.Dot<double>(Covariance.AsSpan(row * size, size), right);
    }

    /// <summary>Σ over the added ratings of E[(rating − prediction)²] under the solved posterior.</summary>
    internal double ExpectedSquaredError()
    {
        double quadratic = 0, linear = 0;
        for (int row = 0, at = 0; row < size; row++)
        {
            linear += Mean[row] * target[row];
            for (var column = 0; column <= row; column++, at++)
            {
                var both = (Mean[row] * Mean[column]) + Covariance[(row * size) + column];
                quadratic += (row == column ? 1 : 2) * moments[at] * both;
            }
        }
        return count == 0 ? 0 : Math.Max(0, squares - (2 * linear) + quadratic);
    }
}
