using CsCheck;
using MovieRecommender.Domain.Factorization.LinearAlgebra;

namespace MovieRecommender.Tests.Factorization;

public class WeightedRowTests
{
    [Fact]
    public void AnyNumberOfRowsIsSummed() =>
        Gen.Select(Gen.Int[0, 9], Gen.Int[0, 100]).SelectMany((rows, length) =>
            Gen.Select(Gen.Int[-8, 8].Array[rows], Gen.Short[-1000, 1000].Array[length].Array[rows], Gen.Int[-1000, 1000].Select(value => (float)value).Array[length])).Sample((weights, rows, before) =>
        {
            float[] sums = [.. before];
            WeightedRow.Sum([.. rows.Select((row, i) => new WeightedRow(weights[i], row))], sums);
            Assert.Equal(before.Select((value, at) => value + rows.Select((row, i) => weights[i] * row[at]).Sum()), sums);
        });
}
