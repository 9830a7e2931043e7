using System.Numerics;

namespace MovieRecommender.Domain.Factorization;

/// <summary>Weights of the parts of a star prediction; see <see cref="BiasedMfOptions"/>.</summary>
readonly record struct BlendWeights(float Factors, float Bias, float Neighbours, float Recent);

/// <summary>
/// What is blended with the factors: the baseline, the person's residuals on the films most like the wanted one (item-kNN,
/// Koren 2008), and their newest residuals, which tell the mood the next rating is given in.
/// </summary>
sealed class Correction(Baseline baseline, Neighbours neighbours, BlendWeights weights, float damping, float recentSpan)
{
    // Ratings' worth of doubt about a mood.
    const float RecentDamping = 3;

    readonly Baseline baseline = baseline;

    internal BlendWeights Weights => weights;

    /// <summary>One person, ready for any number of films.</summary>
    internal sealed class Person
    {
        // A bit for each rated film. The bits before a film's own say where its place in the history stands.
        readonly ulong[] rated;
        readonly int[] before;
        readonly int[] places;

        internal Person(ReadOnlySpan<RatedItem> history, int items)
        {
            rated = new ulong[(items + 63) / 64];
            before = new int[rated.Length];
            places = new int[history.Length];
            Surprises = new float[history.Length];
            RecentShares = new float[history.Length];
            foreach (var one in history)
            {
                if ((uint)one.Item < (uint)items)
                    rated[one.Item / 64] |= 1UL << one.Item;
            }
            for (var word = 1; word < before.Length; word++)
                before[word] = before[word - 1] + BitOperations.PopCount(rated[word - 1]);
        }

        /// <summary>Surprise of each rating; 0 for an unknown film.</summary>
        internal float[] Surprises { get; }

        /// <summary>Part that each surprise has in the mood, before it is centred on the person.</summary>
        internal float[] RecentShares { get; }

        internal float RecentSum { get; set; }

        internal int Known { get; set; }

        internal float Offset { get; set; }

        internal float Mood { get; set; }

        internal float Noisiness { get; set; }

        internal void Add(int item, int place, float surprise)
        {
            Known++;
            places[EntryOf(item)] = place;
            Surprises[place] = surprise;
        }

        /// <summary>Position in the history of a rated film.</summary>
        internal int PlaceOf(int item) => places[EntryOf(item)];

        /// <summary>Which of these films are rated.</summary>
        /// <param name="items">Dense item indices.</param>
        /// <param name="found">Their positions among <paramref name="items"/>; as long.</param>
        /// <returns>The part of <paramref name="found"/> that was written.</returns>
        internal ReadOnlySpan<int> Rated(ReadOnlySpan<int> items, Span<int> found)
        {
            // Without a branch: nobody can guess which films they are.
            var count = 0;
            for (var i = 0; i < items.Length; i++)
            {
                found[count] = i;
                count += (int)(rated[(uint)items[i] / 64] >> items[i]) & 1;
            }
            return found[..count];
        }

        int EntryOf(int item) => before[(uint)item / 64] + BitOperations.PopCount(rated[(uint)item / 64] & ((1UL << item) - 1));
    }

    internal Person Fold(ReadOnlySpan<RatedItem> history)
    {
        var items = baseline.Offsets.Length;
        var person = new Person(history, items);
        var timed = false;
        for (var p = 0; p < history.Length; p++)
        {
            timed |= history[p].Time != 0;
            if ((uint)history[p].Item >= (uint)items)
                continue;
            person.Add(history[p].Item, p, baseline.Surprise(history[p].Item, history[p].Stars));
        }
        person.Offset = baseline.PersonOffset(history);
        person.Noisiness = baseline.Noisiness(history, person.Offset);
        if (timed)
            FoldMood(person, history, items);
        return person;
    }

