using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using MovieRecommender.Domain.Factorization.LinearAlgebra;

namespace MovieRecommender.Domain.Factorization;

/// <summary>
/// Gaussian beliefs about vectors [factors, bias], kept as the moments that the other side's normal equations need.
/// With φ = [factors, 1]: E[φφᵀ] as a packed lower triangle (whose last row is E[φ]), E[bias·φ], E[bias²].
/// </summary>
/// <remarks>In 16 bits: reading rows takes most of the time in training and in serving, and what is rounded off is far below what is not known.</remarks>
sealed class Beliefs
{
    /// <summary>Rows between asking for one and reading it: about as long as memory takes.</summary>
    internal const int Ahead = 4;

    /// <summary>The least number that <see cref="Widen"/> takes in its stride; what is nearer to zero is kept as zero.</summary>
    const float Least = 1f / (1 << 14);

    readonly Half[] moments;
    readonly Half[] biasMoments;

    internal Beliefs(int count, int factors) : this(factors, RoomFor(count, factors), new Half[(long)count * Matrix.Padded(factors + 1)], new float[count])
    {
        for (var i = 0; i < count; i++)
            MomentsOf(i)[Packed - 1] = Half.One;
    }

    Beliefs(int factors, Half[] moments, Half[] biasMoments, float[] biasSquares)
    {
        Size = factors + 1;
        Packed = PackedOf(factors);
        Stride = Matrix.Padded(Packed);
        BiasStride = Matrix.Padded(Size);
        this.moments = moments;
        this.biasMoments = biasMoments;
        BiasSquares = biasSquares;
        Count = biasSquares.Length;
    }

    static int PackedOf(int factors) => (factors + 1) * (factors + 2) / 2;

    /// <summary>With room behind the last row, so that whole vectors can be read from wherever a row's features begin.</summary>
    static Half[] RoomFor(int count, int factors) => new Half[((long)count * Matrix.Padded(PackedOf(factors))) + Matrix.Padded(factors + 1)];

    /// <summary>Number of vectors.</summary>
    internal int Count { get; }

    /// <summary>Factors and the bias.</summary>
    internal int Size { get; }

    /// <summary>Entries of a lower triangle of <see cref="Size"/> rows.</summary>
    internal int Packed { get; }

    /// <summary>Distance between rows of E[φφᵀ], which are padded with zeros to whole vectors.</summary>
    internal int Stride { get; }

    int BiasStride { get; }

    internal float[] BiasSquares { get; }

    Span<Half> MomentsOf(int i) => moments.AsSpan(i * Stride, Stride);

    /// <summary>Copies out E[φφᵀ].</summary>
    /// <param name="to">Length <see cref="Stride"/>.</param>
    internal void ReadMoments(int i, Span<float> to) => TensorPrimitives.ConvertToSingle(MomentsOf(i), to);

    /// <summary>Copies out E[φ] = [mean factors, 1].</summary>
    /// <param name="to">Length <see cref="Size"/>.</param>
    internal void ReadFeatures(int i, Span<float> to) => TensorPrimitives.ConvertToSingle(moments.AsSpan((i * Stride) + Packed - Size, Size), to);

    /// <summary>Copies out E[bias·φ]; the last entry is the mean bias.</summary>
    /// <param name="to">Length <see cref="Size"/>.</param>
    internal void ReadBiasMoments(int i, Span<float> to) => TensorPrimitives.ConvertToSingle(biasMoments.AsSpan(i * BiasStride, Size), to);

    /// <summary>The products of a row's E[φφᵀ], E[φ] and E[bias·φ] with weights, each given in whole vectors.</summary>
    internal (float Moments, float Features, float BiasMoments) Products(int i, ReadOnlySpan<float> squares, ReadOnlySpan<float> vector)
    {
        var (ofMoments, ofFeatures, ofBias) = RowOf(i);
        return (Product(ref FirstMoment, ofMoments, squares), Product(ref FirstMoment, ofFeatures, vector), Product(ref FirstBiasMoment, ofBias, vector));
    }

    static float Product(ref short first, nuint at, ReadOnlySpan<float> weights)
    {
        var sum = Vector512<float>.Zero;
        for (var i = 0; i < weights.Length; i += Matrix.Lane)
            sum = Vector512.FusedMultiplyAdd(Widen(ref first, at + (nuint)i), Vector512.LoadUnsafe(in weights[i]), sum);
        return Vector512.Sum(sum);
    }

    internal float BiasOf(int i) => (float)biasMoments[(i * BiasStride) + Size - 1];

    /// <summary>A row for sums of many: E[φφᵀ], E[φ] (which it ends with) and E[bias·φ], each readable as whole vectors by <see cref="Widen"/>.</summary>
    internal (nuint Moments, nuint Features, nuint BiasMoments) RowOf(int i) => ((nuint)(i * Stride), (nuint)((i * Stride) + Packed - Size), (nuint)(i * BiasStride));

