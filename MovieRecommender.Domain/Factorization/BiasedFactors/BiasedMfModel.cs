namespace MovieRecommender.Domain.Factorization;

/// <summary>What <see cref="BiasedMfTrainer"/> learns: a few factorisations whose predictions are averaged.</summary>
public sealed class BiasedMfModel : StarModel
{
    readonly FactorMember[] members;

    internal BiasedMfModel(FactorMember[] members) => this.members = members;

    /// <inheritdoc/>
    public override string Algorithm => BiasedMfTrainer.AlgorithmName;

    /// <inheritdoc/>
    public override int Items => members[0].Items;

    float Share => 1f / members.Length;

    /// <inheritdoc/>
    public override void Score(ReadOnlySpan<RatedItem> history, Span<float> scores)
    {
        scores.Clear();
        foreach (var member in members)
            member.AddScores(history, Share, scores);
    }

    /// <inheritdoc/>
    public override float Explain(ReadOnlySpan<RatedItem> history, int item, Span<float> parts)
    {
        parts.Clear();
        var rest = 0f;
        foreach (var member in members)
            rest += member.AddParts(history, item, Share, parts);
        return rest;
    }

    /// <inheritdoc/>
    public override void Predict(ReadOnlySpan<RatedItem> history, ReadOnlySpan<int> items, Span<StarPrediction> predictions)
    {
        var sums = new (double Stars, double Variance)[items.Length];
        foreach (var member in members)
            member.AddPredictions(history, items, 1.0 / members.Length, sums);
        for (var i = 0; i < sums.Length; i++)
            predictions[i] = new StarPrediction((float)Math.Clamp(sums[i].Stars, 0.5, 5), (float)Math.Sqrt(sums[i].Variance));
    }

    /// <inheritdoc/>
    public override void Write(BinaryWriter writer)
    {
        writer.Write(members.Length);
        foreach (var member in members)
            member.Write(writer);
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
        return new BiasedMfModel(members);
    }
}
