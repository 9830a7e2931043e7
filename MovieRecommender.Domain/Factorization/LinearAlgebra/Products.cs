using System.Buffers;
using System.Numerics.Tensors;
using System.Runtime.Intrinsics;

namespace MovieRecommender.Domain.Factorization.LinearAlgebra;

/// <summary>
/// Matrix products in parallel over tiles of the result. Each tile is summed in one fixed order,
/// so the bits do not depend on the number of threads.
/// </summary>
static unsafe class Products
{
    const int TileRows = 4;
    const int TileColumns = 2 * Matrix.Lane;
    const int Depth = 256;
    const int Block = 8;

    /// <summary>A · B, where B has few enough columns to stay in cache.</summary>
    internal static Matrix Multiply(Matrix a, Matrix b, CancellationToken cancellationToken = default)
    {
        if (a.Columns != b.Rows)
            throw new ArgumentException($"A has {a.Columns} columns and B {b.Rows} rows.");
        var result = new Matrix(a.Rows, b.Columns);
        InPanels(b, a.Rows, (panels, begin, end) => AddPanels(a, panels, result, begin, end, 0, upper: false), cancellationToken);
        return result;
    }

    /// <summary>A becomes A · U for a square upper triangular U; what lies below U's diagonal is not read.</summary>
    internal static void MultiplyUpper(Matrix a, Matrix u, CancellationToken cancellationToken = default)
    {
        if (a.Columns != u.Rows || u.Rows != u.Columns)
            throw new ArgumentException($"A has {a.Columns} columns, and U {u.Rows} rows and {u.Columns} columns.");
        InPanels(u, a.Rows, (panels, begin, end) =>
        {
            var rows = new Matrix(end - begin, a.Columns);
            AddPanels(a, panels, rows, begin, end, begin, upper: true);
            rows.Values.CopyTo(a.Values.AsSpan(begin * a.Stride));
        }, cancellationToken);
    }

    /// <summary>
    /// Runs over some rows at a time, with B as panels of as many columns as a tile has: what a tile reads lies together, while rows of
    /// a wide matrix fall on few lines of the near cache.
    /// </summary>
    static void InPanels(Matrix b, int rows, Action<float[][], int, int> work, CancellationToken cancellationToken)
    {
        const int Rows = 64;
        var parallel = new ParallelOptions { CancellationToken = cancellationToken };
        var panels = new float[(b.Stride + TileColumns - 1) / TileColumns][];
        Parallel.For(0, panels.Length, parallel, panel =>
        {
            var packed = ArrayPool<float>.Shared.Rent(b.Rows * TileColumns);
            var width = Math.Min(TileColumns, b.Stride - (panel * TileColumns));
            for (var row = 0; row < b.Rows; row++)
                b.Values.AsSpan((row * b.Stride) + (panel * TileColumns), width).CopyTo(packed.AsSpan(row * TileColumns));
            panels[panel] = packed;
        });
        Parallel.For(0, (rows + Rows - 1) / Rows, parallel, at => work(panels, at * Rows, Math.Min(rows, (at + 1) * Rows)));
        foreach (var panel in panels)
            ArrayPool<float>.Shared.Return(panel);
    }

    /// <summary>Adds rows <paramref name="begin"/> to <paramref name="end"/> of A · B to a result that begins with row <paramref name="first"/> of it.</summary>
    static void AddPanels(Matrix a, float[][] panels, Matrix result, int begin, int end, int first, bool upper)
    {
        for (var k = 0; k < a.Columns; k += Depth)
        {
            for (var panel = 0; panel < panels.Length; panel++)
            {
                var column = panel * TileColumns;
                var depth = Math.Min(Depth, (upper ? Math.Min(a.Columns, column + TileColumns) : a.Columns) - k);
                if (depth > 0)
                    AddRows(a, panels[panel], result, begin, end, first, k, depth, column);
            }
        }
    }

