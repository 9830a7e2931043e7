using System.Globalization;
using System.Runtime.InteropServices;
using MovieRecommender.Domain.Factorization;

namespace MovieRecommender.Domain.Models.Exchange;

/// <summary>Films' vectors as a safetensors file: <c>item_ids</c> and <c>item_factors</c>, and in its metadata how a person is folded in.</summary>
public static class FactorFile
{
    internal const string Ids = "item_ids";
    internal const string Factors = "item_factors";
    const string Regularization = "regularization";
    const string UnobservedWeight = "unobserved_weight";

    /// <summary>Reads a safetensors or a Parquet file, told apart by what is in it.</summary>
    /// <exception cref="InvalidInputException">It is neither, or its numbers are not allowed; the message says which and what is.</exception>
    public static Task<ItemFactors> ReadAsync(byte[] content, CancellationToken cancellationToken = default)
        => FactorParquet.Fits(content) ? FactorParquet.ReadAsync(content, cancellationToken) : Task.FromResult(Read(content));

    /// <exception cref="InvalidInputException">It is not such a file, or its numbers are not allowed; the message says which and what is.</exception>
    public static ItemFactors Read(ReadOnlyMemory<byte> content)
    {
        var (tensors, metadata) = Safetensors.Read(content);
        var ids = Named(Ids, 1, "one id for each film, as I32 or I64");
        var factors = Named(Factors, 2, "films × dimensions, as F16, F32 or F64");
        if (ids.Shape[0] != factors.Shape[0]) throw new InvalidInputException($"'{Ids}' has {ids.Shape[0]} films, '{Factors}' has {factors.Shape[0]}; they must be as many.");
        return Checked(new(IdsOf(ids), factors.Shape[1], ValuesOf(factors)), metadata);

        Tensor Named(string name, int sides, string what)
            => tensors.TryGetValue(name, out var tensor)
                ? tensor.Shape.Count == sides ? tensor : throw new InvalidInputException($"'{name}' has {tensor.Shape.Count} sides; it is {what}.")
                : throw new InvalidInputException($"The file has no tensor '{name}': {what}. It has {(tensors.Count == 0 ? "none" : string.Join(", ", tensors.Keys))}.");
    }

    /// <summary>Factors with what a file's metadata says of the fold-in.</summary>
    internal static ItemFactors Checked(ItemFactors read, IReadOnlyDictionary<string, string> metadata)
    {
        read = read with { Regularization = Setting(Regularization, read.Regularization), UnobservedWeight = Setting(UnobservedWeight, read.UnobservedWeight) };
        read.Validate();
        return read;

        float Setting(string name, float usual)
            => !metadata.TryGetValue(name, out var text) ? usual
                : float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value
                : throw new InvalidInputException($"{name} is '{text}'; allowed is a number.");
    }

    internal static Dictionary<string, string> Described(ItemFactors factors, IReadOnlyDictionary<string, string> about) => new(about)
    {
        [Regularization] = factors.Regularization.ToString(CultureInfo.InvariantCulture),
        [UnobservedWeight] = factors.UnobservedWeight.ToString(CultureInfo.InvariantCulture),
    };

    /// <inheritdoc cref="FactorParquet.WriteAsync"/>
    public static Task WriteParquetAsync(Stream target, ItemFactors factors, IReadOnlyDictionary<string, string> about, CancellationToken cancellationToken = default)
        => FactorParquet.WriteAsync(target, factors, about, cancellationToken);

    /// <param name="about">Further metadata.</param>
    public static void Write(Stream target, ItemFactors factors, IReadOnlyDictionary<string, string> about)
        => Safetensors.Write(target,
            [
                (Ids, new("I32", [factors.MovieIds.Length], MemoryMarshal.AsBytes<int>(factors.MovieIds).ToArray())),
                (Factors, new("F32", [factors.MovieIds.Length, factors.Dimensions], MemoryMarshal.AsBytes<float>(factors.Values).ToArray())),
            ],
            Described(factors, about));

    static int[] IdsOf(Tensor tensor) => tensor.Type switch
    {
        "I32" => MemoryMarshal.Cast<byte, int>(tensor.Bytes.Span).ToArray(),
        "I64" => Array.ConvertAll(MemoryMarshal.Cast<byte, long>(tensor.Bytes.Span).ToArray(), id => id is >= int.MinValue and <= int.MaxValue ? (int)id : throw new InvalidInputException($"There is no film {id}.")),
        var other => throw new InvalidInputException($"'{Ids}' is {other}; allowed are I32 and I64."),
    };

    static float[] ValuesOf(Tensor tensor) => tensor.Type switch
    {
        "F32" => MemoryMarshal.Cast<byte, float>(tensor.Bytes.Span).ToArray(),
        "F64" => Array.ConvertAll(MemoryMarshal.Cast<byte, double>(tensor.Bytes.Span).ToArray(), value => (float)value),
        "F16" => Array.ConvertAll(MemoryMarshal.Cast<byte, Half>(tensor.Bytes.Span).ToArray(), value => (float)value),
        var other => throw new InvalidInputException($"'{Factors}' is {other}; allowed are F16, F32 and F64."),
    };
}
