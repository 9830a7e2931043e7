using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MovieRecommender.Domain.Factorization.LinearAlgebra;

/// <summary>A row of whole numbers and what it counts in a sum of rows.</summary>
readonly record struct WeightedRow(float Weight, short[] Row)
{
    const int Lane = 32;

    /// <summary>Rows that are read side by side, so that the sums are read and written once for all of them.</summary>
    const int AtOnce = 4;

    /// <summary>sums += Σ weight · row.</summary>
    /// <param name="rows">At least as long as the sums.</param>
    /// <param name="sums">Of whole rows.</param>
    internal static void Sum(ReadOnlySpan<WeightedRow> rows, Span<float> sums)
    {
        for (; rows.Length > 0; rows = rows[Math.Min(AtOnce, rows.Length)..])
            Add(rows[0], Or(rows, 1), Or(rows, 2), Or(rows, 3), rows.Length > AtOnce ? rows[AtOnce..] : rows, sums);
    }

    /// <summary>A row that is there in a place where there is none, for nothing.</summary>
    static WeightedRow Or(ReadOnlySpan<WeightedRow> rows, int at) => at < rows.Length ? rows[at] : rows[0] with { Weight = 0 };

    static unsafe void Add(WeightedRow a, WeightedRow b, WeightedRow c, WeightedRow d, ReadOnlySpan<WeightedRow> next, Span<float> sums)
    {
        ref var to = ref MemoryMarshal.GetReference(sums);
        ref short ra = ref First(a), rb = ref First(b), rc = ref First(c), rd = ref First(d);
        ref short na = ref First(next[0]), nb = ref First(Or(next, 1)), nc = ref First(Or(next, 2)), nd = ref First(Or(next, 3));
        Vector512<float> wa = Vector512.Create(a.Weight), wb = Vector512.Create(b.Weight), wc = Vector512.Create(c.Weight), wd = Vector512.Create(d.Weight);
        nuint i = 0, whole = (nuint)(sums.Length / Lane * Lane), half = Lane / 2;
        for (; i < whole; i += Lane)
        {
            if (Sse.IsSupported)
            {
                Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.Add(ref na, i)));
                Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.Add(ref nb, i)));
                Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.Add(ref nc, i)));
                Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.Add(ref nd, i)));
            }
            var (lowA, highA) = Vector512.Widen(Vector512.LoadUnsafe(ref ra, i));
            var (lowB, highB) = Vector512.Widen(Vector512.LoadUnsafe(ref rb, i));
            var (lowC, highC) = Vector512.Widen(Vector512.LoadUnsafe(ref rc, i));
            var (lowD, highD) = Vector512.Widen(Vector512.LoadUnsafe(ref rd, i));
            var low = (wa * Vector512.ConvertToSingle(lowA)) + (wb * Vector512.ConvertToSingle(lowB)) + (wc * Vector512.ConvertToSingle(lowC)) + (wd * Vector512.ConvertToSingle(lowD));
            var high = (wa * Vector512.ConvertToSingle(highA)) + (wb * Vector512.ConvertToSingle(highB)) + (wc * Vector512.ConvertToSingle(highC)) + (wd * Vector512.ConvertToSingle(highD));
            (Vector512.LoadUnsafe(ref to, i) + low).StoreUnsafe(ref to, i);
            (Vector512.LoadUnsafe(ref to, i + half) + high).StoreUnsafe(ref to, i + half);
        }
        for (var rest = (int)whole; rest < sums.Length; rest++)
            sums[rest] += (a.Weight * a.Row[rest]) + (b.Weight * b.Row[rest]) + (c.Weight * c.Row[rest]) + (d.Weight * d.Row[rest]);
    }

    static ref short First(WeightedRow row) => ref MemoryMarshal.GetArrayDataReference(row.Row);
}
