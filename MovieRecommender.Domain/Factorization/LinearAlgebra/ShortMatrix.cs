using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MovieRecommender.Domain.Factorization.LinearAlgebra;

/// <summary>
/// A matrix in half the memory: each row is whole numbers times a step of its own, as fine as lets a product sum up in 32 bits.
/// Products of whole numbers take two at a time and are the same on every machine.
/// </summary>
sealed class ShortMatrix
{
    /// <summary>Numbers that one round of the product takes; rows are padded to multiples of it.</summary>
    const int Lane = 32;

    readonly int stride;
    readonly short[] values;
    readonly float[] steps;

    ShortMatrix(int columns, short[] values, float[] steps)
    {
        stride = Padded(columns);
        Columns = columns;
        this.values = values;
        this.steps = steps;
    }

    internal int Columns { get; }

    /// <summary>The nearest such matrix.</summary>
    internal static ShortMatrix Round(Matrix matrix)
    {
        var rounded = new ShortMatrix(matrix.Columns, new short[(long)matrix.Rows * Padded(matrix.Columns)], new float[matrix.Rows]);
        for (var row = 0; row < matrix.Rows && matrix.Columns > 0; row++)
        {
            rounded.steps[row] = Round(matrix.Row(row), Greatest(matrix.Columns), rounded.values.AsSpan(row * rounded.stride));
        }
        return rounded;
    }

    /// <summary>The same as floats.</summary>
    internal Matrix ToMatrix()
    {
        var matrix = new Matrix(steps.Length, Columns);
        for (var row = 0; row < steps.Length && Columns > 0; row++)
            AddTo(matrix.Row(row), 1, row);
        return matrix;
    }

    /// <summary>A vector ready for products with many rows.</summary>
    internal readonly struct Vector
    {
        internal Vector(ReadOnlySpan<float> from)
        {
            Values = new short[Padded(from.Length)];
            if (from.IsEmpty)
                return;
            // Neither a number nor a product's sum leaves its type.
            Step = StepOf(Math.Max(
                Math.Abs(TensorPrimitives.MaxMagnitude(from)) / short.MaxValue,
                TensorPrimitives.SumOfMagnitudes(from) / ((int.MaxValue / Greatest(from.Length)) - from.Length)));
            Round(from, Step, Values);
        }

        internal short[] Values { get; }

        internal float Step { get; }
    }

    /// <summary>A row, ready for products with rows of a matrix as wide.</summary>
    internal Vector VectorOf(int row)
    {
        var values = new float[Columns];
        AddTo(values, 1, row);
        return new(values);
    }

    /// <summary>The product of a row with a vector.</summary>
    internal float Product(int row, in Vector vector) => steps[row] * vector.Step * Product(Row(row), vector.Values);

    /// <summary>The product of a row with a row of another matrix as wide.</summary>
    internal float Product(int row, ShortMatrix matrix, int other)
    {
        const int chunk = 256;
        Span<float> a = stackalloc float[chunk], b = stackalloc float[chunk];
        var sum = 0f;
        for (var start = 0; start < stride; start += chunk)
        {
            var length = Math.Min(chunk, stride - start);
            Widen(Row(row).Slice(start, length), a);
            Widen(matrix.Row(other).Slice(start, length), b);
            sum += TensorPrimitives.Dot<float>(a[..length], b[..length]);
        }
        return steps[row] * matrix.steps[other] * sum;
    }

    /// <summary>sum += weight · row.</summary>
    /// <param name="sum">As long as the rows are wide.</param>
    /// <param name="weight">May be negative.</param>
    /// <param name="row">Row number.</param>
    internal void AddTo(Span<float> sum, float weight, int row)
    {
        var numbers = Row(row);
        var scale = weight * steps[row];
        var whole = sum.Length / Lane * Lane;
        for (var i = 0; i < whole; i += Lane)
        {
            var (low, high) = Vector512.Widen(Vector512.LoadUnsafe(in numbers[i]));
            ref float first = ref sum[i], second = ref sum[i + (Lane / 2)];
            (Vector512.LoadUnsafe(ref first) + (scale * Vector512.ConvertToSingle(low))).StoreUnsafe(ref first);
            (Vector512.LoadUnsafe(ref second) + (scale * Vector512.ConvertToSingle(high))).StoreUnsafe(ref second);
        }
        for (var rest = whole; rest < sum.Length; rest++)
            sum[rest] += scale * numbers[rest];
    }

