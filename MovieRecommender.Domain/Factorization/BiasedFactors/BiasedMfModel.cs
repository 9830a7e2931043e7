namespace MovieRecommender.Domain.Factorization;

/// <summary>
/// What <see cref="BiasedMfTrainer"/> learns: a few factorisations whose predictions are averaged, then blended with what
/// similar films and the newest ratings say.
/// </summary>
public sealed class BiasedMfModel : StarModel
{
    // Beliefs fitted to the training ratings are surer than they should be: by this much on held-out ones (docs/model-card.md).
    const float Overconfidence = 1.06f;

    readonly FactorMember[] members;
    readonly Correction correction;

    internal BiasedMfModel(FactorMember[] members, Correction correction)
    {
        this.members = members;
        this.correction = correction;
    }

    /// <inheritdoc/>
    public override string Algorithm => BiasedMfTrainer.AlgorithmName;

    /// <inheritdoc/>
    public override int Items => members[0].Items;

    float Share => correction.Weights.Factors / members.Length;

    /// <inheritdoc/>
    public override void Score(ReadOnlySpan<RatedItem> history, Span<float> scores)
    {
        var person = correction.Fold(history);
        for (var item = 0; item < scores.Length; item++)
            scores[item] = correction.Of(person, item);
        foreach (var member in members)
            member.AddScores(history, Share, scores);
    }

    /// <inheritdoc/>
    public override float Explain(ReadOnlySpan<RatedItem> history, int item, Span<float> parts)
    {
        parts.Clear();
        if ((uint)item >= (uint)Items)
            return 0;
        var rest = correction.AddParts(correction.Fold(history), item, parts);
        foreach (var member in members)
            rest += member.AddParts(history, item, Share, parts);
        return rest;
    }

    /// <inheritdoc/>
    public override StarPredictor PredictorFor(ReadOnlySpan<RatedItem> history)
    {
        var person = correction.Fold(history);
        var doubts = new FactorMember.Doubts[members.Length];
        for (var member = 0; member < doubts.Length; member++)
            doubts[member] = members[member].DoubtsOf(history);
        return (items, predictions) =>
        {
            var sums = new (double Stars, double Variance)[items.Length];
            foreach (var item in items)
                correction.Fetch(item);
            for (var member = 0; member < doubts.Length; member++)
                members[member].AddPredictions(doubts[member], items, 1.0 / members.Length, person.Noisiness, sums);
            for (var i = 0; i < sums.Length; i++)
            {
                var stars = (correction.Weights.Factors * sums[i].Stars) + correction.Of(person, items[i]);
                predictions[i] = new StarPrediction((float)Math.Clamp(stars, 0.5, 5), Overconfidence * (float)Math.Sqrt(sums[i].Variance));
            }
        };
    }

    /// <inheritdoc/>
    public override void Write(BinaryWriter writer)
    {
        writer.Write(members.Length);
        foreach (var member in members)
            member.Write(writer);
        correction.Write(writer);
    }

    internal static BiasedMfModel Read(BinaryReader reader)
    {
        var count = reader.ReadInt32();
        if (count is < 1 or > 32)
            throw new InvalidDataException($"The model is damaged: it has {count} members.");
        var members = new FactorMember[count];
        for (var member = 0; member < count; member++)
        {
            members[member] = FactorMember.Read(reader);
            if (members[member].Items != members[0].Items)
                throw new InvalidDataException("The model is damaged: its members know different films.");
        }
        return new BiasedMfModel(members, Correction.Read(reader, members[0].Items));
    }
}
