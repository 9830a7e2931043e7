using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MovieRecommender.Domain.Factorization.LinearAlgebra;

/// <summary>
/// −A⁻¹ of a small symmetric positive matrix, in its place: every pivot swept once (Goodnight 1979). Only the lower triangle is worked on, by
/// whole vectors: calls for rows of so few numbers would cost more than their sums.
/// </summary>
sealed class PositiveInverse(int n)
{
    static readonly int Lane = Vector256<double>.Count;

    readonly double[] column = new double[Padded(n)];

    /// <summary>Distance between rows of <paramref name="n"/> numbers.</summary>
    internal static int Padded(int n) => (n + Lane - 1) / Lane * Lane;

    /// <param name="a">n rows of <see cref="Padded"/> numbers; the lower triangle is read and becomes −A⁻¹, and what is right of it is lost.</param>
    internal void Negate(Span<double> a)
    {
        var stride = Padded(n);
        ref var first = ref MemoryMarshal.GetReference(a[..(n * stride)]);
        ref var vector = ref MemoryMarshal.GetArrayDataReference(column);
        for (var k = 0; k < n; k++)
        {
            a.Slice(k * stride, k + 1).CopyTo(column);
            for (var i = k + 1; i < n; i++)
                column[i] = a[(i * stride) + k];
            var inverse = 1 / column[k];
            for (var i = 0; i < n; i++)
            {
                var row = (nuint)(i * stride);
                var factor = Vector256.Create(-column[i] * inverse);
                for (nuint at = 0; at <= (nuint)i; at += (nuint)Lane)
                    Vector256.FusedMultiplyAdd(factor, Vector256.LoadUnsafe(ref vector, at), Vector256.LoadUnsafe(ref first, row + at)).StoreUnsafe(ref first, row + at);
            }
            for (var j = 0; j < k; j++)
                a[(k * stride) + j] = column[j] * inverse;
            for (var i = k + 1; i < n; i++)
                a[(i * stride) + k] = column[i] * inverse;
            a[(k * stride) + k] = -inverse;
        }
    }
}
