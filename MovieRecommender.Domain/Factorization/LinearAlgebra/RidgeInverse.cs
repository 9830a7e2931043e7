using System.Numerics.Tensors;

namespace MovieRecommender.Domain.Factorization.LinearAlgebra;

/// <summary>The inverse of a large symmetric operator plus a ridge, kept as identity minus low rank.</summary>
static class RidgeInverse
{
    /// <summary>
    /// W with (G + λI)⁻¹ ≈ I/λ − W·Wᵀ, from a Nyström approximation of G on a subspace found by power iteration
    /// (Halko, Martinsson, Tropp 2011): G ≈ Y·T⁻¹·Yᵀ with Y = G·Q and T = Qᵀ·Y, then Woodbury.
    /// </summary>
    /// <param name="size">Rows of G.</param>
    /// <param name="times">Multiplies G with a matrix. G is symmetric, with no negative eigenvalue.</param>
    /// <param name="ridge">λ, above 0.</param>
    /// <param name="rank">Columns of W; at most <paramref name="size"/> are used.</param>
    /// <param name="passes">Power iterations; each costs one product with G.</param>
    /// <param name="seed">Of the random start.</param>
    /// <param name="pass">Called after every product.</param>
    /// <param name="cancellationToken">Stops between products and within them.</param>
    internal static Matrix Factor(int size, Func<Matrix, Matrix> times, float ridge, int rank, int passes, int seed, Action? pass, CancellationToken cancellationToken)
    {
        rank = Math.Min(rank, size);
        var basis = Matrix.Gaussian(size, rank, seed);
        for (var i = 0; i < passes; i++)
        {
            basis = Cholesky.Orthonormalise(times(basis), cancellationToken);
            pass?.Invoke();
        }
        var y = times(basis);
        var inner = Products.TransposeMultiply(basis, y, lower: true, cancellationToken);
        var square = Products.TransposeMultiply(y, y, lower: true, cancellationToken);
        TensorPrimitives.MultiplyAdd(inner, ridge, square, square);
        var half = Cholesky.InverseTransposeFactor(square, rank, cancellationToken);
        TensorPrimitives.Multiply(half.Values, 1 / MathF.Sqrt(ridge), half.Values);
        pass?.Invoke();
        Products.MultiplyUpper(y, half, cancellationToken);
        return y;
    }

    /// <summary>
    /// M with (G + λ'I)⁻¹ = I/λ' − (W·M)·(W·M)ᵀ for the W of another ridge λ: W'·W'ᵀ = W·(λ/λ')²·(I − λ(1 − λ/λ')·WᵀW)⁻¹·Wᵀ
    /// by Woodbury's identity, as small as W is narrow.
    /// </summary>
    /// <param name="w">W for <paramref name="ridge"/>.</param>
    /// <param name="ridge">λ, above 0.</param>
    /// <param name="wanted">λ', at least λ: below it the factors would have to be known more exactly than they are.</param>
    /// <param name="cancellationToken">Stops within the products.</param>
    internal static Matrix Change(Matrix w, float ridge, float wanted, CancellationToken cancellationToken)
    {
        var inner = Products.TransposeMultiply(w, w, lower: true, cancellationToken);
        var share = (double)ridge / wanted;
        TensorPrimitives.Multiply(inner, -ridge * (1 - share), inner);
        for (var i = 0; i < w.Columns; i++)
            inner[(i * w.Columns) + i] += 1;
        var change = Cholesky.InverseTransposeFactor(inner, w.Columns, cancellationToken);
        TensorPrimitives.Multiply(change.Values, (float)share, change.Values);
        return change;
    }
}
