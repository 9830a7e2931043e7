using CsCheck;
using MovieRecommender.Domain.Factorization.LinearAlgebra;

namespace MovieRecommender.Tests.Factorization;

public class PositiveInverseTests
{
    [Fact]
    public void TimesTheMatrixIsOne() =>
        Gen.Select(Gen.Int[1, 40], Gen.Int).Sample((n, seed) =>
        {
            var random = new Random(seed);
            // B·Bᵀ + I is positive.
            var b = Enumerable.Range(0, n * n).Select(_ => random.NextDouble() - 0.5).ToArray();
            double A(int i, int j) => Enumerable.Range(0, n).Sum(k => b[(i * n) + k] * b[(j * n) + k]) + (i == j ? 1 : 0);
            var stride = PositiveInverse.Padded(n);
            var square = new double[n * stride];
            for (var i = 0; i < n; i++)
            {
                for (var j = 0; j <= i; j++)
                    square[(i * stride) + j] = A(i, j);
            }
            new PositiveInverse(n).Negate(square);
            double Inverse(int i, int j) => -square[(Math.Max(i, j) * stride) + Math.Min(i, j)];
            for (var i = 0; i < n; i++)
            {
                for (var j = 0; j < n; j++)
                    Assert.Equal(i == j ? 1 : 0, Enumerable.Range(0, n).Sum(k => A(i, k) * Inverse(k, j)), 1e-9);
            }
        }, iter: 50);
}
