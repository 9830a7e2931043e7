using System.Buffers.Binary;
using System.Text.Json;

namespace MovieRecommender.Domain.Models.Exchange;

/// <summary>An array of numbers in a safetensors file, little-endian and row by row.</summary>
/// <param name="Type">Such as <c>F32</c> or <c>I64</c>.</param>
public sealed record Tensor(string Type, IReadOnlyList<int> Shape, ReadOnlyMemory<byte> Bytes);

/// <summary>
/// The safetensors format: eight bytes with the header's length, the header as JSON, then the numbers of all tensors one after the other.
/// Nothing in such a file is ever run.
/// </summary>
public static class Safetensors
{
    const int LongestHeader = 1 << 20;
    const int MostTensors = 64;
    const string MetadataName = "__metadata__";

    /// <summary>Bytes of one number, by type.</summary>
    static readonly Dictionary<string, int> SizeOf = new[] { "I8", "U8", "BOOL", "I16", "U16", "F16", "BF16", "I32", "U32", "F32", "I64", "U64", "F64" }
        .ToDictionary(type => type, type => type.EndsWith("64", StringComparison.Ordinal) ? 8 : type.EndsWith("32", StringComparison.Ordinal) ? 4 : type.EndsWith("16", StringComparison.Ordinal) ? 2 : 1);

    /// <exception cref="InvalidInputException">The bytes are no such file; the message says where.</exception>
    public static (IReadOnlyDictionary<string, Tensor> Tensors, IReadOnlyDictionary<string, string> Metadata) Read(ReadOnlyMemory<byte> content)
    {
        if (content.Length < sizeof(long)) throw new InvalidInputException($"This is no safetensors file: it has {content.Length} bytes, and the length of the header alone takes 8.");
        var length = BinaryPrimitives.ReadUInt64LittleEndian(content.Span);
        if (length > LongestHeader) throw new InvalidInputException($"This is no safetensors file, or not one that is read here: its header would have {length:N0} bytes; allowed are up to {LongestHeader:N0}.");
        if (length > (ulong)content.Length - sizeof(long)) throw new InvalidInputException($"The file is cut short: its header has {length:N0} bytes, and only {content.Length - sizeof(long):N0} are there.");
        var data = content[(sizeof(long) + (int)length)..];
        try
        {
            using var header = JsonDocument.Parse(content.Slice(sizeof(long), (int)length), new() { AllowDuplicateProperties = false, MaxDepth = 4 });
            var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
            var tensors = new Dictionary<string, Tensor>(StringComparer.Ordinal);
            long end = 0;
            foreach (var entry in header.RootElement.EnumerateObject())
            {
                if (entry.NameEquals(MetadataName))
                {
                    foreach (var word in entry.Value.EnumerateObject()) metadata.Add(word.Name, word.Value.GetString() ?? "");
                    continue;
                }
                if (tensors.Count == MostTensors) throw new InvalidInputException($"The file has more than {MostTensors} tensors.");
                var (tensor, after) = TensorOf(entry, data);
                tensors.Add(entry.Name, tensor);
                end = Math.Max(end, after);
            }
            if (end < data.Length) throw new InvalidInputException($"The file has {data.Length - end:N0} bytes after its last tensor that belong to none.");
            return (tensors, metadata);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or KeyNotFoundException or OverflowException)
        {
            throw new InvalidInputException($"The header of the safetensors file cannot be understood: {error.Message}", error);
        }
    }

    /// <summary>Writes a file that <see cref="Read"/> and every other reader of the format takes.</summary>
    public static void Write(Stream target, IReadOnlyList<(string Name, Tensor Tensor)> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        var header = new Dictionary<string, object>(StringComparer.Ordinal) { [MetadataName] = metadata };
        long at = 0;
        foreach (var (name, tensor) in tensors)
        {
            header.Add(name, new { dtype = tensor.Type, shape = tensor.Shape, data_offsets = new[] { at, at + tensor.Bytes.Length } });
            at += tensor.Bytes.Length;
        }
        var json = JsonSerializer.SerializeToUtf8Bytes(header);
        // The numbers begin at a multiple of eight, so that they can be used where they lie.
        var padding = (sizeof(long) - (json.Length % sizeof(long))) % sizeof(long);
        Span<byte> length = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(length, json.Length + padding);
        target.Write(length);
        target.Write(json);
        target.Write("        "u8[..padding]);
        foreach (var (_, tensor) in tensors) target.Write(tensor.Bytes.Span);
    }

    static (Tensor Tensor, long End) TensorOf(JsonProperty entry, ReadOnlyMemory<byte> data)
    {
        var type = entry.Value.GetProperty("dtype").GetString() ?? "";
        if (!SizeOf.TryGetValue(type, out var size)) throw new InvalidInputException($"The tensor '{entry.Name}' is of the type '{type}'; allowed are {string.Join(", ", SizeOf.Keys)}.");
        int[] shape = [.. entry.Value.GetProperty("shape").EnumerateArray().Select(side => side.GetInt32())];
        var numbers = shape.Aggregate(1L, (all, side) => side < 0 ? throw new FormatException($"the tensor '{entry.Name}' has a side of {side}.") : checked(all * side));
        long[] offsets = [.. entry.Value.GetProperty("data_offsets").EnumerateArray().Select(offset => offset.GetInt64())];
        if (offsets is not [>= 0 and var begin, var end] || end < begin) throw new FormatException($"the tensor '{entry.Name}' has no beginning and end.");
        if (end - begin != checked(numbers * size)) throw new InvalidInputException($"The tensor '{entry.Name}' has {end - begin:N0} bytes, but {numbers:N0} numbers of {type} take {numbers * size:N0}.");
        if (end > data.Length) throw new InvalidInputException($"The file is cut short: the tensor '{entry.Name}' ends after {end:N0} bytes of numbers, and only {data.Length:N0} are there.");
        return (new(type, shape, data[(int)begin..(int)end]), end);
    }
}
