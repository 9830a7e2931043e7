using System.Buffers;
using System.Numerics.Tensors;

namespace MovieRecommender.Domain.Factorization;

/// <summary>An item and its score.</summary>
public readonly record struct ScoredItem(int Item, float Score);

/// <summary>The best few of many scores, in order.</summary>
public static class TopItems
{
    const int Stretch = 64;

    /// <summary>
    /// Writes the best items into <paramref name="top"/>, best first; of equal scores the lower index comes first.
    /// One pass with a heap bounded by the length of <paramref name="top"/>: O(items + changes · log top), no allocation per item.
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
    /// <param name="allowed">Asked only of items that score well enough, so it may take its time.</param>
    /// <param name="top">As above.</param>
    /// <returns>How many were written.</returns>
    public static int Select(ReadOnlySpan<float> scores, Func<int, bool> allowed, Span<ScoredItem> top)
        => top.IsEmpty ? 0 : Select(scores, [], allowed, top);

    static int Select(ReadOnlySpan<float> scores, ReadOnlySpan<int> sortedOut, Func<int, bool>? allowed, Span<ScoredItem> heap)
    {
        var count = 0;
        var bar = float.NegativeInfinity;
        for (var start = 0; start < scores.Length; start += Stretch)
        {
            var end = Math.Min(start + Stretch, scores.Length);
            // Of most stretches none comes near a full heap.
            if (count == heap.Length && TensorPrimitives.Max(scores[start..end]) <= bar)
                continue;
            for (var item = start; item < end; item++)
            {
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
        for (var end = count - 1; end > 0; end--)
        {
            (heap[0], heap[end]) = (heap[end], heap[0]);
            SiftDown(heap[..end]);
        }
        return count;
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
