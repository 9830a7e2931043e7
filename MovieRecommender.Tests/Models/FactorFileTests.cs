using System.Buffers.Binary;
using System.Text;
using MovieRecommender.Domain;
using MovieRecommender.Domain.Factorization;
using MovieRecommender.Domain.Models.Exchange;

namespace MovieRecommender.Tests.Models;

/// <summary>Films' vectors as safetensors files: those of other programs are read, bad ones refused with what is wrong.</summary>
public sealed class FactorFileTests
{
    internal const string Two = """{"item_ids":{"dtype":"I64","shape":[2],"data_offsets":[0,16]},"item_factors":{"dtype":"F32","shape":[2,3],"data_offsets":[16,40]}}""";

    internal static readonly byte[] Numbers = [.. Bytes(1L), .. Bytes(2L), .. Floats(1, 2, 3, 4, 5, 6)];

    [Fact]
    public void WhatIsWrittenIsReadAgain()
    {
        var factors = new ItemFactors([7, 3], 2, [1, -2.5f, 0, 1e-3f], 0.25f, 0.5f);
        using var file = new MemoryStream();
        FactorFile.Write(file, factors, new Dictionary<string, string> { ["algorithm"] = "a test" });
        var read = FactorFile.Read(file.ToArray());
        Assert.Equal(factors.MovieIds, read.MovieIds);
        Assert.Equal(factors.Values, read.Values);
        Assert.Equal((2, 0.25f, 0.5f), (read.Dimensions, read.Regularization, read.UnobservedWeight));
        Assert.Equal("a test", Safetensors.Read(file.ToArray()).Metadata["algorithm"]);
        Assert.Equal(0, (8 + BinaryPrimitives.ReadInt64LittleEndian(file.ToArray())) % 8);
    }

    [Fact]
    public void OtherProgramsNumbersAreRead()
    {
        var read = FactorFile.Read(Of(Two, Numbers));
        Assert.Equal([1, 2], read.MovieIds);
        Assert.Equal([1, 2, 3, 4, 5, 6], read.Values);
        var doubles = FactorFile.Read(Of(
            """{"item_factors":{"dtype":"F64","shape":[1,2],"data_offsets":[0,16]},"item_ids":{"dtype":"I32","shape":[1],"data_offsets":[16,20]},"__metadata__":{"regularization":"2"}} """,
            [.. BitConverter.GetBytes(0.5), .. BitConverter.GetBytes(-1.5), 9, 0, 0, 0]));
        Assert.Equal([9], doubles.MovieIds);
        Assert.Equal([0.5f, -1.5f], doubles.Values);
        Assert.Equal(2, doubles.Regularization);
    }

    public static TheoryData<string, byte[]> Bad => new()
    {
        { "it has 3 bytes", [1, 2, 3] },
        { "its header would have 18,446,744,073,709,551,615 bytes; allowed are up to 1,048,576", [255, 255, 255, 255, 255, 255, 255, 255] },
        { "cut short: its header has 100 bytes, and only 2 are there", [100, 0, 0, 0, 0, 0, 0, 0, 123, 125] },
        { "cannot be understood", Of("{", []) },
        { "cannot be understood", Of("[]", []) },
        { "cannot be understood", Of("""{"item_ids":{}}""", []) },
        { "cannot be understood", Of("""{"a":{"dtype":"\ud800","shape":[],"data_offsets":[0,0]}}""", []) },
        { "a side of -2", Of(Two.Replace("[2,3]", "[-2,-3]", StringComparison.Ordinal), Numbers) },
        { "no tensor 'item_ids'", Of("{}", []) },
        { "is of the type 'F128'", Of(Two.Replace("F32", "F128", StringComparison.Ordinal), Numbers) },
        { "'item_factors' is I32; allowed are F16, F32 and F64", Of(Two.Replace("F32", "I32", StringComparison.Ordinal), Numbers) },
        { "has 24 bytes, but 8 numbers of F32 take 32", Of(Two.Replace("[2,3]", "[2,4]", StringComparison.Ordinal), Numbers) },
        { "'item_ids' has 2 films, 'item_factors' has 3", Of(Two.Replace("[2,3]", "[3,2]", StringComparison.Ordinal), Numbers) },
        { "'item_factors' has 1 sides", Of(Two.Replace("[2,3]", "[6]", StringComparison.Ordinal), Numbers) },
        { "cut short: the tensor 'item_factors' ends after 40 bytes of numbers, and only 39 are there", Of(Two, Numbers[..^1]) },
        { "1 bytes after its last tensor", Of(Two, [.. Numbers, 0]) },
        { "Number 2 of film 2 is NaN; allowed are -1000000 to 1000000", Of(Two, [.. Numbers[..32], .. Floats(float.NaN), .. Numbers[36..]]) },
        { "Number 3 of film 2 is Infinity", Of(Two, [.. Numbers[..36], .. Floats(float.PositiveInfinity)]) },
        { "Film 2 comes 2 times", Of(Two, [.. Bytes(2L), .. Numbers[8..]]) },
        { "There is no film 4294967298", Of(Two, [.. Bytes((1L << 32) + 2), .. Numbers[8..]]) },
        { "There are no films", Of("""{"item_ids":{"dtype":"I32","shape":[0],"data_offsets":[0,0]},"item_factors":{"dtype":"F32","shape":[0,3],"data_offsets":[0,0]}}""", []) },
        { "Each film has 300 numbers; allowed are 1 to 256", Of("""{"item_ids":{"dtype":"I32","shape":[1],"data_offsets":[0,4]},"item_factors":{"dtype":"F32","shape":[1,300],"data_offsets":[4,1204]}}""", new byte[1204]) },
        { "regularization is '?'; allowed is a number", Of(Two.Insert(1, "\"__metadata__\":{\"regularization\":\"?\"},"), Numbers) },
        { "unobserved_weight is 2; allowed is 0 to 1", Of(Two.Insert(1, "\"__metadata__\":{\"unobserved_weight\":\"2\"},"), Numbers) },
    };

    [Theory, MemberData(nameof(Bad))]
    public void WhatIsWrongIsNamed(string said, byte[] content)
        => Assert.Contains(said, Assert.Throws<InvalidInputException>(() => FactorFile.Read(content)).Message, StringComparison.Ordinal);

    internal static byte[] Of(string header, byte[] numbers) => [.. Bytes((long)Encoding.UTF8.GetByteCount(header)), .. Encoding.UTF8.GetBytes(header), .. numbers];

    static byte[] Bytes(long number) => BitConverter.GetBytes(number);

    static byte[] Floats(params IEnumerable<float> numbers) => [.. numbers.SelectMany(BitConverter.GetBytes)];
}