    internal ref short FirstMoment => ref Unsafe.As<Half, short>(ref MemoryMarshal.GetArrayDataReference(moments));

    internal ref short FirstBiasMoment => ref Unsafe.As<Half, short>(ref MemoryMarshal.GetArrayDataReference(biasMoments));

    /// <summary>The halves at a place as floats. Their exponent is shifted to where a float has its own, and then lacks what the factor adds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<float> Widen(ref short first, nuint at)
    {
        var bits = Vector512.WidenLower(Vector256.LoadUnsafe(ref first, at).ToVector512Unsafe());
        return Vector512.Create(BitConverter.Int32BitsToSingle((127 + 112) << 23)) * ((bits << 13) & Vector512.Create(unchecked((int)0x8FFFE000))).AsSingle();
    }

    /// <summary>Asks for a row that will be read soon.</summary>
    internal void Fetch(int i)
    {
        Prefetch.Row<Half>(MomentsOf(i));
        Prefetch.Row<Half>(biasMoments.AsSpan(i * BiasStride, BiasStride));
    }

    /// <summary>Takes over a posterior: mean and row-major covariance of [factors, bias].</summary>
    internal void Set(int i, ReadOnlySpan<double> mean, ReadOnlySpan<double> covariance)
    {
        Span<float> both = stackalloc float[Packed], withBias = stackalloc float[Size];
        var last = Size - 1;
        var bias = mean[last];
        for (int row = 0, at = 0; row < last; row++)
        {
            for (var column = 0; column <= row; column++)
                both[at++] = Kept((mean[row] * mean[column]) + covariance[(row * Size) + column]);
            both[Packed - Size + row] = Kept(mean[row]);
            withBias[row] = Kept((bias * mean[row]) + covariance[(last * Size) + row]);
        }
        both[Packed - 1] = 1;
        withBias[last] = Kept(bias);
        TensorPrimitives.ConvertToHalf(both, MomentsOf(i));
        TensorPrimitives.ConvertToHalf(withBias, biasMoments.AsSpan(i * BiasStride, Size));
        BiasSquares[i] = (float)((bias * bias) + covariance[(Size * Size) - 1]);
    }

    static float Kept(double value) => Math.Abs(value) < Least ? 0 : (float)value;

    /// <summary>Adds E[(x − expected)²] of every entry x of [factors, bias] to <paramref name="spread"/>.</summary>
    internal void AddSpread(int i, ReadOnlySpan<float> expected, Span<double> spread)
    {
        Span<float> row = stackalloc float[Stride];
        ReadMoments(i, row);
        var features = row[(Packed - Size)..];
        var last = Size - 1;
        for (int factor = 0, diagonal = 0; factor < last; factor++, diagonal += factor + 1)
            spread[factor] += row[diagonal] - (2.0 * expected[factor] * features[factor]) + ((double)expected[factor] * expected[factor]);
        spread[last] += BiasSquares[i] - (2.0 * expected[last] * BiasOf(i)) + ((double)expected[last] * expected[last]);
    }

    /// <summary>The mean vectors, one row each: [factors, bias].</summary>
    internal Matrix Means()
    {
        var means = new Matrix(Count, Size);
        for (var i = 0; i < Count; i++)
        {
            ReadFeatures(i, means.Row(i));
            means[i, Size - 1] = BiasOf(i);
        }
        return means;
    }

    internal void Write(BinaryWriter writer)
    {
        writer.Write(Count);
        writer.Write(Size - 1);
        writer.WriteArray<Half>(moments);
        writer.WriteArray<Half>(biasMoments);
        writer.WriteArray<float>(BiasSquares);
    }

    internal static Beliefs Read(BinaryReader reader)
    {
        int count = reader.ReadInt32(), factors = reader.ReadInt32();
        if (count < 0 || factors is < 1 or > 256)
            throw new InvalidDataException($"The model is damaged: {count} films of {factors} factors.");
        // The arrays are read before anything is made of the two numbers above: their lengths prove them.
        Half[] moments = reader.ReadArray<Half>(), biasMoments = reader.ReadArray<Half>();
        var biasSquares = reader.ReadArray<float>(count);
        var beliefs = new Beliefs(factors, moments, biasMoments, biasSquares);
        if (moments.LongLength != ((long)count * beliefs.Stride) + beliefs.BiasStride || biasMoments.LongLength != (long)count * beliefs.BiasStride)
            throw new InvalidDataException("The model is damaged: its factors do not fit its films.");
        if (!TensorPrimitives.IsFiniteAll<Half>(moments) || !TensorPrimitives.IsFiniteAll<Half>(biasMoments))
            throw new InvalidDataException("The model is damaged: a film's factor is not a number.");
        return beliefs;
    }
}
