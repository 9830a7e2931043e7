using System.Numerics.Tensors;
using MovieRecommender.Domain.Factorization.LinearAlgebra;

namespace MovieRecommender.Domain.Factorization;

/// <summary>
/// Taste under a larger ridge, for people of whom little is known: with few ratings what a film is rarely seen with says more about
/// chance than about taste. The factors are those of <see cref="LinearAutoencoderModel"/>, turned by one square matrix.
/// </summary>
sealed class EarlyTaste
{
    /// <summary>M, upper triangular.</summary>
    readonly Matrix change;

    readonly int until;

    /// <summary>P'[j,j] of each film under the larger ridge.</summary>
    readonly float[] diagonal;

    /// <summary>Each film's product with itself under the larger ridge.</summary>
    readonly float[] own;

    EarlyTaste(Matrix change, float[] diagonal, float[] own, int until)
    {
        this.change = change;
        this.diagonal = diagonal;
        this.own = own;
        this.until = until;
    }

    internal static EarlyTaste? Of(ShortMatrix taste, LinearAutoencoderOptions options, CancellationToken cancellationToken)
    {
        if (options.EarlyUntil == 0 || options.EarlyRegularization <= options.Regularization)
            return null;
        var turned = taste.ToMatrix();
        var change = RidgeInverse.Change(turned, options.Regularization, options.EarlyRegularization, cancellationToken);
        Products.MultiplyUpper(turned, change, cancellationToken);
        var own = new float[turned.Rows];
        var diagonal = new float[turned.Rows];
        for (var film = 0; film < own.Length; film++)
        {
            own[film] = TensorPrimitives.SumOfSquares<float>(turned.Row(film));
            diagonal[film] = Math.Max(1e-6f / options.EarlyRegularization, (1 / options.EarlyRegularization) - own[film]);
        }
        return new EarlyTaste(change, diagonal, own, options.EarlyUntil);
    }

    /// <summary>How much of the score is said by this taste, 0 to 1, to someone with so many ratings.</summary>
    internal float Weight(int known) => Math.Max(0, 1 - ((float)known / until));

    /// <summary>What a person's or a film's factors are multiplied with instead of themselves: M·Mᵀ·v.</summary>
    internal float[] Turn(ReadOnlySpan<float> factors)
    {
        var size = change.Columns;
        float[] along = new float[size], turned = new float[size];
        for (var row = 0; row < size; row++)
            TensorPrimitives.MultiplyAdd(change.Row(row)[row..], factors[row], along.AsSpan(row), along.AsSpan(row));
        for (var row = 0; row < size; row++)
            turned[row] = TensorPrimitives.Dot<float>(change.Row(row)[row..], along.AsSpan(row));
        return turned;
    }

    internal float Diagonal(int film) => diagonal[film];

    internal float Own(int film) => own[film];

    internal void Write(BinaryWriter writer)
    {
        writer.Write(until);
        writer.WriteArray<float>(diagonal);
        writer.WriteArray<float>(own);
        writer.WriteArray<float>(change.Values);
    }

    internal static EarlyTaste Read(BinaryReader reader, int films, int size)
    {
        var until = reader.ReadInt32();
        if (until < 1)
            throw new InvalidDataException($"The model is damaged: its early taste ends at {until} ratings.");
        var (diagonal, own) = (reader.ReadArray<float>(films), reader.ReadArray<float>(films));
        // Read before room is made: a damaged size asks for no more than the file holds.
        var values = reader.ReadArray<float>();
        if (values.LongLength != (long)size * Matrix.Padded(size))
            throw new InvalidDataException($"The model is damaged: its early taste has {values.Length} entries for factors of size {size}.");
        var change = new Matrix(size, size);
        values.CopyTo(change.Values, 0);
        return new EarlyTaste(change, diagonal, own, until);
    }
}
