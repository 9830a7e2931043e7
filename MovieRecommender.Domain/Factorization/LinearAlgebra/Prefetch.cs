using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace MovieRecommender.Domain.Factorization.LinearAlgebra;

/// <summary>Asks memory for what will be read soon: rows of films lie far apart, and no processor guesses which is next.</summary>
static class Prefetch
{
    const int CacheLine = 64;

    internal static unsafe void Row<T>(ReadOnlySpan<T> row) where T : unmanaged
    {
        if (!Sse.IsSupported)
            return;
        ref var first = ref Unsafe.As<T, byte>(ref MemoryMarshal.GetReference(row));
        for (var at = 0; at < row.Length * sizeof(T); at += CacheLine)
            Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.Add(ref first, at)));
    }
}
