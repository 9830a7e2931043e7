using System.Numerics.Tensors;

namespace MovieRecommender.Domain.Factorization.LinearAlgebra;

/// <summary>Factorisations of small symmetric positive matrices in double, and what is built from them.</summary>
static class Cholesky
{
    /// <summary>Replaces the lower triangle of a row-major n × n matrix by L with L·Lᵀ = A. The upper one is left alone.</summary>
    /// <remarks>A pivot lost to rounding becomes a tiny one, so the result is always finite.</remarks>
    internal static void Factorise(Span<double> a, int n)
    {
        double largest = 0;
        for (var i = 0; i < n; i++)
            largest = Math.Max(largest, a[(i * n) + i]);
        var floor = Math.Max(largest * 1e-14, double.Epsilon * 1e16);
        for (var i = 0; i < n; i++)
        {
            var row = a.Slice(i * n, n);
            for (var j = 0; j < i; j++)
                row[j] = (row[j] - TensorPrimitives.Dot<double>(row[..j], a.Slice(j * n, j))) / a[(j * n) + j];
            row[i] = Math.Sqrt(Math.Max(floor, row[i] - TensorPrimitives.Dot<double>(row[..i], row[..i])));
        }
    }

    /// <summary>L⁻ᵀ (upper triangular) as floats, for a lower-triangular L as <see cref="Factorise"/> leaves it.</summary>
    internal static Matrix InverseTranspose(ReadOnlySpan<double> lower, int n)
    {
        // Row i of L⁻¹ is (eᵢ − Σ_{k<i} L[i,k] · row k) / L[i,i].
        var inverse = new double[(long)n * n];
        var result = new Matrix(n, n);
        for (var i = 0; i < n; i++)
        {
            var row = inverse.AsSpan(i * n, i + 1);
            for (var k = 0; k < i; k++)
                TensorPrimitives.MultiplyAdd(inverse.AsSpan(k * n, k + 1), -lower[(i * n) + k], row[..(k + 1)], row[..(k + 1)]);
            row[i] = 1;
            TensorPrimitives.Divide(row, lower[(i * n) + i], row);
            for (var j = 0; j <= i; j++)
                result[j, i] = (float)row[j];
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
