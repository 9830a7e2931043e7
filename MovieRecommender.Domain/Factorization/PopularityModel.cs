namespace MovieRecommender.Domain.Factorization;

/// <summary>What <see cref="PopularityTrainer"/> learns. Its ranking is the same for everyone; its stars know the person's mean.</summary>
public sealed class PopularityModel : StarModel
{
    readonly float[] scores;
    readonly float[] offsets;
    readonly float mean;
    readonly float personDamping;
    readonly float spread;

    internal PopularityModel(float[] scores, float[] offsets, float mean, float personDamping, float spread)
    {
        this.scores = scores;
        this.offsets = offsets;
        this.mean = mean;
        this.personDamping = personDamping;
        this.spread = spread;
    }

    /// <inheritdoc/>
    public override string Algorithm => PopularityTrainer.AlgorithmName;

    /// <inheritdoc/>
    public override int Items => scores.Length;

    /// <inheritdoc/>
    public override void Score(ReadOnlySpan<RatedItem> history, Span<float> scores) => this.scores.CopyTo(scores);

    /// <inheritdoc/>
    public override float Explain(ReadOnlySpan<RatedItem> history, int item, Span<float> parts)
    {
        parts.Clear();
        return scores[item];
    }

    /// <inheritdoc/>
    public override StarPredictor PredictorFor(ReadOnlySpan<RatedItem> history)
    {
        double sum = 0;
        var known = 0;
        foreach (var rated in history)
        {
            if ((uint)rated.Item >= (uint)Items)
                continue;
            sum += rated.Stars - mean - offsets[rated.Item];
            known++;
        }
        var person = known == 0 ? 0 : (float)(sum / (known + personDamping));
        return (items, predictions) =>
        {
            for (var i = 0; i < items.Length; i++)
            {
                var offset = (uint)items[i] < (uint)Items ? offsets[items[i]] : 0;
                predictions[i] = new StarPrediction(Math.Clamp(mean + offset + person, 0.5f, 5f), spread);
            }
        };
    }

    /// <inheritdoc/>
    public override void Write(BinaryWriter writer)
    {
        writer.WriteArray<float>(scores);
        writer.WriteArray<float>(offsets);
        writer.Write(mean);
        writer.Write(personDamping);
        writer.Write(spread);
    }

    internal static PopularityModel Read(BinaryReader reader)
    {
        var scores = reader.ReadArray<float>();
        return new PopularityModel(scores, reader.ReadArray<float>(scores.Length), reader.ReadSingle(), reader.ReadSingle(), reader.ReadSingle());
    }
}
