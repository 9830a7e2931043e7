using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MovieRecommender.Domain.Factorization;

/// <summary>A model as bytes: the format's number, the algorithm's name, then what that algorithm writes. Little-endian.</summary>
public static class ItemModelFormat
{
    /// <summary>
    /// Number of the format that is written, and the only one that is read. 1, without a number, lacked the neighbours of <c>biased-mf</c>;
    /// 2 held the factors of <c>linear-autoencoder</c> as floats, 3 knew no early taste, 4 kept it as a matrix to turn the other factors with.
    /// </summary>
    public const int Version = 5;

    // Never the beginning of a format 1 model, which was the length of a name.
    internal const byte Marker = 0;

    /// <summary>Writes a model.</summary>
    public static void Write(ItemModel model, BinaryWriter writer)
    {
        writer.Write(Marker);
        writer.Write(Version);
        writer.Write(model.Algorithm);
        model.Write(writer);
    }

    /// <summary>Reads what <see cref="Write"/> wrote; the model scores bit for bit as before.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a model, of another format, or of an algorithm this version does not know.</exception>
    /// <exception cref="EndOfStreamException">The bytes end too early.</exception>
    public static ItemModel Read(BinaryReader reader)
    {
        if (reader.ReadByte() != Marker)
            throw new InvalidDataException($"The model has format 1; this version reads format {Version}. Train again to replace it.");
        if (reader.ReadInt32() is var version && version != Version)
            throw new InvalidDataException($"The model has format {version}; this version reads format {Version}. Train again to replace it.");
        var algorithm = reader.ReadString();
        return algorithm switch
        {
            PopularityTrainer.AlgorithmName => PopularityModel.Read(reader),
            LinearAutoencoderTrainer.AlgorithmName => LinearAutoencoderModel.Read(reader),
            RecommenderNetTrainer.AlgorithmName => RecommenderNetModel.Read(reader),
            ItemFactorsTrainer.AlgorithmName => ItemFactorsModel.Read(reader),
            BiasedMfTrainer.AlgorithmName => BiasedMfModel.Read(reader),
            MlNet.MlNetFactorModel.AlgorithmName => MlNet.MlNetFactorModel.Read(reader),
            _ => throw new InvalidDataException($"The model was made by '{algorithm}', which this version does not know. Known are: {string.Join(", ", Trainers.Names)}."),
        };
    }

    /// <summary>How many films a catalogue has at most: a damaged number must not make room for billions.</summary>
    const int MostItems = 1 << 24;

    /// <summary>The size of the catalogue that a model ranks some films of.</summary>
    /// <exception cref="InvalidDataException">It is no such size, or one of the films is outside.</exception>
    internal static int ReadItems(this BinaryReader reader, int[] films)
    {
        var items = reader.ReadInt32();
        if (items is < 0 or > MostItems)
            throw new InvalidDataException($"The model is damaged: a catalogue of {items} films.");
        if (Array.Exists(films, film => (uint)film >= (uint)items))
            throw new InvalidDataException("The model is damaged: it ranks a film outside its catalogue.");
        return items;
    }

    internal static void WriteArray<T>(this BinaryWriter writer, ReadOnlySpan<T> values) where T : unmanaged
    {
        writer.Write(values.Length);
        writer.Write(MemoryMarshal.AsBytes(values));
    }

    internal static T[] ReadArray<T>(this BinaryReader reader) where T : unmanaged
    {
        var length = reader.ReadLength<T>();
        var whole = reader.BaseStream.CanSeek;
        // Else grown as bytes arrive, so that a damaged length cannot ask for memory the stream does not fill.
        const int Chunk = 1 << 20;
        var values = new T[whole ? length : Math.Min(length, Chunk)];
        var filled = 0;
        while (filled < length)
        {
            if (filled == values.Length)
                Array.Resize(ref values, (int)Math.Min(length, 2L * values.Length));
            var free = values.AsSpan(filled);
            reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(free));
            filled += free.Length;
        }
        return values;
    }

    /// <summary>The length of an array, which fits into what is left of a stream that can tell.</summary>
    static int ReadLength<T>(this BinaryReader reader)
    {
        var length = reader.ReadInt32();
        if (length < 0)
            throw new InvalidDataException($"The model is damaged: an array of length {length}.");
        if (reader.BaseStream.CanSeek && (long)length * Unsafe.SizeOf<T>() > reader.BaseStream.Length - reader.BaseStream.Position)
            throw new EndOfStreamException($"The model is damaged: an array of {length} entries does not fit into it.");
        return length;
    }

    internal static T[] ReadArray<T>(this BinaryReader reader, int length) where T : unmanaged
    {
        var values = reader.ReadArray<T>();
        return values.Length == length
            ? values
            : throw new InvalidDataException($"The model is damaged: an array has {values.Length} entries instead of {length}.");
    }
}
