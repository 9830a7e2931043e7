using System.Runtime.InteropServices;

namespace MovieRecommender.Domain.Factorization;

/// <summary>Stars in two bytes, exact in halves and to 1/8192 between them: a large community's ratings are most of what training holds in memory.</summary>
readonly record struct ShortStars
{
    const float Steps = 8192;

    readonly ushort steps;

    internal ShortStars(float stars) => steps = (ushort)Math.Clamp(MathF.Round(stars * Steps), 0, ushort.MaxValue);

    internal float Value => steps * (1 / Steps);
}

/// <summary>One film of a person's history, in ten bytes.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 2)]
public readonly record struct RatedItem
{
    readonly uint seconds;
    readonly ShortStars stars;

    /// <param name="item">Dense item index, from 0.</param>
    /// <param name="stars">0.5 to 5 in halves.</param>
    /// <param name="time">Unix seconds, up to the year 2106; 0 when unknown.</param>
    public RatedItem(int item, float stars, long time)
    {
        Item = item;
        this.stars = new ShortStars(stars);
        seconds = (uint)Math.Clamp(time, 0, uint.MaxValue);
    }

    /// <summary>Dense item index, from 0.</summary>
    public int Item { get; }

    /// <summary>0.5 to 5 in halves.</summary>
    public float Stars => stars.Value;

    /// <summary>Unix seconds; 0 when unknown.</summary>
    public long Time => seconds;
}

/// <summary>What is known about the items besides their ratings; one entry per dense item index.</summary>
/// <param name="Genres">Genre names; empty when none are listed.</param>
/// <param name="Years">Year of release, or null.</param>
/// <param name="Tags">Lower-cased tags people gave; may repeat.</param>
public sealed record ItemFeatures(
    IReadOnlyList<IReadOnlyList<string>> Genres,
    IReadOnlyList<int?> Years,
    IReadOnlyList<IReadOnlyList<string>> Tags);

/// <summary>All a trainer sees: the ratings and what is known about the items.</summary>
public sealed record TrainingSet(RatingMatrix Ratings, ItemFeatures Features);
