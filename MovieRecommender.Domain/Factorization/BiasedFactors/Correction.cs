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
        readonly Dictionary<int, int> places;
        readonly ulong[] rated;

        internal Person(int ratings, int items)
        {
            places = new(ratings);
            rated = new ulong[(items + 63) / 64];
            Surprises = new float[ratings];
            RecentShares = new float[ratings];
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
            rated[item / 64] |= 1UL << item;
            places[item] = place;
            Surprises[place] = surprise;
        }

        /// <summary>Position in the history, or -1 for an unrated film. Most films are unrated, which takes one bit to see.</summary>
        internal int PlaceOf(int item) => (rated[(uint)item / 64] & (1UL << item)) == 0 ? -1 : places[item];
    }

    internal Person Fold(ReadOnlySpan<RatedItem> history)
    {
        var items = baseline.Offsets.Length;
        var person = new Person(history.Length, items);
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

    /// <summary>Stars to add to the weighted factors for one film; an unknown film gets what is known of the person.</summary>
    internal float Of(Person person, int item)
    {
        var stars = ((1 - weights.Factors) * baseline.Mean) + (weights.Bias * person.Offset) + (weights.Recent * person.Mood);
        if ((uint)item >= (uint)baseline.Offsets.Length)
            return stars;
        float sum = 0, total = damping;
        var others = neighbours.Of(item);
        var likeness = neighbours.LikenessOf(item);
        for (var i = 0; i < others.Length; i++)
        {
            if (person.PlaceOf(others[i]) is not (>= 0 and var place))
                continue;
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
        for (var i = 0; i < others.Length; i++)
        {
            if (person.PlaceOf(others[i]) is not (>= 0 and var place))
                continue;
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
