using System.Numerics.Tensors;
using MovieRecommender.Domain.Factorization.LinearAlgebra;

namespace MovieRecommender.Domain.Factorization;

/// <summary>
/// Rows of the film × film weights wᵢ·wⱼ / P[j,j], made when first needed and kept, for the films that most people rated. What is known of
/// a newcomer is mostly of those, and a few rows are read sooner than the factors of all films.
/// </summary>
/// <param name="factors">W, films × rank.</param>
/// <param name="diagonal">P[j,j] of each film.</param>
/// <param name="order">All films, the most rated first.</param>
sealed class WeightRows(ShortMatrix factors, float[] diagonal, int[] order)
{
    /// <summary>Room for rows; what is never asked for takes none.</summary>
    const int MostBytes = 32 << 20;

    readonly float[]?[] rows = new float[diagonal.Length][];
    readonly bool[] kept = Kept(diagonal.Length, order);

    /// <summary>Whether a film's row is among those that are kept.</summary>
    internal bool Has(int film) => kept[film];

    /// <summary>What a rating of strength 1 of this film says for every film; 0 for itself.</summary>
    internal ReadOnlySpan<float> Of(int film) => Volatile.Read(ref rows[film]) ?? Make(film);

    float[] Make(int film)
    {
        Span<float> own = new float[factors.Columns];
        factors.AddTo(own, 1, film, factors.NewBuffer());
        var vector = new ShortMatrix.Vector(own);
        var row = new float[diagonal.Length];
        for (var other = 0; other < row.Length; other++)
            row[other] = factors.Product(other, vector);
        TensorPrimitives.Divide(row, diagonal, row);
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
