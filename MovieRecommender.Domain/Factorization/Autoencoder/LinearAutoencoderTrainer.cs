using System.Numerics.Tensors;
using MovieRecommender.Domain.Factorization.LinearAlgebra;

namespace MovieRecommender.Domain.Factorization;

/// <summary>
/// The ranking head: a zero-diagonal linear autoencoder (EASE, Steck 2019) that knows the order of a history, in factored form.
/// </summary>
/// <remarks>
/// With the strengths x = (r/5)², the Gram matrix G counts pairs of ratings more the closer they are in one history, and pairs of
/// films that share genre, tag or period (Jeunen et al. 2020). P = (G + λI)⁻¹ is kept as I/λ − W·Wᵀ through a Nyström
/// approximation of G, so that the EASE weights −P[i,j]/P[j,j] become wᵢ·wⱼ/P[j,j]: a factorisation of rank
/// <see cref="LinearAutoencoderOptions.Rank"/> whose user vector is one weighted sum. A second, directed matrix C (earlier film →
/// later film) gives the next-film weights P·C − P·diag((PC)ⱼⱼ/P[j,j]), kept as A·Zᵀ. No item × item matrix is ever formed.
/// </remarks>
public sealed class LinearAutoencoderTrainer(LinearAutoencoderOptions? options = null) : ITrainer
{
    /// <summary>The public name.</summary>
    public const string AlgorithmName = "linear-autoencoder";

    const int Oversampling = 16;

    readonly LinearAutoencoderOptions options = options ?? new();

    /// <inheritdoc/>
    public string Name => AlgorithmName;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public ItemModel Train(TrainingSet data, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        options.Validate();
        var ranked = new RankedFilms(data.Ratings, options.MinRatings, options.PeriodDays);
        var work = new Workspace(ranked, data, options, progress, cancellationToken);
        var taste = work.Taste();
        var diagonal = Diagonal(taste);
        var (from, to) = data.Ratings.HasTimes && options.NextRank > 0 && options.Next > 0
            ? work.NextFilm(taste, diagonal)
            : (new Matrix(ranked.Count, 0), new Matrix(ranked.Count, 0));
        var discount = new float[ranked.Count];
        for (var film = 0; film < ranked.Count; film++)
            discount[film] = MathF.Pow(data.Ratings.RatersOf(ranked.Films[film]).Length + 20, -options.PopularityDiscount);
        var rounded = ShortMatrix.Round(taste);
        var early = EarlyTaste.Of(rounded, options, cancellationToken);
        progress?.Report(new TrainingProgress(1, "done"));
        return new LinearAutoencoderModel(
            ranked.Films, data.Ratings.Items, rounded, diagonal, ShortMatrix.Round(from), ShortMatrix.Round(to), discount, Prior(ranked, data.Ratings.Users, discount),
            options.Next, options.NextRecency, options.NextAfter, early);
    }

    /// <summary>P[j,j] = 1/λ − |wⱼ|².</summary>
    float[] Diagonal(Matrix taste)
    {
        var diagonal = new float[taste.Rows];
        for (var film = 0; film < diagonal.Length; film++)
            diagonal[film] = Math.Max(1e-6f / options.Regularization, (1 / options.Regularization) - TensorPrimitives.SumOfSquares<float>(taste.Row(film)));
        return diagonal;
    }

    /// <summary>Mean strength of each film over all people, on the scale of the discounted scores.</summary>
    float[] Prior(RankedFilms ranked, int people, float[] discount)
    {
        var prior = new float[ranked.Count];
        for (var p = 0; p < ranked.Film.Length; p++)
            prior[ranked.Film[p]] += options.Prior * discount[ranked.Film[p]] * ranked.StrengthOf[p] / people;
        return prior;
    }