    static void AddRows(Matrix a, float[] panel, Matrix result, int begin, int end, int first, int k, int depth, int column)
    {
        fixed (float* pa = a.Values, pb = panel, pc = result.Values)
        {
            for (var row = begin; row < end; row += TileRows)
            {
                Tile(
                    pa + ((long)row * a.Stride) + k, a.Stride,
                    pb + ((long)k * TileColumns),
                    pc + ((long)(row - first) * result.Stride) + column, result.Stride,
                    Math.Min(TileRows, end - row), depth, wide: column + Matrix.Lane < result.Stride);
            }
        }
    }

    /// <summary>Adds a few rows of A times a few columns of B to a tile of C.</summary>
    static void Tile(float* a, int aStride, float* b, float* c, int cStride, int rows, int depth, bool wide)
    {
        if (rows == TileRows && wide)
        {
            Tile4(a, aStride, b, c, cStride, depth);
            return;
        }
        for (var row = 0; row < rows; row++)
        {
            for (var half = 0; half < (wide ? 2 : 1); half++)
            {
                var target = c + ((long)row * cStride) + (half * Matrix.Lane);
                var sum = Vector512.Load(target);
                for (var k = 0; k < depth; k++)
                    sum = Vector512.FusedMultiplyAdd(Vector512.Create(a[((long)row * aStride) + k]), Vector512.Load(b + ((long)k * TileColumns) + (half * Matrix.Lane)), sum);
                sum.Store(target);
            }
        }
    }

    static void Tile4(float* a, int aStride, float* b, float* c, int cStride, int depth)
    {
        float* a1 = a + aStride, a2 = a1 + aStride, a3 = a2 + aStride;
        float* c1 = c + cStride, c2 = c1 + cStride, c3 = c2 + cStride;
        var s00 = Vector512.Load(c);
        var s01 = Vector512.Load(c + Matrix.Lane);
        var s10 = Vector512.Load(c1);
        var s11 = Vector512.Load(c1 + Matrix.Lane);
        var s20 = Vector512.Load(c2);
        var s21 = Vector512.Load(c2 + Matrix.Lane);
        var s30 = Vector512.Load(c3);
        var s31 = Vector512.Load(c3 + Matrix.Lane);
        for (var k = 0; k < depth; k++, b += TileColumns)
        {
            var b0 = Vector512.Load(b);
            var b1 = Vector512.Load(b + Matrix.Lane);
            var x = Vector512.Create(a[k]);
            s00 = Vector512.FusedMultiplyAdd(x, b0, s00);
            s01 = Vector512.FusedMultiplyAdd(x, b1, s01);
            x = Vector512.Create(a1[k]);
            s10 = Vector512.FusedMultiplyAdd(x, b0, s10);
            s11 = Vector512.FusedMultiplyAdd(x, b1, s11);
            x = Vector512.Create(a2[k]);
            s20 = Vector512.FusedMultiplyAdd(x, b0, s20);
            s21 = Vector512.FusedMultiplyAdd(x, b1, s21);
            x = Vector512.Create(a3[k]);
            s30 = Vector512.FusedMultiplyAdd(x, b0, s30);
            s31 = Vector512.FusedMultiplyAdd(x, b1, s31);
        }
        s00.Store(c);
        s01.Store(c + Matrix.Lane);
        s10.Store(c1);
        s11.Store(c1 + Matrix.Lane);
        s20.Store(c2);
        s21.Store(c2 + Matrix.Lane);
        s30.Store(c3);
        s31.Store(c3 + Matrix.Lane);
    }