    /// <summary>The mean residual, each rating e times less for every <c>recentSpan</c> films that came after it.</summary>
    void FoldMood(Person person, ReadOnlySpan<RatedItem> history, int items)
    {
        float total = RecentDamping, weight = 1;
        var decay = MathF.Exp(-1 / recentSpan);
        for (var p = history.Length - 1; p >= 0; p--)
        {
            if ((uint)history[p].Item >= (uint)items)
                continue;
            person.RecentShares[p] = weight;
            total += weight;
            weight *= decay;
        }
        for (var p = 0; p < history.Length; p++)
        {
            person.RecentShares[p] /= total;
            person.RecentSum += person.RecentShares[p];
            person.Mood += person.RecentShares[p] * (person.Surprises[p] - person.Offset);
        }
    }

    /// <summary>Asks for what <see cref="Of"/> will read of a film soon.</summary>
    internal void Fetch(int item)
    {
        if ((uint)item < (uint)baseline.Offsets.Length)
            neighbours.Fetch(item);
    }

    /// <summary>Stars to add to the weighted factors for one film; an unknown film gets what is known of the person.</summary>
    internal float Of(Person person, int item)
    {
        var stars = ((1 - weights.Factors) * baseline.Mean) + (weights.Bias * person.Offset) + (weights.Recent * person.Mood);
        if ((uint)item >= (uint)baseline.Offsets.Length)
            return stars;
        float sum = 0, total = damping;
        var others = neighbours.Of(item);
        var likeness = neighbours.LikenessOf(item);
        foreach (var i in person.Rated(others, stackalloc int[others.Length]))
        {
            var place = person.PlaceOf(others[i]);
            sum += (float)likeness[i] * (person.Surprises[place] - person.Offset);
            total += (float)likeness[i];
        }
        return stars + (weights.Bias * baseline.Offsets[item]) + (weights.Neighbours * sum / total);
    }

    /// <summary>Adds each rating's part of <see cref="Of"/> to <paramref name="parts"/> and returns the rest. Everything is linear in the surprises.</summary>
    internal float AddParts(Person person, int item, Span<float> parts)
    {
        var near = new float[parts.Length];
        float total = damping, nearSum = 0;
        var others = neighbours.Of(item);
        var likeness = neighbours.LikenessOf(item);
        foreach (var i in person.Rated(others, stackalloc int[others.Length]))
        {
            var place = person.PlaceOf(others[i]);
            near[place] = (float)likeness[i];
            total += (float)likeness[i];
        }
        foreach (ref var share in near.AsSpan())
        {
            share /= total;
            nearSum += share;
        }
        // The person's offset is itself a sum over the ratings, and both residuals are taken from it.
        var everywhere = (weights.Bias - (weights.Neighbours * nearSum) - (weights.Recent * person.RecentSum)) * Baseline.PersonShare(person.Known);
        for (var p = 0; p < parts.Length; p++)
            parts[p] += person.Surprises[p] * (everywhere + (weights.Neighbours * near[p]) + (weights.Recent * person.RecentShares[p]));
        return ((1 - weights.Factors) * baseline.Mean) + (weights.Bias * baseline.Offsets[item]);
    }

    internal void Write(BinaryWriter writer)
    {
        writer.Write(baseline.Mean);
        writer.WriteArray<float>(baseline.Offsets);
        writer.Write(baseline.Variance);
        neighbours.Write(writer);
        writer.Write(weights.Factors);
        writer.Write(weights.Bias);
        writer.Write(weights.Neighbours);
        writer.Write(weights.Recent);
        writer.Write(damping);
        writer.Write(recentSpan);
    }

    internal static Correction Read(BinaryReader reader, int items)
    {
        var baseline = new Baseline(reader.ReadSingle(), reader.ReadArray<float>(items), reader.ReadSingle());
        var neighbours = Factorization.Neighbours.Read(reader, items);
        var weights = new BlendWeights(reader.ReadSingle(), reader.ReadSingle(), reader.ReadSingle(), reader.ReadSingle());
        return new Correction(baseline, neighbours, weights, reader.ReadSingle(), reader.ReadSingle());
    }
}
