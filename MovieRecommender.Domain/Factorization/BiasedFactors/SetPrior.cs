using System.Numerics.Tensors;
using MovieRecommender.Domain.Factorization.LinearAlgebra;

namespace MovieRecommender.Domain.Factorization;

/// <summary>
/// What a set says of its owner's vector before any star is read: of a person, which films they chose; of a film, who chose it
/// and how it is described. Kernel ridge regression from sets to vectors; the kernel is the cosine of the weighted sets, and its
/// ridge inverse is kept in low rank.
/// </summary>
/// <remarks>
/// With N the normalised sets and K = N·Nᵀ: α = (K + λI)⁻¹·X. A new owner's expectation is n·Y with Y = Nᵀ·α, one row for
/// each element; in training each owner is predicted from the others, X[u] − α[u] / (K + λI)⁻¹[u,u].
/// </remarks>
sealed class SetPrior
{
    readonly Sets sets;
    readonly float ridge;
    readonly float[] norm;
    readonly Matrix low;
    readonly float[] diagonal;

    internal SetPrior(Sets sets, float ridge, int rank, int seed, CancellationToken cancellationToken)
    {
        this.sets = sets;
        this.ridge = ridge;
        norm = new float[sets.Count];
        for (var set = 0; set < norm.Length; set++)
        {
            float squares = 0;
            foreach (var element in sets.Of(set))
                squares += sets.Weight[element] * sets.Weight[element];
            norm[set] = Norm(squares);
        }
        low = RidgeInverse.Factor(sets.Count, v => Times(TransposeTimes(v)), ridge, rank, 2, seed, null, cancellationToken);
        diagonal = new float[sets.Count];
        for (var set = 0; set < diagonal.Length; set++)
            diagonal[set] = Math.Max(1e-6f / ridge, (1 / ridge) - TensorPrimitives.SumOfSquares<float>(low.Row(set)));
    }

    /// <summary>What each element adds to a set before normalisation.</summary>
    internal float[] Weight => sets.Weight;

    /// <summary>One over the length of a person's set of films; 0 for an empty one.</summary>
    internal static float Norm(ReadOnlySpan<RatedItem> history, float[] weight)
    {
        float squares = 0;
        foreach (var rated in history)
        {
            if ((uint)rated.Item < (uint)weight.Length)
                squares += weight[rated.Item] * weight[rated.Item];
        }
        return Norm(squares);
    }

    static float Norm(float squares) => squares > 0 ? 1 / MathF.Sqrt(squares) : 0;

    /// <summary>Predicts every owner's vector from the others'; sets × size, as given.</summary>
    internal Matrix Expect(Matrix vectors)
    {
        var alpha = TimesInverse(vectors);
        var expected = new Matrix(vectors.Rows, vectors.Columns);
        for (var set = 0; set < vectors.Rows; set++)
            TensorPrimitives.MultiplyAdd(alpha.Row(set), -1 / diagonal[set], vectors.Row(set), expected.Row(set));
        return expected;
    }

    /// <summary>Y, from which a new owner's vector is expected: elements × size.</summary>
    internal Matrix Contributions(Matrix vectors) => TransposeTimes(TimesInverse(vectors));

    Matrix TimesInverse(Matrix v)
    {
        var product = Products.TransposeMultiply(low, v);
        var small = new Matrix(low.Columns, v.Columns);
        for (var row = 0; row < small.Rows; row++)
        {
            for (var column = 0; column < small.Columns; column++)
                small[row, column] = -(float)product[(row * small.Columns) + column];
        }
        var result = Products.Multiply(low, small);
        TensorPrimitives.MultiplyAdd(v.Values, 1 / ridge, result.Values, result.Values);
        return result;
    }

    /// <summary>N · v.</summary>
    Matrix Times(Matrix v)
    {
        var result = new Matrix(sets.Count, v.Columns);
        Parallel.For(0, sets.Count, set =>
        {
            var row = result.Row(set);
            foreach (var element in sets.Of(set))
                TensorPrimitives.MultiplyAdd(v.Row(element), Weight[element] * norm[set], row, row);
        });
        return result;
    }

    /// <summary>Nᵀ · v.</summary>
    Matrix TransposeTimes(Matrix v)
    {
        var result = new Matrix(sets.Elements, v.Columns);
        Parallel.For(0, sets.Elements, element =>
        {
            var row = result.Row(element);
            foreach (var set in sets.With(element))
                TensorPrimitives.MultiplyAdd(v.Row(set), Weight[element] * norm[set], row, row);
        });
        return result;
    }
}
