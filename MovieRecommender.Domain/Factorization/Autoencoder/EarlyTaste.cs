using System.Numerics.Tensors;
using MovieRecommender.Domain.Factorization.LinearAlgebra;

namespace MovieRecommender.Domain.Factorization;

/// <summary>
/// Taste under a larger ridge, for people of whom little is known: with few ratings what a film is rarely seen with says more about
/// chance than about taste.
/// </summary>
/// <remarks>Its factors follow from the other ones by <see cref="RidgeInverse.Change"/>, and are kept: a product with that matrix for every reason would cost more than all the rest.</remarks>
sealed class EarlyTaste
{
    readonly int until;

    EarlyTaste(ShortMatrix factors, float[] diagonal, int until)
    {
        Factors = factors;
        Diagonal = diagonal;
        this.until = until;
        Own = [.. Enumerable.Range(0, diagonal.Length).Select(film => factors.Product(film, factors, film))];
    }

    /// <summary>W' with P' = I/λ' − W'·W'ᵀ, films × rank.</summary>
    internal ShortMatrix Factors { get; }

    /// <summary>P'[j,j] of each film.</summary>
    internal float[] Diagonal { get; }

    /// <summary>Each film's product with itself.</summary>
    internal float[] Own { get; }

    internal static EarlyTaste? Of(ShortMatrix taste, LinearAutoencoderOptions options, CancellationToken cancellationToken)
    {
        if (options.EarlyUntil == 0 || options.EarlyRegularization <= options.Regularization)
            return null;
        var factors = taste.ToMatrix();
        Products.MultiplyUpper(factors, RidgeInverse.Change(factors, options.Regularization, options.EarlyRegularization, cancellationToken), cancellationToken);
        var diagonal = new float[factors.Rows];
        for (var film = 0; film < diagonal.Length; film++)
            diagonal[film] = Math.Max(1e-6f / options.EarlyRegularization, (1 / options.EarlyRegularization) - TensorPrimitives.SumOfSquares<float>(factors.Row(film)));
        return new EarlyTaste(ShortMatrix.Round(factors), diagonal, options.EarlyUntil);
    }

    /// <summary>How much of the score is said by this taste, 0 to 1, to someone with so many ratings.</summary>
    internal float Weight(int known) => Math.Max(0, 1 - ((float)known / until));

    internal void Write(BinaryWriter writer)
    {
        writer.Write(until);
        writer.WriteArray<float>(Diagonal);
        Factors.Write(writer);
    }

    internal static EarlyTaste Read(BinaryReader reader, int films)
    {
        var until = reader.ReadInt32();
        if (until < 1)
            throw new InvalidDataException($"The model is damaged: its early taste ends at {until} ratings.");
        var diagonal = reader.ReadArray<float>(films);
        return new EarlyTaste(ShortMatrix.Read(reader, films), diagonal, until);
    }
}