    /// <summary>The two operators and the solvers on them.</summary>
    sealed class Workspace(RankedFilms ranked, TrainingSet data, LinearAutoencoderOptions options, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        readonly PairWeight pair = data.Ratings.HasTimes
            ? new(1, options.Near, options.NearSpan, options.Period)
            : new(1, 0, 1, 0);

        readonly SequenceKernel next = SequenceKernel.Directed(
            ranked, new PairWeight(options.NextFloor, 1, options.NextSpan, 0));

        readonly SideGroups side = new(ranked, data.Features, options);
        readonly int steps = options.Passes + 1 + (options.NextRank > 0 ? (2 * options.Passes) + 1 : 0);
        int done;

        /// <summary>W with (G + λI)⁻¹ ≈ I/λ − W·Wᵀ.</summary>
        internal Matrix Taste() => RidgeInverse.Factor(
            ranked.Count, TimesGram, options.Regularization, options.Rank, options.Passes, options.Seed, () => Report("taste"), cancellationToken);

        /// <summary>A and Z with A·Zᵀ ≈ P·C − P·diag(e), e = (PC)ⱼⱼ/P[j,j].</summary>
        internal (Matrix From, Matrix To) NextFilm(Matrix taste, float[] diagonal)
        {
            var e = Ratio(taste, diagonal);
            var rank = Math.Min(options.NextRank, ranked.Count);
            var basis = Matrix.Gaussian(ranked.Count, Math.Min(rank + Oversampling, ranked.Count), options.Seed + 1);
            for (var pass = 0; pass < options.Passes; pass++)
            {
                var y = TimesInverse(taste, TimesNext(basis, e, next));
                Report("next film");
                basis = Cholesky.Orthonormalise(y, cancellationToken);
                if (pass == options.Passes - 1)
                    break;
                basis = Cholesky.Orthonormalise(TimesNext(TimesInverse(taste, basis), e, next.Transposed), cancellationToken);
                Report("next film");
            }
            var to = TimesNext(TimesInverse(taste, basis), e, next.Transposed);
            Report("next film");
            return (basis, to);
        }

        /// <summary>(P·C)ⱼⱼ / P[j,j] = (C[j,j]/λ − Σ_r W[j,r]·(Cᵀ·W)[j,r]) / P[j,j].</summary>
        float[] Ratio(Matrix taste, float[] diagonal)
        {
            var through = TimesNext(taste, [], next.Transposed);
            var e = new float[ranked.Count];
            for (var p = 0; p < ranked.Film.Length; p++)
                e[ranked.Film[p]] += options.NextTaste * ranked.StrengthOf[p] * ranked.StrengthOf[p] * pair.AtZero;
            side.AddDiagonal(options.NextTaste, e);
            for (var film = 0; film < e.Length; film++)
                e[film] = ((e[film] / options.Regularization) - TensorPrimitives.Dot<float>(taste.Row(film), through.Row(film))) / diagonal[film];
            return e;
        }

        Matrix TimesGram(Matrix v)
        {
            var result = new Matrix(v.Rows, v.Columns);
            SequenceKernel.Symmetric(ranked, pair).MultiplyAdd(v, 1, result, cancellationToken);
            side.MultiplyAdd(v, 1, result);
            return result;
        }

        /// <summary>(C − diag(e)) · v, or with the transposed kernel its transpose.</summary>
        Matrix TimesNext(Matrix v, ReadOnlySpan<float> e, SequenceKernel directed)
        {
            var result = new Matrix(v.Rows, v.Columns);
            directed.MultiplyAdd(v, 1, result, cancellationToken);
            if (options.NextTaste > 0)
            {
                SequenceKernel.Symmetric(ranked, pair).MultiplyAdd(v, options.NextTaste, result, cancellationToken);
                side.MultiplyAdd(v, options.NextTaste, result);
            }
            for (var film = 0; film < e.Length; film++)
                TensorPrimitives.MultiplyAdd(v.Row(film), -e[film], result.Row(film), result.Row(film));
            return result;
        }

        /// <summary>P · v = v/λ − W·(Wᵀ·v).</summary>
        Matrix TimesInverse(Matrix taste, Matrix v)
        {
            var product = Products.TransposeMultiply(taste, v, cancellationToken: cancellationToken);
            var small = new Matrix(taste.Columns, v.Columns);
            for (var row = 0; row < small.Rows; row++)
            {
                for (var column = 0; column < small.Columns; column++)
                    small[row, column] = -(float)product[(row * small.Columns) + column];
            }
            var result = Products.Multiply(taste, small, cancellationToken);
            TensorPrimitives.MultiplyAdd(v.Values, 1 / options.Regularization, result.Values, result.Values);
            return result;
        }

        void Report(string step)
        {
            cancellationToken.ThrowIfCancellationRequested();
            done++;
            progress?.Report(new TrainingProgress(Math.Min(1, (double)done / steps), step));
        }
    }
}
