using System.Runtime.InteropServices;

namespace MovieRecommender.Domain.Factorization;

/// <summary>A rating by dense user and item index.</summary>
public readonly record struct RatingEntry(int User, int Item, float Stars, long Time);

/// <summary>One rating seen from its item, in six bytes.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 2)]
public readonly record struct Rater
{
    readonly ShortStars stars;

    internal Rater(int user, float stars)
    {
        User = user;
        this.stars = new ShortStars(stars);
    }

    /// <summary>Dense user index.</summary>
    public int User { get; }

    /// <summary>0.5 to 5 in halves.</summary>
    public float Stars => stars.Value;
}

/// <summary>
/// All ratings, compressed both ways: each person's history oldest first, and each item's raters by user index.
/// Immutable; sixteen bytes for each rating.
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
        foreach (var rated in histories.AsSpan(0, Count))
        {
            sum += rated.Stars;
            HasTimes |= rated.Time != 0;
        }
        MeanStars = Count == 0 ? 3.5f : (float)(sum / Count);
    }

    /// <summary>Number of people; dense indices run from 0 to this, exclusive.</summary>
    public int Users => userStart.Length - 1;

    /// <summary>Number of items; dense indices run from 0 to this, exclusive.</summary>
    public int Items => itemStart.Length - 1;

    /// <summary>Number of ratings.</summary>
    public int Count => userStart[^1];

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
    /// <param name="entries">In any order. When a pair occurs twice, the newest rating counts (either among equals, the same each time).</param>
    /// <exception cref="ArgumentException">An index is out of range, or stars are not between 0.5 and 5.</exception>
    public static RatingMatrix Build(int users, int items, ReadOnlySpan<RatingEntry> entries)
    {
        var filling = new Filling(users, items);
        foreach (var entry in entries)
            filling.Announce(entry);
        filling.MakeRoom();
        foreach (var entry in entries)
            filling.Place(entry);
        return filling.Finish();
    }

    /// <summary>The same from ratings that are nowhere in memory: they are gone through twice, and must be the same both times.</summary>
    /// <inheritdoc cref="Build(int, int, ReadOnlySpan{RatingEntry})"/>
    public static RatingMatrix Build(int users, int items, IEnumerable<RatingEntry> entries)
    {
        var filling = new Filling(users, items);
        foreach (var entry in entries)
            filling.Announce(entry);
        filling.MakeRoom();
        foreach (var entry in entries)
            filling.Place(entry);
        return filling.Finish();
    }

    /// <summary>Histories while they fill, with no copy of them.</summary>
    sealed class Filling
    {
        readonly int items;
        readonly int[] userStart;
        RatedItem[] histories = [];
        int[] next = [];

        internal Filling(int users, int items)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(users);
            ArgumentOutOfRangeException.ThrowIfNegative(items);
            this.items = items;
            userStart = new int[users + 1];
        }

        internal void Announce(RatingEntry entry)
        {
            Check(entry, userStart.Length - 1, items);
            userStart[entry.User + 1]++;
        }

        internal void MakeRoom()
        {
            Accumulate(userStart);
            histories = new RatedItem[userStart[^1]];
            next = userStart[..^1];
        }

        internal void Place(RatingEntry entry) => histories[next[entry.User]++] = new RatedItem(entry.Item, entry.Stars, entry.Time);

        internal RatingMatrix Finish()
        {
            SortHistories(userStart, histories, items);
            var (itemStart, raters) = Transpose(userStart, histories, items);
            return new RatingMatrix(userStart, histories, itemStart, raters);
        }
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

    /// <summary>Sorts every history, drops repeated pairs and closes the gaps; what is left over lies behind the last history.</summary>
    static void SortHistories(int[] userStart, RatedItem[] histories, int items)
    {
        var lastSeenBy = new int[items];
        var kept = 0;
        for (var user = 0; user < userStart.Length - 1; user++)
        {
            var history = histories.AsSpan(userStart[user]..userStart[user + 1]);
            // Which of two ratings of one film at one time comes last is up to the sort, and the same each time.
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
    }

    static (int[] Start, Rater[] Raters) Transpose(int[] userStart, RatedItem[] histories, int items)
    {
        var start = new int[items + 1];
        foreach (var rated in histories.AsSpan(0, userStart[^1]))
            start[rated.Item + 1]++;
        Accumulate(start);
        var raters = new Rater[userStart[^1]];
        var next = start.AsSpan(0, items).ToArray();
        for (var user = 0; user < userStart.Length - 1; user++)
        {
            foreach (var rated in histories.AsSpan(userStart[user]..userStart[user + 1]))
                raters[next[rated.Item]++] = new Rater(user, rated.Stars);
        }
        return (start, raters);
    }
}
