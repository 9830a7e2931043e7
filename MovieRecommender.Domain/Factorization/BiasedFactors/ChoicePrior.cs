using System.Numerics.Tensors;
using MovieRecommender.Domain.Factorization.LinearAlgebra;

namespace MovieRecommender.Domain.Factorization;

/// <summary>
/// What the choice of films says of a person before any star is read: kernel ridge regression from sets of rated films to
/// vectors. The kernel is the cosine of the sets, popular films discounted; its ridge inverse is kept in low rank.
/// </summary>
/// <remarks>
/// With N the normalised sets and K = N·Nᵀ: α = (K + λI)⁻¹·X. A new person's expectation is n·Y with Y = Nᵀ·α, one row for
/// each film; in training each person is predicted from the others, X[u] − α[u] / (K + λI)⁻¹[u,u].
/// </remarks>
sealed class ChoicePrior
{
    readonly RatingMatrix ratings;
    readonly float ridge;
    readonly float[] norm;
    readonly Matrix low;
    readonly float[] diagonal;

    internal ChoicePrior(RatingMatrix ratings, BiasedMfOptions options, CancellationToken cancellationToken)
    {
        this.ratings = ratings;
        ridge = options.ChoiceRidge;
        Weight = new float[ratings.Items];
        for (var item = 0; item < ratings.Items; item++)
            Weight[item] = MathF.Pow(ratings.RatersOf(item).Length + 1, -options.ChoiceDiscount);
        norm = new float[ratings.Users];
        for (var user = 0; user < ratings.Users; user++)
            norm[user] = Norm(ratings.HistoryOf(user), Weight);
        low = RidgeInverse.Factor(ratings.Users, v => Sets(SetsTransposed(v)), ridge, options.ChoiceRank, 2, options.Seed, null, cancellationToken);
        diagonal = new float[ratings.Users];
        for (var user = 0; user < diagonal.Length; user++)
            diagonal[user] = Math.Max(1e-6f / ridge, (1 / ridge) - TensorPrimitives.SumOfSquares<float>(low.Row(user)));
    }

    /// <summary>What each film adds to a set before normalisation.</summary>
    internal float[] Weight { get; }

    /// <summary>One over the length of a person's set; 0 for an empty one.</summary>
    internal static float Norm(ReadOnlySpan<RatedItem> history, float[] weight)
    {
        float squares = 0;
        foreach (var rated in history)
        {
            if ((uint)rated.Item < (uint)weight.Length)
                squares += weight[rated.Item] * weight[rated.Item];
        }
        return squares > 0 ? 1 / MathF.Sqrt(squares) : 0;
    }

    /// <summary>Predicts every person's vector from the others', and gives Y, one row for each film.</summary>
    /// <param name="vectors">Users × size.</param>
    /// <returns>Expected vectors (users × size) and Y (items × size).</returns>
    internal (Matrix Expected, Matrix Y) Fit(Matrix vectors)
    {
        var alpha = TimesInverse(vectors);
        var expected = new Matrix(vectors.Rows, vectors.Columns);
        for (var user = 0; user < vectors.Rows; user++)
        {
            for (var i = 0; i < vectors.Columns; i++)
                expected[user, i] = vectors[user, i] - (alpha[user, i] / diagonal[user]);
        }
        return (expected, SetsTransposed(alpha));
    }

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
    Matrix Sets(Matrix v)
    {
        var result = new Matrix(ratings.Users, v.Columns);
        Parallel.For(0, ratings.Users, user =>
        {
            var row = result.Row(user);
            foreach (var rated in ratings.HistoryOf(user))
                TensorPrimitives.MultiplyAdd(v.Row(rated.Item), Weight[rated.Item] * norm[user], row, row);
        });
        return result;
    }

    /// <summary>Nᵀ · v.</summary>
    Matrix SetsTransposed(Matrix v)
    {
        var result = new Matrix(ratings.Items, v.Columns);
        Parallel.For(0, ratings.Items, item =>
        {
            var row = result.Row(item);
            foreach (var rater in ratings.RatersOf(item))
                TensorPrimitives.MultiplyAdd(v.Row(rater.User), Weight[item] * norm[rater.User], row, row);
        });
        return result;
    }
}
