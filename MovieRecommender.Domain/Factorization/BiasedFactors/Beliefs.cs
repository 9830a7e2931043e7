using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using MovieRecommender.Domain.Factorization.LinearAlgebra;

namespace MovieRecommender.Domain.Factorization;

/// <summary>
/// Gaussian beliefs about vectors [factors, bias], kept as the moments that the other side's normal equations need.
/// With φ = [factors, 1]: E[φφᵀ] as a packed lower triangle (whose last row is E[φ]), E[bias·φ], E[bias²].
/// </summary>
sealed class Beliefs
{
    internal Beliefs(int count, int factors) : this(factors, RoomFor(count, factors), new float[(long)count * Matrix.Padded(factors + 1)], new float[count])
    {
        for (var i = 0; i < count; i++)
            MomentsOf(i)[Packed - 1] = 1;
    }

    Beliefs(int factors, float[] moments, float[] biasMoments, float[] biasSquares)
    {
        Size = factors + 1;
        Packed = PackedOf(factors);
        Stride = Matrix.Padded(Packed);
        BiasStride = Matrix.Padded(Size);
        Moments = moments;
        BiasMoments = biasMoments;
        BiasSquares = biasSquares;
        Count = biasSquares.Length;
    }

    static int PackedOf(int factors) => (factors + 1) * (factors + 2) / 2;

    /// <summary>With room behind the last row, so that whole vectors can be read from wherever a row's features begin.</summary>
    static float[] RoomFor(int count, int factors) => new float[((long)count * Matrix.Padded(PackedOf(factors))) + Matrix.Padded(factors + 1)];

    /// <summary>Number of vectors.</summary>
    internal int Count { get; }

    /// <summary>Factors and the bias.</summary>
    internal int Size { get; }

    /// <summary>Entries of a lower triangle of <see cref="Size"/> rows.</summary>
    internal int Packed { get; }

    internal int Stride { get; }

    /// <summary>Distance between rows of <see cref="BiasMoments"/>.</summary>
    int BiasStride { get; }

    float[] Moments { get; }

    float[] BiasMoments { get; }

    internal float[] BiasSquares { get; }

    /// <summary>E[φφᵀ], padded with zeros to whole vectors.</summary>
    internal Span<float> MomentsOf(int i) => Moments.AsSpan(i * Stride, Stride);

    /// <summary>E[φ] = [mean factors, 1].</summary>
    internal Span<float> FeaturesOf(int i) => Moments.AsSpan((i * Stride) + Packed - Size, Size);

    /// <summary>E[bias·φ]; the last entry is the mean bias.</summary>
    internal Span<float> BiasMomentsOf(int i) => BiasMoments.AsSpan(i * BiasStride, Size);

    internal float BiasOf(int i) => BiasMoments[(i * BiasStride) + Size - 1];

    /// <summary>A row for sums of many: E[φφᵀ], E[φ] (which it ends with) and E[bias·φ], each readable as whole vectors.</summary>
    internal (nuint Moments, nuint Features, nuint BiasMoments) RowOf(int i) => ((nuint)(i * Stride), (nuint)((i * Stride) + Packed - Size), (nuint)(i * BiasStride));

    internal ref float FirstMoment => ref MemoryMarshal.GetArrayDataReference(Moments);

    internal ref float FirstBiasMoment => ref MemoryMarshal.GetArrayDataReference(BiasMoments);

    /// <summary>Rows between asking for one and reading it: about as long as memory takes.</summary>
    internal const int Ahead = 4;

    /// <summary>Asks for a row that will be read soon.</summary>
    internal unsafe void Fetch(int i)
    {
        if (!Sse.IsSupported)
            return;
        ref var row = ref Unsafe.Add(ref FirstMoment, i * Stride);
        for (var at = 0; at < Stride; at += Matrix.Lane)
            Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.Add(ref row, at)));
        Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.Add(ref FirstBiasMoment, i * BiasStride)));
    }

    /// <summary>Takes over a posterior: mean and row-major covariance of [factors, bias].</summary>
    internal void Set(int i, ReadOnlySpan<double> mean, ReadOnlySpan<double> covariance)
    {
        var moments = MomentsOf(i);
        var biasMoments = BiasMomentsOf(i);
        var last = Size - 1;
        var bias = mean[last];
        for (int row = 0, at = 0; row < last; row++)
        {
            for (var column = 0; column <= row; column++)
                moments[at++] = (float)((mean[row] * mean[column]) + covariance[(row * Size) + column]);
            FeaturesOf(i)[row] = (float)mean[row];
            biasMoments[row] = (float)((bias * mean[row]) + covariance[(last * Size) + row]);
        }
        biasMoments[last] = (float)bias;
        BiasSquares[i] = (float)((bias * bias) + covariance[(Size * Size) - 1]);
    }

    /// <summary>Adds E[(x − expected)²] of every entry x of [factors, bias] to <paramref name="spread"/>.</summary>
    internal void AddSpread(int i, ReadOnlySpan<float> expected, Span<double> spread)
    {
        Span<float> moments = MomentsOf(i), features = FeaturesOf(i);
        var last = Size - 1;
        for (int row = 0, diagonal = 0; row < last; row++, diagonal += row + 1)
            spread[row] += moments[diagonal] - (2.0 * expected[row] * features[row]) + ((double)expected[row] * expected[row]);
        spread[last] += BiasSquares[i] - (2.0 * expected[last] * BiasOf(i)) + ((double)expected[last] * expected[last]);
    }

    /// <summary>The mean vectors, one row each: [factors, bias].</summary>
    internal Matrix Means()
    {
        var means = new Matrix(Count, Size);
        for (var i = 0; i < Count; i++)
        {
            FeaturesOf(i).CopyTo(means.Row(i));
            means[i, Size - 1] = BiasOf(i);
        }
        return means;
    }

    /// <summary>Rounds the large arrays to what a model file keeps, so that a model scores alike before and after it.</summary>
    internal void RoundToHalf()
    {
        TensorPrimitives.ConvertToSingle(Halves(Moments), Moments);
        TensorPrimitives.ConvertToSingle(Halves(BiasMoments), BiasMoments);
    }

    static Half[] Halves(ReadOnlySpan<float> values)
    {
        var halves = new Half[values.Length];
        TensorPrimitives.ConvertToHalf(values, halves);
        return halves;
    }

    internal void Write(BinaryWriter writer)
    {
        writer.Write(Count);
        writer.Write(Size - 1);
        writer.WriteArray<Half>(Halves(Moments));
        writer.WriteArray<Half>(Halves(BiasMoments));
        writer.WriteArray<float>(BiasSquares);
    }

    internal static Beliefs Read(BinaryReader reader)
    {
        int count = reader.ReadInt32(), factors = reader.ReadInt32();
        if (count < 0 || factors is < 1 or > 256)
            throw new InvalidDataException($"The model is damaged: {count} films of {factors} factors.");
        // The arrays are read before anything is made of the two numbers above: their lengths prove them.
        float[] moments = reader.ReadHalves(), biasMoments = reader.ReadHalves();
        var biasSquares = reader.ReadArray<float>(count);
        var beliefs = new Beliefs(factors, moments, biasMoments, biasSquares);
        if (moments.LongLength != ((long)count * beliefs.Stride) + beliefs.BiasStride || biasMoments.LongLength != (long)count * beliefs.BiasStride)
            throw new InvalidDataException("The model is damaged: its factors do not fit its films.");
        return beliefs;
    }
}
