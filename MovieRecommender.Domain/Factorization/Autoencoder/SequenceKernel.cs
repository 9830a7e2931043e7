using System.Buffers;
using System.Runtime.Intrinsics;
using MovieRecommender.Domain.Factorization.LinearAlgebra;

namespace MovieRecommender.Domain.Factorization;

/// <summary>
/// How much a pair of ratings counts by its distance in one history, p films and t days:
/// Constant + Near·e^(−p/NearSpan) + Period·e^(−t/period), the period being that of <see cref="RankedFilms"/>.
/// </summary>
readonly record struct PairWeight(float Constant, float Near, float NearSpan, float Period)
{
    internal float AtZero => Constant + Near + Period;
}

/// <summary>
/// The item × item matrix Σ over people and pairs (p, q) of their history of x_p · x_q · weight(|p − q|), never formed:
/// a product with it takes one walk forward and one backward along each history, because an exponential kernel is a
/// running sum that decays. O(ratings · columns) time, no memory beyond the result.
/// </summary>
sealed unsafe class SequenceKernel
{
    const int PanelColumns = 2 * Matrix.Lane;

    readonly RankedFilms films;
    readonly PairWeight earlier;
    readonly PairWeight later;
    readonly float same;

    SequenceKernel(RankedFilms films, PairWeight earlier, PairWeight later, float same)
    {
        this.films = films;
        this.earlier = earlier;
        this.later = later;
        this.same = same;
    }

    /// <summary>Both directions and the diagonal.</summary>
    internal static SequenceKernel Symmetric(RankedFilms films, PairWeight weight) => new(films, weight, weight, weight.AtZero);

    /// <summary>Row: the earlier film; column: the later one; nothing on the diagonal.</summary>
    internal static SequenceKernel Directed(RankedFilms films, PairWeight weight) => new(films, default, weight, 0);

    internal SequenceKernel Transposed => new(films, later, earlier, same);

    /// <summary>Adds scale · (this matrix) · <paramref name="v"/> to <paramref name="result"/>.</summary>
    internal void MultiplyAdd(Matrix v, float scale, Matrix result, CancellationToken cancellationToken)
    {
        var panels = (v.Stride + PanelColumns - 1) / PanelColumns;
        Parallel.For(0, panels, new ParallelOptions { CancellationToken = cancellationToken }, panel =>
        {
            // A panel of columns is copied out so that one film's values share cache lines and fit the near cache.
            var size = films.Count * PanelColumns;
            float[] source = ArrayPool<float>.Shared.Rent(size), target = ArrayPool<float>.Shared.Rent(size);
            // Beside a narrow panel the source holds what was there before; columns do not meet, and nothing of those is kept.
            target.AsSpan(0, size).Clear();
            var first = panel * PanelColumns;
            var width = Math.Min(PanelColumns, v.Stride - first);
            for (var film = 0; film < films.Count; film++)
                v.Values.AsSpan((film * v.Stride) + first, width).CopyTo(source.AsSpan(film * PanelColumns));
            Walk(source, target, cancellationToken);
            for (var film = 0; film < films.Count; film++)
            {
                var row = result.Values.AsSpan((film * result.Stride) + first, width);
                for (var column = 0; column < width; column++)
                    row[column] += scale * target[(film * PanelColumns) + column];
            }
            ArrayPool<float>.Shared.Return(source);
            ArrayPool<float>.Shared.Return(target);
        });
    }

    void Walk(float[] source, float[] target, CancellationToken cancellationToken)
    {
        fixed (float* from = source, to = target, strength = films.StrengthOf, fade = films.Fade)
        fixed (int* film = films.Film)
        {
            for (var user = 0; user < films.HistoryStart.Length - 1; user++)
            {
                if ((user & 0x3FF) == 0)
                    cancellationToken.ThrowIfCancellationRequested();
                int begin = films.HistoryStart[user], end = films.HistoryStart[user + 1];
                Pass(from, to, film, strength, fade + 1, begin, end, 1, earlier, same);
                if (later != default)
                    Pass(from, to, film, strength, fade, end - 1, begin - 1, -1, later, 0);
            }
        }
    }

    static void Pass(float* from, float* to, int* film, float* strength, float* fade, int begin, int end, int step, PairWeight weight, float same)
    {
        // The state after a film decays before the next one: distance 1 weighs e^(−1/span).
        Vector512<float> near0 = default, near1 = default, far0 = default, far1 = default, all0 = default, all1 = default;
        var nearDecay = Vector512.Create(MathF.Exp(-1 / Math.Max(weight.NearSpan, 1e-3f)));
        Vector512<float> nearScale = Vector512.Create(weight.Near), farScale = Vector512.Create(weight.Period), allScale = Vector512.Create(weight.Constant);
        var sameScale = Vector512.Create(same);
        for (var p = begin; p != end; p += step)
        {
            var offset = (long)film[p] * PanelColumns;
            var x = Vector512.Create(strength[p]);
            var v0 = x * Vector512.Load(from + offset);
            var v1 = x * Vector512.Load(from + offset + Matrix.Lane);
            var sum0 = (sameScale * v0) + (nearScale * near0) + (farScale * far0) + (allScale * all0);
            var sum1 = (sameScale * v1) + (nearScale * near1) + (farScale * far1) + (allScale * all1);
            Vector512.FusedMultiplyAdd(x, sum0, Vector512.Load(to + offset)).Store(to + offset);
            Vector512.FusedMultiplyAdd(x, sum1, Vector512.Load(to + offset + Matrix.Lane)).Store(to + offset + Matrix.Lane);
            near0 = nearDecay * (near0 + v0);
            near1 = nearDecay * (near1 + v1);
            var farDecay = Vector512.Create(fade[p]);
            far0 = farDecay * (far0 + v0);
            far1 = farDecay * (far1 + v1);
            all0 += v0;
            all1 += v1;
        }
    }
}
