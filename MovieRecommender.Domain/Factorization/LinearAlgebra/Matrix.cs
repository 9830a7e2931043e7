namespace MovieRecommender.Domain.Factorization.LinearAlgebra;

/// <summary>A dense row-major matrix whose rows are padded with zeros to whole vectors.</summary>
sealed class Matrix
{
    /// <summary>Floats in a 512-bit vector; rows are padded to multiples of it.</summary>
    internal const int Lane = 16;

    internal Matrix(int rows, int columns)
    {
        Rows = rows;
        Columns = columns;
        Stride = Padded(columns);
        Values = new float[(long)rows * Stride];
    }

    internal int Rows { get; }

    internal int Columns { get; }

    /// <summary>Distance between rows in floats.</summary>
    internal int Stride { get; }

    internal float[] Values { get; }

    internal float this[int row, int column]
    {
        get => Values[((long)row * Stride) + column];
        set => Values[((long)row * Stride) + column] = value;
    }

    internal Span<float> Row(int row) => Values.AsSpan(row * Stride, Columns);

    /// <summary>Floats that a row of so many columns takes.</summary>
    internal static int Padded(int columns) => (columns + Lane - 1) / Lane * Lane;

    /// <summary>Standard normal entries, the same for the same seed.</summary>
    internal static Matrix Gaussian(int rows, int columns, int seed)
    {
        var random = new Random(seed);
        var matrix = new Matrix(rows, columns);
        // Drawn one after the other, and shaped side by side.
        const int Rows = 64;
        var drawn = new double[Rows * columns * 2];
        for (var first = 0; first < rows; first += Rows)
        {
            var count = Math.Min(Rows, rows - first);
            foreach (ref var draw in drawn.AsSpan(0, count * columns * 2))
                draw = random.NextDouble();
            Parallel.For(0, count, row =>
            {
                var draws = drawn.AsSpan(row * columns * 2);
                foreach (ref var value in matrix.Row(first + row))
                {
                    // Box and Muller 1958.
                    value = (float)(Math.Sqrt(-2 * Math.Log(1 - draws[0])) * Math.Cos(2 * Math.PI * draws[1]));
                    draws = draws[2..];
                }
            });
        }
        return matrix;
    }
}