    /// <summary>
    /// Aᵀ · B with sums in double: the small matrices that are then factorised lose nothing to a tall sum.
    /// </summary>
    /// <param name="a">As many rows as <paramref name="b"/>.</param>
    /// <param name="b">As many rows as <paramref name="a"/>.</param>
    /// <param name="lower">Only the lower triangle of a square result is wanted.</param>
    /// <param name="cancellationToken">Stops between blocks.</param>
    /// <returns>A.Columns × B.Columns, row-major.</returns>
    internal static double[] TransposeMultiply(Matrix a, Matrix b, bool lower = false, CancellationToken cancellationToken = default)
    {
        if (a.Rows != b.Rows)
            throw new ArgumentException($"A has {a.Rows} rows and B {b.Rows}.");
        var columns = b.Columns;
        var result = new double[(long)a.Columns * columns];
        var parallel = new ParallelOptions { CancellationToken = cancellationToken };
        var left = new double[(a.Columns + Block - 1) / Block * Block * Depth];
        var right = ReferenceEquals(a, b) ? left : new double[(columns + Block - 1) / Block * Block * Depth];
        var blocks = left.Length / (Block * Depth);
        // Some rows at a time, so that their columns stay in cache however tall the matrices are.
        for (var first = 0; first < a.Rows; first += Depth)
        {
            var depth = Math.Min(Depth, a.Rows - first);
            Pack(a, first, depth, left, parallel);
            if (left != right)
                Pack(b, first, depth, right, parallel);
            Parallel.For(0, blocks, parallel, at =>
            {
                // Blocks from the far end first: of a triangle they are the longest.
                var block = blocks - 1 - at;
                var rows = Math.Min(Block, a.Columns - (block * Block));
                Span<double> tile = stackalloc double[Block * Block];
                for (var other = 0; other < (lower ? block + 1 : right.Length / (Block * Depth)); other++)
                {
                    fixed (double* pa = left, pb = right)
                        GramTile(pa + ((long)block * Block * Depth), pb + ((long)other * Block * Depth), depth, tile);
                    var width = Math.Min(Block, columns - (other * Block));
                    for (var row = 0; row < rows; row++)
                    {
                        var sums = result.AsSpan((((block * Block) + row) * columns) + (other * Block), width);
                        TensorPrimitives.Add(sums, tile.Slice(row * Block, width), sums);
                    }
                }
            });
        }
        return result;
    }

    /// <summary>Eight columns at a time, row after row, as doubles: what a tile reads lies together, and is widened once.</summary>
    static void Pack(Matrix matrix, int first, int depth, double[] packed, ParallelOptions parallel) =>
        Parallel.For(0, packed.Length / (Block * Depth), parallel, block =>
        {
            // Whole vectors: the padding of a row makes that safe.
            for (var row = 0; row < depth; row++)
                TensorPrimitives.ConvertTruncating<float, double>(matrix.Values.AsSpan(((first + row) * matrix.Stride) + (block * Block), Block), packed.AsSpan(((block * Depth) + row) * Block));
        });

    /// <summary>An 8 × 8 tile of AᵀB.</summary>
    static void GramTile(double* a, double* b, int depth, Span<double> tile)
    {
        Vector512<double> s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default, s6 = default, s7 = default;
        for (var k = 0; k < depth; k++, a += Block, b += Block)
        {
            var row = Vector512.Load(b);
            s0 = Vector512.FusedMultiplyAdd(Vector512.Create(a[0]), row, s0);
            s1 = Vector512.FusedMultiplyAdd(Vector512.Create(a[1]), row, s1);
            s2 = Vector512.FusedMultiplyAdd(Vector512.Create(a[2]), row, s2);
            s3 = Vector512.FusedMultiplyAdd(Vector512.Create(a[3]), row, s3);
            s4 = Vector512.FusedMultiplyAdd(Vector512.Create(a[4]), row, s4);
            s5 = Vector512.FusedMultiplyAdd(Vector512.Create(a[5]), row, s5);
            s6 = Vector512.FusedMultiplyAdd(Vector512.Create(a[6]), row, s6);
            s7 = Vector512.FusedMultiplyAdd(Vector512.Create(a[7]), row, s7);
        }
        s0.CopyTo(tile);
        s1.CopyTo(tile[8..]);
        s2.CopyTo(tile[16..]);
        s3.CopyTo(tile[24..]);
        s4.CopyTo(tile[32..]);
        s5.CopyTo(tile[40..]);
        s6.CopyTo(tile[48..]);
        s7.CopyTo(tile[56..]);
    }
}
