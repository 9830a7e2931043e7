using MovieRecommender.Domain.Factorization;

namespace MovieRecommender.Domain.Evaluation;

/// <summary>Ratings to learn from and ratings to be judged by.</summary>
public sealed record RatingSplit(RatingEntry[] Training, RatingEntry[] HeldOut);

/// <summary>Ways to set ratings aside. Each keeps the input's order on both sides.</summary>
public static class Splits
{
    /// <summary>Holds out the named rows.</summary>
    /// <param name="ratings">All ratings, in the order of their file.</param>
    /// <param name="rows">0-based positions in <paramref name="ratings"/>.</param>
    /// <exception cref="ArgumentException">A row does not exist.</exception>
    public static RatingSplit ByRows(ReadOnlySpan<RatingEntry> ratings, ReadOnlySpan<int> rows)
    {
        var heldOut = new bool[ratings.Length];
        foreach (var row in rows)
        {
            if ((uint)row >= (uint)ratings.Length)
                throw new ArgumentException($"Row {row} is to be held out; the ratings have rows 0 to {ratings.Length - 1}.");
            heldOut[row] = true;
        }
        return Divide(ratings, heldOut);
    }

    /// <summary>Holds out a share of every person's ratings, drawn at random.</summary>
    /// <param name="ratings">In any order.</param>
    /// <param name="fraction">0 to 1; the share of each person is rounded, halves to even.</param>
    /// <param name="seed">Same seed, same split.</param>
    public static RatingSplit RandomPerUser(ReadOnlySpan<RatingEntry> ratings, double fraction, int seed)
    {
        var random = new Random(seed);
        var heldOut = new bool[ratings.Length];
        foreach (var rows in RowsByUser(ratings))
        {
            random.Shuffle(rows.AsSpan());
            foreach (var row in rows.AsSpan(0, Share(rows.Length, fraction)))
                heldOut[row] = true;
        }
        return Divide(ratings, heldOut);
    }

    /// <summary>Holds out every person's latest ratings, by time, then item.</summary>
    /// <param name="ratings">In any order.</param>
    /// <param name="fraction">0 to 1; the share of each person is rounded, halves to even.</param>
    public static RatingSplit LatestPerUser(ReadOnlySpan<RatingEntry> ratings, double fraction)
    {
        var heldOut = new bool[ratings.Length];
        var all = ratings.ToArray();
        foreach (var rows in RowsByUser(ratings))
        {
            Array.Sort(rows, (a, b) => (all[a].Time, all[a].Item, a).CompareTo((all[b].Time, all[b].Item, b)));
            foreach (var row in rows.AsSpan(rows.Length - Share(rows.Length, fraction)))
                heldOut[row] = true;
        }
        return Divide(ratings, heldOut);
    }

    /// <summary>
    /// Holds out by a hash of user and item, so that a rating stays on its side while others come and go.
    /// </summary>
    /// <param name="ratings">In any order.</param>
    /// <param name="fraction">0 to 1, reached on average.</param>
    /// <param name="salt">Another salt gives another split.</param>
    public static RatingSplit ByHash(ReadOnlySpan<RatingEntry> ratings, double fraction, int salt)
    {
        CheckFraction(fraction);
        var heldOut = new bool[ratings.Length];
        for (var row = 0; row < ratings.Length; row++)
            heldOut[row] = IsHeldOut(ratings[row].User, ratings[row].Item, fraction, salt);
        return Divide(ratings, heldOut);
    }

    /// <summary>Whether <see cref="ByHash"/> holds out this rating. Give lasting ids where dense indices may shift.</summary>
    public static bool IsHeldOut(long user, long item, double fraction, int salt)
    {
        var hash = Mix((ulong)user ^ Mix((ulong)item ^ Mix((ulong)salt)));
        return (hash >> 11) * (1.0 / (1UL << 53)) < fraction;
    }

    /// <summary>The finaliser of SplitMix64 (Steele, Lea, Flood 2014): every input bit moves every output bit.</summary>
    static ulong Mix(ulong x)
    {
        x += 0x9E3779B97F4A7C15;
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }

    static int Share(int count, double fraction)
    {
        CheckFraction(fraction);
        return (int)Math.Round(count * fraction);
    }

    static void CheckFraction(double fraction)
    {
        if (!(fraction is >= 0 and <= 1))
            throw new ArgumentException($"The held-out fraction is {fraction}; 0 to 1 are allowed.");
    }

    static IEnumerable<int[]> RowsByUser(ReadOnlySpan<RatingEntry> ratings)
    {
        var byUser = new SortedDictionary<int, List<int>>();
        for (var row = 0; row < ratings.Length; row++)
        {
            if (!byUser.TryGetValue(ratings[row].User, out var rows))
                byUser.Add(ratings[row].User, rows = []);
            rows.Add(row);
        }
        return byUser.Values.Select(rows => rows.ToArray());
    }

    static RatingSplit Divide(ReadOnlySpan<RatingEntry> ratings, bool[] heldOut)
    {
        var outside = heldOut.Count(isOut => isOut);
        var split = new RatingSplit(new RatingEntry[ratings.Length - outside], new RatingEntry[outside]);
        int training = 0, test = 0;
        for (var row = 0; row < ratings.Length; row++)
        {
            if (heldOut[row])
                split.HeldOut[test++] = ratings[row];
            else
                split.Training[training++] = ratings[row];
        }
        return split;
    }
}
