using System.Text;
using CsCheck;
using MovieRecommender.Domain.Factorization.LinearAlgebra;

namespace MovieRecommender.Tests.Factorization;

public class ShortMatrixTests
{
    static readonly Gen<float[][]> Rows = Gen.Select(Gen.Int[1, 5], Gen.Int[1, 70])
        .SelectMany((rows, columns) => Gen.Float[-3, 3].Array[columns].Array[rows]);

    [Fact]
    public void ProductsAreThoseOfTheFloatsButForRounding() => Rows.Sample(rows =>
    {
        var matrix = ShortMatrix.Round(MatrixOf(rows));
        var vector = new ShortMatrix.Vector(rows[0]);
        for (var row = 0; row < rows.Length; row++)
        {
            double exact = 0, bound = 1e-6;
            for (var i = 0; i < rows[0].Length; i++)
            {
                exact += (double)rows[0][i] * rows[row][i];
                // Half a step of either factor, of at most 3/10000 for rows so short.
                bound += 0.5 * (3 / 10_000.0) * (Math.Abs(rows[0][i]) + Math.Abs(rows[row][i]) + 0.01);
            }
            Assert.InRange(matrix.Product(row, vector), exact - bound, exact + bound);
            Assert.InRange(matrix.Product(0, matrix, row), exact - bound, exact + bound);
        }
    });

    [Fact]
    public void TheLargestNumbersOfALongRowDoNotOverflow()
    {
        float[] row = [.. Enumerable.Repeat(1f, 16_384)];
        var matrix = ShortMatrix.Round(MatrixOf([row]));
        Assert.Equal(row.Length, matrix.Product(0, new ShortMatrix.Vector(row)), row.Length * 0.01f);
        Assert.Equal(row.Length, matrix.Product(0, matrix, 0), row.Length * 0.01f);
    }

    [Fact]
    public void ProductsAreTheSameWithoutAvx2() =>
        Gen.Select(Gen.Short[-10_000, 10_000].Array[64], Gen.Short[-10_000, 10_000].Array[64])
            .Sample((row, vector) => Assert.Equal(ShortMatrix.Product(row, vector), ShortMatrix.ProductAnywhere(row, vector)));

    [Fact]
    public void ReadsWhatItWrote() => Rows.Sample(rows =>
    {
        var matrix = ShortMatrix.Round(MatrixOf(rows));
        var read = Read(Written(matrix), rows.Length);
        Assert.Equal(matrix.Columns, read.Columns);
        for (var row = 0; row < rows.Length; row++)
            Assert.Equal(matrix.Product(row, matrix, 0), read.Product(row, read, 0));
    });

    [Theory]
    [InlineData(5.979e-37f)]
    [InlineData(1e-39f)]
    [InlineData(float.Epsilon)]
    public void RowsTooSmallForTheirDigitsAreZero(float tiny)
    {
        var matrix = ShortMatrix.Round(MatrixOf([[tiny, tiny / 2]]));
        Assert.Equal([0, 0], Read(Written(matrix), 1).ToMatrix().Row(0).ToArray());
        Assert.All(new ShortMatrix.Vector([tiny, tiny / 2]).Values, value => Assert.Equal(0, value));
    }

    [Fact]
    public void AFactorOutOfRangeIsRefused()
    {
        var bytes = Written(ShortMatrix.Round(MatrixOf([new float[768]])));
        // Columns, length and step of one row, length of the factors, then the first of them.
        BitConverter.TryWriteBytes(bytes.AsSpan(4 + 4 + 4 + 4), (short)4000);
        Assert.Contains("3344", Assert.Throws<InvalidDataException>(() => Read(bytes, 1)).Message, StringComparison.Ordinal);
    }

    static Matrix MatrixOf(float[][] rows)
    {
        var matrix = new Matrix(rows.Length, rows[0].Length);
        for (var row = 0; row < rows.Length; row++)
            rows[row].CopyTo(matrix.Row(row));
        return matrix;
    }

    static byte[] Written(ShortMatrix matrix)
    {
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true))
            matrix.Write(writer);
        return stream.ToArray();
    }

    static ShortMatrix Read(byte[] bytes, int rows)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes));
        return ShortMatrix.Read(reader, rows);
    }
}
