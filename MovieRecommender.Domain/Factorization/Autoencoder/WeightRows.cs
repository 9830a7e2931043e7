using System.Buffers;
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
    const int MostBytes = 32 << 20;

    /// <summary>Rows that are made before anybody asks: about the films that a newcomer is shown first.</summary>
    const int Expected = 128;

    readonly Row?[] rows = new Row[scale.Length];
    readonly bool[] kept = Kept(scale.Length, order);

    /// <summary>Whether a film's row is among those that are kept.</summary>
    internal bool Has(int film) => kept[film];

    /// <summary>What a rating of strength 1 of a film says for another; 0 for itself.</summary>
    internal float Of(int film, int other)
    {
        var row = RowOf(film);
        return row.Step * row.Values[other];
    }

    /// <summary>Weight · what a film says for every film, to be summed with others.</summary>
    internal WeightedRow Times(float weight, int film)
    {
        var row = RowOf(film);
        return new(weight * row.Step, row.Values);
    }

    internal void Warm()
    {
        foreach (var film in order.AsSpan(0, Math.Min(order.Length, Expected)))
        {
            if (kept[film])
                RowOf(film);
        }
    }

    Row RowOf(int film) => Volatile.Read(ref rows[film]) ?? Make(film);

    Row Make(int film)
    {
        var room = ArrayPool<float>.Shared.Rent(scale.Length);
        var exact = room.AsSpan(0, scale.Length);
        var vector = a.VectorOf(film);
        for (var other = 0; other < exact.Length; other++)
            exact[other] = b.Product(other, vector);
        TensorPrimitives.Divide(exact, scale, exact);
        exact[film] = 0;
        var values = new short[scale.Length];
        var row = new Row(values, ShortMatrix.Round(exact, short.MaxValue, values));
        ArrayPool<float>.Shared.Return(room);
        // Two that make it at once make the same.
        Volatile.Write(ref rows[film], row);
        return row;
    }

    static bool[] Kept(int films, int[] order)
    {
        var kept = new bool[films];
        foreach (var film in order.AsSpan(0, Math.Min(films, MostBytes / sizeof(short) / Math.Max(1, films))))
            kept[film] = true;
        return kept;
    }

    sealed record Row(short[] Values, float Step);
}
