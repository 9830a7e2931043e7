using MovieRecommender.Domain;
using MovieRecommender.Domain.Factorization;
using MovieRecommender.Domain.Models.Exchange;
using Parquet;
using Parquet.Serialization;

namespace MovieRecommender.Tests.Models;

/// <summary>Films' vectors as Parquet files: those of data frames are read, bad ones refused with what is wrong.</summary>
public sealed class FactorParquetTests
{
    sealed class Film<TId, TNumber>
    {
        public TId item_ids { get; set; } = default!;

        public List<TNumber>? item_factors { get; set; }
    }

    sealed class Bare
    {
        public int item_ids { get; set; }

        public double item_factors { get; set; }
    }

    sealed class Nameless
    {
        public int id { get; set; }
    }

    [Fact]
    public async Task WhatIsWrittenIsReadAgainHereAndElsewhere()
    {
        var factors = new ItemFactors([7, 3], 2, [1, -2.5f, 0, 1e-3f], 0.25f, 0.5f);
        using var file = new MemoryStream();
        await FactorFile.WriteParquetAsync(file, factors, new Dictionary<string, string> { ["algorithm"] = "a test" });
        var read = await FactorFile.ReadAsync(file.ToArray());
        Assert.Equal(factors.MovieIds, read.MovieIds);
        Assert.Equal(factors.Values, read.Values);
        Assert.Equal((2, 0.25f, 0.5f), (read.Dimensions, read.Regularization, read.UnobservedWeight));

        using var elsewhere = new MemoryStream(file.ToArray());
        var rows = (await ParquetSerializer.DeserializeAsync<Film<int, float>>(elsewhere)).Data;
        Assert.Equal([7, 3], rows.Select(row => row.item_ids));
        Assert.Equal([0, 1e-3f], rows[1].item_factors!);
    }

    [Fact]
    public async Task OtherProgramsRowsAreRead()
    {
        var rows = Enumerable.Range(1, 5).Select(id => new Film<long, double> { item_ids = id, item_factors = [id, -id / 2.0] });
        // Several row groups, as programs write them that do not hold all rows at once.
        var read = await FactorFile.ReadAsync(await FileAsync(rows, rowsInGroup: 2));
        Assert.Equal([1, 2, 3, 4, 5], read.MovieIds);
        Assert.Equal([1, -0.5f, 2, -1, 3, -1.5f, 4, -2, 5, -2.5f], read.Values);
    }

    [Fact]
    public async Task WhatIsWrongIsNamed()
    {
        await RefusedAsync("Film 3 has 1 numbers, those before it have 2; all must have as many.", await FileAsync([Of(1, 1, 2), Of(2, 1, 2), Of(3, 1)]));
        await RefusedAsync("Film 3 has 3 numbers, those before it have 2", await FileAsync([Of(1, 1, 2), Of(2, 1, 2), Of(3, 1, 2, 3)], rowsInGroup: 2));
        await RefusedAsync("1 numbers of 'item_factors' are missing.", await FileAsync([Of(1, 1, 2), new Film<int, float> { item_ids = 2 }]));
        await RefusedAsync("1 numbers of 'item_factors' are missing.", await FileAsync([Of(1, 1, 2), Of(2)]));
        await RefusedAsync("Number 2 of film 2 is NaN; allowed are -1000000 to 1000000", await FileAsync([Of(1, 1, 2), Of(2, 1, float.NaN)]));
        await RefusedAsync("Number 1 of film 1 is Infinity", await FileAsync([Of(1, float.PositiveInfinity, 2)]));
        await RefusedAsync("Film 2 comes 2 times", await FileAsync([Of(2, 1), Of(2, 1)]));
        await RefusedAsync("There is no film 4294967298.", await FileAsync([new Film<long, float> { item_ids = (1L << 32) + 2, item_factors = [1] }]));
        await RefusedAsync("Each film has 257 numbers; allowed are 1 to 256", await FileAsync([Of(1, new float[257])]));
        await RefusedAsync("There are no films", await FileAsync(Array.Empty<Film<int, float>>()));
        await RefusedAsync("'item_factors' is Double; it is a list of float or double for each film.", await FileAsync([new Bare { item_ids = 1 }]));
        await RefusedAsync("'item_ids' is text or bytes; it is one id for each film, as int32 or int64.", await FileAsync([new Film<string, float> { item_ids = "1", item_factors = [1] }]));
        await RefusedAsync("'item_factors' is a list of Int32; it is", await FileAsync([new Film<int, int> { item_ids = 1, item_factors = [1] }]));
        await RefusedAsync("The file has no column 'item_ids': one id for each film, as int32 or int64. It has id.", await FileAsync([new Nameless { id = 1 }]));
    }

    [Fact]
    public async Task ADamagedFileIsRefusedWhereverItIsDamaged()
    {
        var file = await FileAsync([Of(1, 1, 2), Of(2, 3, 4)]);
        await RefusedAsync("is cut short: its 100 bytes do not end in PAR1.", file[..100]);
        await RefusedAsync("is cut short", "PAR1"u8.ToArray());
        await RefusedAsync("is damaged: its footer", [.. file[..100], .. "PAR1"u8]);
        // Without the end of its footer the library would read for ever.
        var endless = file.ToArray();
        endless[^9] ^= 0x55;
        await RefusedAsync("The Parquet file is damaged: its footer does not end where it should.", endless);
        for (var at = 4; at < file.Length - 4; at++)
        {
            var damaged = file.ToArray();
            damaged[at] ^= 0x55;
            try
            {
                Assert.Equal(2, (await FactorFile.ReadAsync(damaged)).MovieIds.Length);
            }
            catch (InvalidInputException)
            {
                // Refused; anything else that is thrown fails the test.
            }
        }
    }

    [Fact]
    public async Task AFileOfFewBytesThatClaimsManyNumbersIsNotRead()
    {
        var file = await FileAsync([Of(1, 1, 2), Of(2, 3, 4)]);
        // In the footer, the field after the one before it (1) is a long (6): four values, which zigzag makes an eight.
        var (length, at) = (BitConverter.ToInt32(file, file.Length - 8), file.Length - 8 - BitConverter.ToInt32(file, file.Length - 8));
        var footer = BitConverter.ToString(file, at, length);
        var many = Convert.FromHexString(footer.Replace("16-08", "16-80-80-80-80-08", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal));
        Assert.NotEqual(length, many.Length);
        await RefusedAsync("'item_factors' has no number of values, or more than the 67,108,864 that are read.", [.. file[..at], .. many, .. BitConverter.GetBytes(many.Length), .. "PAR1"u8]);
    }

    static async Task RefusedAsync(string said, byte[] content)
        => Assert.Contains(said, (await Assert.ThrowsAsync<InvalidInputException>(() => FactorFile.ReadAsync(content))).Message, StringComparison.Ordinal);

    static Film<int, float> Of(int id, params float[] numbers) => new() { item_ids = id, item_factors = [.. numbers] };

    static async Task<byte[]> FileAsync<T>(IEnumerable<T> rows, int rowsInGroup = 1000) where T : class, new()
    {
        using var file = new MemoryStream();
        await ParquetSerializer.SerializeAsync(rows, file, new ParquetOptions { RowGroupSize = rowsInGroup });
        return file.ToArray();
    }
}
