using System.Buffers.Binary;

namespace MovieRecommender.Domain.Models.Exchange;

/// <summary>
/// Walks over the footer of a Parquet file, in Thrift's compact protocol, without making anything of it. The library that reads the file
/// goes on for ever where a footer does not end: what does not end where it says is refused before the library sees it.
/// </summary>
ref struct ParquetFooter
{
    const int LengthSize = sizeof(int);
    const int MagicSize = 4;
    const int Deepest = 16;

    readonly ReadOnlySpan<byte> _footer;
    int _at;

    ParquetFooter(ReadOnlySpan<byte> footer) => _footer = footer;

    /// <param name="file">Begins and ends in PAR1.</param>
    /// <exception cref="InvalidInputException">The footer is not whole.</exception>
    public static void Check(ReadOnlySpan<byte> file)
    {
        var length = BinaryPrimitives.ReadInt32LittleEndian(file[^(LengthSize + MagicSize)..]);
        if (length <= 0 || length > file.Length - (2 * MagicSize) - LengthSize) throw new InvalidInputException($"The Parquet file is damaged: its footer would have {length:N0} bytes.");
        var footer = new ParquetFooter(file.Slice(file.Length - MagicSize - LengthSize - length, length));
        footer.Struct(0);
        if (footer._at != length) throw Damaged();
    }

    void Struct(int depth)
    {
        if (depth > Deepest) throw Damaged();
        while (Byte() is var header && header != 0)
        {
            // A field's number follows by itself where it is not the difference in the upper half.
            if (header >> 4 == 0) Number();
            Value(header & 15, depth, isElement: false);
        }
    }

    void Value(int type, int depth, bool isElement)
    {
        switch (type)
        {
            case 1 or 2: // A boolean field is all in its header.
                if (isElement) Byte();
                break;
            case 3:
                Byte();
                break;
            case 4 or 5 or 6:
                Number();
                break;
            case 7:
                Skip(sizeof(double));
                break;
            case 8:
                Skip(Number());
                break;
            case 9 or 10:
                var header = Byte();
                var count = header >> 4 == 15 ? Number() : (ulong)(header >> 4);
                // Each element takes a byte at least.
                if (depth > Deepest || count > (ulong)_footer.Length) throw Damaged();
                for (var i = 0UL; i < count; i++) Value(header & 15, depth + 1, isElement: true);
                break;
            case 12:
                Struct(depth + 1);
                break;
            default:
                throw Damaged();
        }
    }

    byte Byte() => _at < _footer.Length ? _footer[_at++] : throw Damaged();

    ulong Number()
    {
        ulong number = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var part = Byte();
            number |= (ulong)(part & 127) << shift;
            if (part < 128) return number;
        }
        throw Damaged();
    }

    void Skip(ulong bytes)
    {
        if (bytes > (ulong)(_footer.Length - _at)) throw Damaged();
        _at += (int)bytes;
    }

    static InvalidInputException Damaged() => new("The Parquet file is damaged: its footer does not end where it should.");
}
