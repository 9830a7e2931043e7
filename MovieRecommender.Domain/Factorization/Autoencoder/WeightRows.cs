using System.Numerics.Tensors;
using MovieRecommender.Domain.Factorization.LinearAlgebra;

namespace MovieRecommender.Domain.Factorization;

/// <summary>
/// Rows of the film × film weights aᵢ·bⱼ / scaleⱼ, made when first needed and kept, for the films that most people rated. What is known of
/// a newcomer is mostly of those, and a few rows are read sooner than the factors of all films.
/// </summary>
/// <param name="a">Factors of the film that speaks, films × rank.</param>
/// <param name="b">Factors of the films it speaks for, films × rank.</param>
/// <param name="scale">Of each film.</param>
/// <param name="order">All films, the most rated first.</param>
sealed class WeightRows(ShortMatrix a, ShortMatrix b, float[] scale, int[] order)
{
    /// <summary>Room for rows; what is never asked for takes none.</summary>
    const int MostBytes = 24 << 20;

    /// <summary>Rows that are made before anybody asks: about the films that a newcomer is shown first.</summary>
    const int Expected = 128;

    readonly float[]?[] rows = new float[scale.Length][];
    readonly bool[] kept = Kept(scale.Length, order);

    /// <summary>Whether a film's row is among those that are kept.</summary>
    internal bool Has(int film) => kept[film];

    /// <summary>What a rating of strength 1 of this film says for every film; 0 for itself.</summary>
    internal ReadOnlySpan<float> Of(int film) => Volatile.Read(ref rows[film]) ?? Make(film);

    internal void Warm()
    {
        foreach (var film in order.AsSpan(0, Math.Min(order.Length, Expected)))
        {
            if (kept[film])
                Of(film);
        }
    }

    float[] Make(int film)
    {
        var vector = a.VectorOf(film);
        var row = new float[scale.Length];
        for (var other = 0; other < row.Length; other++)
            row[other] = b.Product(other, vector);
        TensorPrimitives.Divide(row, scale, row);
        row[film] = 0;
        // Two that make it at once make the same.
        Volatile.Write(ref rows[film], row);
        return row;
    }

    static bool[] Kept(int films, int[] order)
    {
        var kept = new bool[films];
        foreach (var film in order.AsSpan(0, Math.Min(films, MostBytes / sizeof(float) / Math.Max(1, films))))
            kept[film] = true;
        return kept;
    }
}
