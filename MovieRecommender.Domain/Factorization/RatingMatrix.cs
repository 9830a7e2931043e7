namespace MovieRecommender.Domain.Factorization;

/// <summary>A rating by dense user and item index.</summary>
public readonly record struct RatingEntry(int User, int Item, float Stars, long Time);

/// <summary>One rating seen from its item.</summary>
/// <param name="User">Dense user index.</param>
/// <param name="Stars">0.5 to 5 in halves.</param>
public readonly record struct Rater(int User, float Stars);

/// <summary>
/// All ratings, compressed both ways: each person's history oldest first, and each item's raters by user index.
/// Immutable; memory is linear in the ratings.
/// </summary>
public sealed class RatingMatrix
{
    readonly int[] userStart;
    readonly RatedItem[] histories;
    readonly int[] itemStart;
    readonly Rater[] raters;

    RatingMatrix(int[] userStart, RatedItem[] histories, int[] itemStart, Rater[] raters)
    {
        this.userStart = userStart;
        this.histories = histories;
        this.itemStart = itemStart;
        this.raters = raters;
        double sum = 0;
        foreach (var rated in histories)
        {
            sum += rated.Stars;
            HasTimes |= rated.Time != 0;
        }
        MeanStars = histories.Length == 0 ? 3.5f : (float)(sum / histories.Length);
    }

    /// <summary>Number of people; dense indices run from 0 to this, exclusive.</summary>
    public int Users => userStart.Length - 1;

    /// <summary>Number of items; dense indices run from 0 to this, exclusive.</summary>
    public int Items => itemStart.Length - 1;

    /// <summary>Number of ratings.</summary>
    public int Count => histories.Length;

    /// <summary>Mean of all ratings in stars; 3.5 when there are none.</summary>
    public float MeanStars { get; }

    /// <summary>Whether any rating carries a time, so that the order of a history means something.</summary>
    public bool HasTimes { get; }

    /// <summary>A person's ratings, ordered by time, then item.</summary>
    public ReadOnlySpan<RatedItem> HistoryOf(int user) => histories.AsSpan(userStart[user]..userStart[user + 1]);

    /// <summary>An item's ratings, ordered by user.</summary>
    public ReadOnlySpan<Rater> RatersOf(int item) => raters.AsSpan(itemStart[item]..itemStart[item + 1]);

    /// <summary>Builds the matrix in time linear in the ratings (and one sort for each history).</summary>
    /// <param name="users">Number of people, with or without ratings.</param>
    /// <param name="items">Number of items, with or without ratings.</param>
    /// <param name="entries">In any order. When a pair occurs twice, the newest rating counts (the later one among equals).</param>
    /// <exception cref="ArgumentException">An index is out of range, or stars are not between 0.5 and 5.</exception>
    public static RatingMatrix Build(int users, int items, ReadOnlySpan<RatingEntry> entries)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(users);
        ArgumentOutOfRangeException.ThrowIfNegative(items);
        var userStart = new int[users + 1];
        foreach (var entry in entries)
        {
            Check(entry, users, items);
            userStart[entry.User + 1]++;
        }
        Accumulate(userStart);
        var histories = new RatedItem[entries.Length];
        var next = userStart.AsSpan(0, users).ToArray();
        foreach (var entry in entries)
            histories[next[entry.User]++] = new RatedItem(entry.Item, entry.Stars, entry.Time);
        var kept = SortHistories(userStart, histories, items);
        if (kept < histories.Length)
            Array.Resize(ref histories, kept);
        var (itemStart, raters) = Transpose(userStart, histories, items);
        return new RatingMatrix(userStart, histories, itemStart, raters);
    }

    static void Check(RatingEntry entry, int users, int items)
    {
        if ((uint)entry.User >= (uint)users)
            throw new ArgumentException($"A rating names user {entry.User}; dense user indices run from 0 to {users - 1}.");
        if ((uint)entry.Item >= (uint)items)
            throw new ArgumentException($"A rating names item {entry.Item}; dense item indices run from 0 to {items - 1}.");
        if (entry.Stars is not (>= 0.5f and <= 5f))
            throw new ArgumentException($"A rating has {entry.Stars} stars; 0.5 to 5 are allowed.");
    }

    static void Accumulate(int[] counts)
    {
        for (var i = 1; i < counts.Length; i++)
            counts[i] += counts[i - 1];
    }

    /// <summary>Sorts every history, drops repeated pairs, closes the gaps and returns the number of ratings kept.</summary>
    static int SortHistories(int[] userStart, RatedItem[] histories, int items)
    {
        var lastSeenBy = new int[items];
        var kept = 0;
        for (var user = 0; user < userStart.Length - 1; user++)
        {
            var history = histories.AsSpan(userStart[user]..userStart[user + 1]);
            // Stable on (time, item), so that of two ratings of one film at one time the later entry stays last.
            MemoryExtensions.Sort(history, static (a, b) => a.Time != b.Time ? a.Time.CompareTo(b.Time) : a.Item.CompareTo(b.Item));
            userStart[user] = kept;
            var unique = 0;
            for (var p = history.Length - 1; p >= 0; p--)
            {
                ref var seenBy = ref lastSeenBy[history[p].Item];
                if (seenBy == user + 1)
                    continue;
                seenBy = user + 1;
                history[history.Length - ++unique] = history[p];
            }
            history[^unique..].CopyTo(histories.AsSpan(kept));
            kept += unique;
        }
        userStart[^1] = kept;
        return kept;
    }

    static (int[] Start, Rater[] Raters) Transpose(int[] userStart, RatedItem[] histories, int items)
    {
        var start = new int[items + 1];
        foreach (var rated in histories)
            start[rated.Item + 1]++;
        Accumulate(start);
        var raters = new Rater[histories.Length];
        var next = start.AsSpan(0, items).ToArray();
        for (var user = 0; user < userStart.Length - 1; user++)
        {
            foreach (var rated in histories.AsSpan(userStart[user]..userStart[user + 1]))
                raters[next[rated.Item]++] = new Rater(user, rated.Stars);
        }
        return (start, raters);
    }
}
