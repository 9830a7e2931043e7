using MovieRecommender.Domain;
using MovieRecommender.Domain.Catalog;
using MovieRecommender.Domain.Imports;

namespace MovieRecommender.Tests.Imports;

/// <summary>A source that is not what it claims to be stops the import with one clear error, and the store is as it was.</summary>
public sealed class BadSourceTests : IDisposable
{
    readonly SmallData _data = new();

    [Fact]
    public Task AWrongHeader() => IsRefused(_data.Folder(SmallData.CsvWith("ratings.csv", "user,film,stars\n1,1,4\n")),
        "ratings.csv starts with 'user,film,stars', not with 'userId,movieId,rating,timestamp'");

    [Fact]
    public Task AFileWithoutAHeader() => IsRefused(_data.Folder(SmallData.CsvWith("movies.csv", "1,Lanterns (1999),Drama\n")), "movies.csv starts with '1,Lanterns (1999),Drama'");

    [Fact]
    public Task AnEmptyFile() => IsRefused(_data.Folder(SmallData.CsvWith("ratings.csv", "")), "ratings.csv starts with ''");

    [Fact]
    public Task AMissingFile() => IsRefused(_data.Folder(("ratings.csv", SmallData.Ratings)), "has no movies.csv");

    [Fact]
    public Task RatingsThatAreAllBad() => IsRefused<NothingReadException>(_data.Folder(SmallData.CsvWith("ratings.csv", "userId,movieId,rating,timestamp\n1,1,7,1\n")), "ratings.csv, line 2, column rating: '7'");

    [Fact]
    public Task ALineWithoutEnd() => IsRefused(_data.Folder(SmallData.CsvWith("ratings.csv", SmallData.Ratings + "1,1," + new string('4', 3 << 20))), "ratings.csv cannot be read");

    [Fact]
    public Task ADatFileThatIsSomethingElse() => IsRefused(_data.Folder(("ratings.dat", "some\nletter\n"), SmallData.Dat[0]), "ratings.dat does not start with 4 fields a line");

    [Fact]
    public Task AFolderWithoutData() => IsRefused(_data.Folder(("letter.txt", "Dear all")), "holds no MovieLens data");

    [Fact]
    public Task AZipWithoutData() => IsRefused(_data.Zip(("letter.txt", "Dear all")), "holds no MovieLens data");

    [Fact]
    public Task AFileThatIsNoZip()
    {
        File.WriteAllText(_data.PathOf("data.zip"), SmallData.Ratings);
        return IsRefused(_data.PathOf("data.zip"), "is not a zip file");
    }

    [Fact]
    public Task AZipCutShort()
    {
        var path = _data.Zip(SmallData.Csv);
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..^200]);
        return IsRefused(path, "is not a zip file");
    }

    [Fact]
    public Task AZipDamagedInside()
    {
        var path = _data.Zip(SmallData.CsvWith("ratings.csv", SmallData.Ratings + string.Concat(Enumerable.Range(0, 5000).Select(i => $"{i + 10},1,4,{1000000010 + i}\n"))));
        var bytes = File.ReadAllBytes(path);
        // The ratings' packed bytes fill most of the file.
        Array.Fill(bytes, (byte)0xA5, bytes.Length / 2, 64);
        File.WriteAllBytes(path, bytes);
        return IsRefused(path, "'ratings.csv' in the zip is damaged");
    }

    [Fact]
    public Task AZipBomb()
        => IsRefused(_data.Zip(SmallData.CsvWith("ratings.csv", SmallData.Ratings + new string('\n', 64 << 20))), "'ratings.csv' in the zip inflates to more than");

    [Fact]
    public Task AZipThatLiesAboutItsSize()
    {
        var path = _data.Zip(SmallData.CsvWith("ratings.csv", SmallData.Ratings + new string('\n', 64 << 20)));
        // Both headers of the last entry say that its content is small; the rest would be cut off without a word.
        var bytes = File.ReadAllBytes(path);
        var name = "ratings.csv"u8;
        BitConverter.TryWriteBytes(bytes.AsSpan(bytes.AsSpan().IndexOf(name) - 30 + 22), 1000);
        BitConverter.TryWriteBytes(bytes.AsSpan(bytes.AsSpan().LastIndexOf(name) - 46 + 24), 1000);
        File.WriteAllBytes(path, bytes);
        return IsRefused(path, "'ratings.csv' in the zip is damaged: its checksum");
    }

    [Fact]
    public async Task NamesInAZipNeverBecomePaths()
    {
        // Were the name used as a path, the file outside would be found, or made.
        var path = _data.Zip([.. SmallData.Under("../../planted/", SmallData.Csv), ("/etc/ratings.csv/", "")]);
        await using var store = await TestStore.CreateAsync();
        var files = Directory.GetFileSystemEntries(Path.GetDirectoryName(path)!, "*", SearchOption.AllDirectories);
        Assert.Equal(5, (await store.ImportAsync(path)).Ratings);
        Assert.Equal(files, Directory.GetFileSystemEntries(Path.GetDirectoryName(path)!, "*", SearchOption.AllDirectories));
        Assert.False(Directory.Exists(Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "../../planted"))));
    }

    [Fact]
    public async Task APathThatIsNotThere()
    {
        var error = await Assert.ThrowsAsync<InvalidInputException>(() => Task.Run(() => DataSources.Check(_data.PathOf("nowhere"))));
        Assert.Contains("nowhere", error.Message, StringComparison.Ordinal);
        Assert.Contains("'demo', 'ml-latest-small'", error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _data.Dispose();

    static Task IsRefused(string source, string said) => IsRefused<InvalidInputException>(source, said);

    static async Task IsRefused<TError>(string source, string said) where TError : InvalidInputException
    {
        await using var store = await TestStore.CreateAsync();
        using (var good = new SmallData()) await store.ImportAsync(good.Folder(SmallData.Csv));
        var before = store.Dump();
        var error = await Assert.ThrowsAsync<TError>(() => store.ImportAsync(source));
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("\n", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, store.Dump());
    }
}
