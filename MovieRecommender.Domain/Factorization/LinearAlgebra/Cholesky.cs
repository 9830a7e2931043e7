using System.Numerics.Tensors;

namespace MovieRecommender.Domain.Factorization.LinearAlgebra;

/// <summary>Factorisations of small symmetric positive matrices in double, and what is built from them.</summary>
static class Cholesky
{
    /// <summary>Replaces the lower triangle of a row-major n × n matrix by L with L·Lᵀ = A. The upper one is left alone.</summary>
    /// <remarks>
    /// A pivot lost to rounding means that its direction follows from the ones before. It becomes so large that the direction
    /// vanishes from L⁻¹ and from solutions: the result is finite for matrices of any rank.
    /// </remarks>
    internal static void Factorise(Span<double> a, int n)
    {
        const double Lost = 1e-12;
        const double Vanishing = 1e100;
        for (var i = 0; i < n; i++)
        {
            var row = a.Slice(i * n, n);
            for (var j = 0; j < i; j++)
                row[j] = (row[j] - TensorPrimitives.Dot<double>(row[..j], a.Slice(j * n, j))) / a[(j * n) + j];
            var pivot = row[i] - TensorPrimitives.Dot<double>(row[..i], row[..i]);
            row[i] = pivot > Lost * row[i] ? Math.Sqrt(pivot) : Vanishing;
        }
    }

    /// <summary>Solves L·Lᵀ·x = b in place, for a lower-triangular L as <see cref="Factorise"/> leaves it.</summary>
    internal static void Solve(ReadOnlySpan<double> lower, Span<double> b, int n)
    {
        for (var i = 0; i < n; i++)
            b[i] = (b[i] - TensorPrimitives.Dot(lower.Slice(i * n, i), b[..i])) / lower[(i * n) + i];
        for (var i = n - 1; i >= 0; i--)
        {
            b[i] /= lower[(i * n) + i];
            TensorPrimitives.MultiplyAdd(lower.Slice(i * n, i), -b[i], b[..i], b[..i]);
        }
    }

    /// <summary>L⁻¹ of a lower-triangular L; the upper triangle of <paramref name="inverse"/> becomes zero.</summary>
    internal static void Invert(ReadOnlySpan<double> lower, Span<double> inverse, int n)
    {
        // Row i of L⁻¹ is (eᵢ − Σ_{k<i} L[i,k] · row k) / L[i,i].
        inverse[..(n * n)].Clear();
        for (var i = 0; i < n; i++)
        {
            var row = inverse.Slice(i * n, i + 1);
            for (var k = 0; k < i; k++)
                TensorPrimitives.MultiplyAdd(inverse.Slice(k * n, k + 1), -lower[(i * n) + k], row[..(k + 1)], row[..(k + 1)]);
            row[i] = 1;
            TensorPrimitives.Divide(row, lower[(i * n) + i], row);
        }
    }

    /// <summary>L⁻ᵀ · L⁻¹ = A⁻¹, both triangles, for the L⁻¹ that <see cref="Invert"/> makes.</summary>
    internal static void MultiplyTransposed(ReadOnlySpan<double> inverseLower, Span<double> result, int n)
    {
        result[..(n * n)].Clear();
        for (var k = 0; k < n; k++)
        {
            var row = inverseLower.Slice(k * n, k + 1);
            for (var i = 0; i <= k; i++)
                TensorPrimitives.MultiplyAdd(row, row[i], result.Slice(i * n, k + 1), result.Slice(i * n, k + 1));
        }
    }

    /// <summary>L⁻ᵀ (upper triangular) as floats, for a lower-triangular L as <see cref="Factorise"/> leaves it.</summary>
    internal static Matrix InverseTranspose(ReadOnlySpan<double> lower, int n)
    {
        var inverse = new double[(long)n * n];
        Invert(lower, inverse, n);
        var result = new Matrix(n, n);
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j <= i; j++)
                result[j, i] = (float)inverse[(i * n) + j];
        }
        return result;
    }

    /// <summary>An orthonormal basis of the columns of Y (Cholesky QR): Y · L⁻ᵀ with L·Lᵀ = YᵀY.</summary>
    internal static Matrix Orthonormalise(Matrix y, CancellationToken cancellationToken)
    {
        var gram = Products.TransposeMultiply(y, y, symmetric: true, cancellationToken);
        Factorise(gram, y.Columns);
        return Products.Multiply(y, InverseTranspose(gram, y.Columns), cancellationToken);
    }
}
