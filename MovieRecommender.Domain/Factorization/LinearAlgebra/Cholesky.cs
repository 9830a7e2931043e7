using System.Buffers;
using System.Numerics.Tensors;

namespace MovieRecommender.Domain.Factorization.LinearAlgebra;

/// <summary>Factorisations of small symmetric positive matrices in double, and what is built from them.</summary>
static class Cholesky
{
    /// <summary>Rows or columns that one thread takes at a time.</summary>
    const int Block = 64;

    /// <summary>Replaces the lower triangle of a row-major n × n matrix by L with L·Lᵀ = A. The upper one is left alone.</summary>
    /// <remarks>
    /// A pivot lost to rounding means that its direction follows from the ones before. It becomes so large that the direction
    /// vanishes from L⁻¹ and from solutions: the result is finite for matrices of any rank.
    /// </remarks>
    internal static void Factorise(Span<double> a, int n)
    {
        for (var i = 0; i < n; i++)
        {
            Eliminate(a, n, i, 0, i);
            Pivot(a, n, i);
        }
    }

    /// <summary><see cref="Factorise"/> of a matrix of hundreds of rows, in parallel; the bits are the same.</summary>
    static void FactoriseLarge(double[] a, int n, CancellationToken cancellationToken)
    {
        for (var first = 0; first < n; first += Block)
        {
            // What a block's rows owe to the rows before it needs no other row of the block.
            var (begin, end) = (first, Math.Min(n, first + Block));
            Parallel.For(begin, end, new ParallelOptions { CancellationToken = cancellationToken }, i => Eliminate(a, n, i, 0, begin));
            for (var i = begin; i < end; i++)
            {
                Eliminate(a, n, i, begin, i);
                Pivot(a, n, i);
            }
        }
    }

    static void Eliminate(Span<double> a, int n, int i, int begin, int end)
    {
        var row = a.Slice(i * n, n);
        for (var j = begin; j < end; j++)
            row[j] = (row[j] - TensorPrimitives.Dot<double>(row[..j], a.Slice(j * n, j))) / a[(j * n) + j];
    }

    static void Pivot(Span<double> a, int n, int i)
    {
        const double Lost = 1e-12;
        const double Vanishing = 1e100;
        var row = a.Slice(i * n, n);
        var pivot = row[i] - TensorPrimitives.Dot<double>(row[..i], row[..i]);
        row[i] = pivot > Lost * row[i] ? Math.Sqrt(pivot) : Vanishing;
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

    /// <summary>L⁻ᵀ (upper triangular) as floats, with L·Lᵀ = A, for a matrix of hundreds of rows. A becomes L.</summary>
    internal static Matrix InverseTransposeFactor(double[] a, int n, CancellationToken cancellationToken)
    {
        FactoriseLarge(a, n, cancellationToken);
        var result = new Matrix(n, n);
        // Some columns of L⁻¹ at a time; each stays within its columns.
        Parallel.For(0, (n + Block - 1) / Block, new ParallelOptions { CancellationToken = cancellationToken }, panel =>
        {
            var first = panel * Block;
            var width = Math.Min(Block, n - first);
            var inverse = ArrayPool<double>.Shared.Rent((n - first) * width);
            for (var i = first; i < n; i++)
            {
                var row = inverse.AsSpan((i - first) * width, width);
                row.Clear();
                for (var k = first; k < i; k++)
                    TensorPrimitives.MultiplyAdd(inverse.AsSpan((k - first) * width, width), -a[(i * n) + k], row, row);
                if (i - first < width)
                    row[i - first] = 1;
                TensorPrimitives.Divide(row, a[(i * n) + i], row);
                for (var column = 0; column < width; column++)
                    result[first + column, i] = (float)row[column];
            }
            ArrayPool<double>.Shared.Return(inverse);
        });
        return result;
    }

    /// <summary>An orthonormal basis of the columns of Y (Cholesky QR), in its place: Y · L⁻ᵀ with L·Lᵀ = YᵀY.</summary>
    internal static Matrix Orthonormalise(Matrix y, CancellationToken cancellationToken)
    {
        var gram = Products.TransposeMultiply(y, y, lower: true, cancellationToken);
        Products.MultiplyUpper(y, InverseTransposeFactor(gram, y.Columns, cancellationToken), cancellationToken);
        return y;
    }
}
