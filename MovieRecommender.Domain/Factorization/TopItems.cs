using System.Buffers;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.Intrinsics;

namespace MovieRecommender.Domain.Factorization;

/// <summary>An item and its score.</summary>
public readonly record struct ScoredItem(int Item, float Score);

/// <summary>The best few of many scores, in order.</summary>
public static class TopItems
{
    /// <summary>Scores among which a first bar is looked for; as many as stay in the near cache.</summary>
    const int First = 1 << 14;

    const int MostRounds = 16;

    /// <summary>
    /// Writes the best items into <paramref name="top"/>, best first; of equal scores the lower index comes first.
    /// A few quick passes for a score that few exceed, then one with a heap bounded by the length of <paramref name="top"/>: O(items + changes · log top), no allocation per item.
    /// </summary>
    /// <param name="scores">By dense item index. Negative infinity and NaN are never selected.</param>
    /// <param name="excluded">Dense indices to leave out, in any order; those outside the scores are ignored.</param>
    /// <param name="top">As long as the list that is wanted.</param>
    /// <returns>How many were written.</returns>
    public static int Select(ReadOnlySpan<float> scores, ReadOnlySpan<int> excluded, Span<ScoredItem> top)
    {
        if (top.IsEmpty)
            return 0;
        var sorted = ArrayPool<int>.Shared.Rent(excluded.Length);
        try
        {
            var left = sorted.AsSpan(0, excluded.Length);
            excluded.CopyTo(left);
            left.Sort();
            return Select(scores, left, null, top);
        }
        finally
        {
            ArrayPool<int>.Shared.Return(sorted);
        }
    }

    /// <summary>The same, with a question for what may be selected.</summary>
    /// <param name="scores">As above.</param>
    /// <param name="allowed">Asked only of items that score well enough, so it may take its time; of some of them twice.</param>
    /// <param name="top">As above.</param>
    /// <returns>How many were written.</returns>
    public static int Select(ReadOnlySpan<float> scores, Func<int, bool> allowed, Span<ScoredItem> top)
        => top.IsEmpty ? 0 : Select(scores, [], allowed, top);

    static int Select(ReadOnlySpan<float> scores, ReadOnlySpan<int> sortedOut, Func<int, bool>? allowed, Span<ScoredItem> top)
    {
        // What enough of the first ones are above, enough of all are.
        var bar = BarFor(scores[..Math.Min(First, scores.Length)], top.Length + sortedOut.Length);
        var count = Collect(scores, bar, sortedOut, allowed, top);
        // Too many of those above it were left out.
        if (count < top.Length && bar > float.NegativeInfinity)
            count = Collect(scores, float.NegativeInfinity, sortedOut, allowed, top);
        for (var end = count - 1; end > 0; end--)
        {
            (top[0], top[end]) = (top[end], top[0]);
            SiftDown(top[..end]);
        }
        return count;
    }

    static int Collect(ReadOnlySpan<float> scores, float bar, ReadOnlySpan<int> sortedOut, Func<int, bool>? allowed, Span<ScoredItem> heap)
    {
        var count = 0;
        for (var start = 0; start < scores.Length; start += Vector512<float>.Count)
        {
            for (var above = Above(scores, start, bar); above != 0; above &= above - 1)
            {
                var item = start + BitOperations.TrailingZeroCount(above);
                // Later items lose ties, so only a strictly better one may enter a full heap.
                if (!(scores[item] > bar) || sortedOut.BinarySearch(item) >= 0 || allowed?.Invoke(item) == false)
                    continue;
                var candidate = new ScoredItem(item, scores[item]);
                if (count < heap.Length)
                {
                    heap[count] = candidate;
                    SiftUp(heap, count++);
                }
                else
                {
                    heap[0] = candidate;
                    SiftDown(heap[..count]);
                }
                if (count == heap.Length)
                    bar = heap[0].Score;
            }
        }
        return count;
    }

    /// <summary>
    /// A score that at least as many as wanted are above, and seldom many more: most items are then passed over without a look at the heap.
    /// Found by halving; negative infinity where that does not pay.
    /// </summary>
    static float BarFor(ReadOnlySpan<float> scores, int wanted)
    {
        float low = 0, high = scores.Length < 8 * wanted ? 0 : TensorPrimitives.Max(scores);
        if (!(high > 0) || CountAbove(scores, low) < wanted)
            return float.NegativeInfinity;
        for (var round = 0; round < MostRounds; round++)
        {
            var middle = (low + high) / 2;
            var count = CountAbove(scores, middle);
            if (count < wanted)
                high = middle;
            else
                low = middle;
            if (count >= wanted && count <= wanted + (wanted / 2))
                break;
        }
        return low;
    }

    static int CountAbove(ReadOnlySpan<float> scores, float bar)
    {
        var count = 0;
        for (var start = 0; start < scores.Length; start += Vector512<float>.Count)
            count += BitOperations.PopCount(Above(scores, start, bar));
        return count;
    }

    /// <summary>A bit for each of the scores from <paramref name="start"/> on, a vector of them at most, that is above the bar.</summary>
    static ulong Above(ReadOnlySpan<float> scores, int start, float bar)
    {
        if (start <= scores.Length - Vector512<float>.Count)
            return Vector512.GreaterThan(Vector512.LoadUnsafe(in scores[start]), Vector512.Create(bar)).ExtractMostSignificantBits();
        ulong above = 0;
        for (var item = start; item < scores.Length; item++)
            above |= scores[item] > bar ? 1UL << (item - start) : 0;
        return above;
    }

    static bool Worse(ScoredItem a, ScoredItem b) => a.Score < b.Score || (a.Score == b.Score && a.Item > b.Item);

    static void SiftUp(Span<ScoredItem> heap, int child)
    {
        while (child > 0)
        {
            var parent = (child - 1) / 2;
            if (!Worse(heap[child], heap[parent]))
                return;
            (heap[child], heap[parent]) = (heap[parent], heap[child]);
            child = parent;
        }
    }

    static void SiftDown(Span<ScoredItem> heap)
    {
        for (var parent = 0; ;)
        {
            var child = (2 * parent) + 1;
            if (child >= heap.Length)
                return;
            if (child + 1 < heap.Length && Worse(heap[child + 1], heap[child]))
                child++;
            if (!Worse(heap[child], heap[parent]))
                return;
            (heap[child], heap[parent]) = (heap[parent], heap[child]);
            parent = child;
        }
    }
}