    internal static int Product(ReadOnlySpan<short> row, ReadOnlySpan<short> vector)
    {
        if (!Avx2.IsSupported)
            return ProductAnywhere(row, vector);
        ref var a = ref MemoryMarshal.GetReference(row);
        ref var b = ref MemoryMarshal.GetReference(vector[..row.Length]);
        Vector256<int> even = default, odd = default;
        for (nuint i = 0; i < (nuint)row.Length; i += Lane)
        {
            even += Avx2.MultiplyAddAdjacent(Vector256.LoadUnsafe(ref a, i), Vector256.LoadUnsafe(ref b, i));
            odd += Avx2.MultiplyAddAdjacent(Vector256.LoadUnsafe(ref a, i + (Lane / 2)), Vector256.LoadUnsafe(ref b, i + (Lane / 2)));
        }
        return Vector256.Sum(even + odd);
    }

    /// <summary>The same where there is no AVX2.</summary>
    internal static int ProductAnywhere(ReadOnlySpan<short> row, ReadOnlySpan<short> vector)
    {
        ref var a = ref MemoryMarshal.GetReference(row);
        ref var b = ref MemoryMarshal.GetReference(vector[..row.Length]);
        Vector128<int> low = default, high = default;
        for (nuint i = 0; i < (nuint)row.Length; i += (nuint)Vector128<short>.Count)
        {
            var (rowLow, rowHigh) = Vector128.Widen(Vector128.LoadUnsafe(ref a, i));
            var (vectorLow, vectorHigh) = Vector128.Widen(Vector128.LoadUnsafe(ref b, i));
            low += rowLow * vectorLow;
            high += rowHigh * vectorHigh;
        }
        return Vector128.Sum(low + high);
    }

    internal void Write(BinaryWriter writer)
    {
        writer.Write(Columns);
        writer.WriteArray<float>(steps);
        writer.WriteArray<short>(values);
    }

    internal static ShortMatrix Read(BinaryReader reader, int rows)
    {
        var columns = reader.ReadInt32();
        if (columns is < 0 or > 1 << 14)
            throw new InvalidDataException($"The model is damaged: factors of size {columns}.");
        var steps = reader.ReadArray<float>(rows);
        if (Array.Exists(steps, step => !float.IsFinite(step)))
            throw new InvalidDataException("The model is damaged: the step of a film's factors is not a number.");
        var values = reader.ReadArray<short>(checked(rows * Padded(columns)));
        var greatest = Greatest(columns);
        if (values.Length > 0 && (TensorPrimitives.Min<short>(values) < -greatest || TensorPrimitives.Max<short>(values) > greatest))
            throw new InvalidDataException($"The model is damaged: a factor is beyond {greatest} steps.");
        return new ShortMatrix(columns, values, steps);
    }

    /// <summary>
    /// The greatest number in a row. Rows and vectors have the same number of bits when their largest entries are four times the mean one,
    /// as in bell-shaped rows; for others the vector is rounded more.
    /// </summary>
    static int Greatest(int columns) => (int)Math.Min(short.MaxValue, Math.Sqrt(4.0 * int.MaxValue / Math.Max(1, columns)));

    /// <summary>None where it is so small that it has lost its digits, and numbers of steps would be too great: such rows are zero.</summary>
    static float StepOf(float exact) => float.IsSubnormal(exact) ? 0 : exact;

    /// <param name="from">Whole lanes.</param>
    /// <param name="to">At least as long.</param>
    static void Widen(ReadOnlySpan<short> from, Span<float> to)
    {
        ref var numbers = ref MemoryMarshal.GetReference(from);
        ref var floats = ref MemoryMarshal.GetReference(to[..from.Length]);
        for (nuint i = 0; i < (nuint)from.Length; i += (nuint)Vector256<short>.Count)
        {
            var (low, high) = Vector256.Widen(Vector256.LoadUnsafe(ref numbers, i));
            Vector256.ConvertToSingle(low).StoreUnsafe(ref floats, i);
            Vector256.ConvertToSingle(high).StoreUnsafe(ref floats, i + (nuint)Vector256<int>.Count);
        }
    }

    /// <summary>Writes a row as whole numbers up to <paramref name="greatest"/>.</summary>
    /// <returns>What they are multiples of.</returns>
    internal static float Round(ReadOnlySpan<float> from, int greatest, Span<short> to)
    {
        var step = StepOf(Math.Abs(TensorPrimitives.MaxMagnitude(from)) / greatest);
        Round(from, step, to);
        return step;
    }

    static void Round(ReadOnlySpan<float> from, float step, Span<short> to)
    {
        for (var i = 0; step > 0 && i < from.Length; i++)
            to[i] = (short)MathF.Round(from[i] / step);
    }

    ReadOnlySpan<short> Row(int row) => values.AsSpan(row * stride, stride);

    static int Padded(int columns) => (columns + Lane - 1) / Lane * Lane;
}
