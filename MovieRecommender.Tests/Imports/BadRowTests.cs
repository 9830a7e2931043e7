namespace MovieRecommender.Tests.Imports;

/// <summary>A row that cannot be used is reported by file, line, column and reason, and skipped; the rest arrives.</summary>
public sealed class BadRowTests : IDisposable
{
    readonly SmallData _data = new();

    [Theory]
    [InlineData("ratings.csv", "9,1,good,1000000009", "rating", "'good' is not a number")]
    [InlineData("ratings.csv", "9,1,7,1000000009", "rating", "'7' is not between 0.5 and 5 in halves")]
    [InlineData("ratings.csv", "9,1,0,1000000009", "rating", "'0' is not between 0.5 and 5 in halves")]
    [InlineData("ratings.csv", "9,1,3.3,1000000009", "rating", "'3.3' is not between 0.5 and 5 in halves")]
    [InlineData("ratings.csv", "9,1,NaN,1000000009", "rating", "'NaN' is not between 0.5 and 5 in halves")]
    [InlineData("ratings.csv", "0,1,4,1000000009", "userId", "'0' is not a whole number from 1 to 999,999,999")]
    [InlineData("ratings.csv", "9,x,4,1000000009", "movieId", "'x' is not a whole number from 1 to 999,999,999")]
    [InlineData("ratings.csv", "9,44,4,1000000009", "movieId", "no film has the id 44")]
    [InlineData("ratings.csv", "9,1,4,yesterday", "timestamp", "'yesterday' is not a time in seconds since 1970")]
    [InlineData("ratings.csv", "9,1,4", "timestamp", "the column is missing")]
    [InlineData("ratings.csv", "9,1,4,1000000009,5", "timestamp", "there are more columns than 4; a value with a comma needs quotes around it")]
    [InlineData("ratings.csv", "9,1,\"4,1000000009", "rating", "a quote is not closed, or stands where none may")]
    [InlineData("movies.csv", "4,Two, Three (1999),Drama", "genres", "there are more columns than 3; a value with a comma needs quotes around it")]
    [InlineData("movies.csv", "4,\"Open (1999),Drama", "title", "a quote is not closed, or stands where none may")]
    [InlineData("movies.csv", "4, ,Drama", "title", "the title is empty")]
    [InlineData("movies.csv", "four,Four (1999),Drama", "movieId", "'four' is not a whole number from 1 to 999,999,999")]
    [InlineData("links.csv", "3,tt12,5", "imdbId", "'tt12' is not an IMDb number")]
    [InlineData("links.csv", "3,0000012,five", "tmdbId", "'five' is not a whole number")]
    [InlineData("tags.csv", "2,1,,1000000009", "tag", "a tag has 1 to 200 characters, this one 0")]
    [InlineData("tags.csv", "2,44,lost,1000000009", "movieId", "no film has the id 44")]
    public async Task IsReportedAndSkipped(string file, string row, string column, string reason)
    {
        // In the middle, so that a row which spoils the ones after it is noticed.
        var lines = SmallData.Csv.Single(known => known.Name == file).Text.Split('\n').ToList();
        lines.Insert(2, row);
        await using var store = await TestStore.CreateAsync();
        var result = await store.ImportAsync(_data.Folder(SmallData.CsvWith(file, string.Join('\n', lines))));

        var bad = Assert.Single(result.Bad.First);
        Assert.Equal((file, 3L, column, reason), (bad.File, bad.Line, bad.Column, bad.Reason));
        Assert.Equal($"{file}, line 3, column {column}: {reason}", bad.ToString());
        Assert.Equal(1, result.Bad.Total);
        Assert.Equal((3, 3, 5L, 1L), (result.Films, result.Viewers, result.Ratings, result.Tags));
        Assert.Equal(5, store.Count("SELECT COUNT(*) FROM Ratings"));
    }

    [Theory]
    [InlineData("ratings.dat", "9::1::7::1000000009", "rating", "'7' is not between 0.5 and 5 in halves")]
    [InlineData("ratings.dat", "9::44::4::1000000009", "movieId", "no film has the id 44")]
    [InlineData("ratings.dat", "9::1::4", "4", "3 fields instead of 4")]
    [InlineData("movies.dat", "x::Four (1999)::Drama", "movie", "'x' is not a whole number from 1 to 999,999,999")]
    public async Task OfADatFileToo(string file, string row, string column, string reason)
    {
        (string Name, string Text)[] files = [.. SmallData.Dat.Select(known => known.Name == file ? (file, Insert(known.Text, row)) : known)];
        await using var store = await TestStore.CreateAsync();
        var result = await store.ImportAsync(_data.Folder(files));
        var bad = Assert.Single(result.Bad.First);
        Assert.Equal((file, 2L, column, reason), (bad.File, bad.Line, bad.Column, bad.Reason));
        Assert.Equal(5, result.Ratings);
    }

    [Fact]
    public async Task TheFirstThousandAreKeptAndAllAreCounted()
    {
        var ratings = SmallData.Ratings + string.Concat(Enumerable.Repeat("1,1,7,1000000009\n", 1234));
        await using var store = await TestStore.CreateAsync();
        var result = await store.ImportAsync(_data.Folder(SmallData.CsvWith("ratings.csv", ratings)));
        Assert.Equal(1000, result.Bad.First.Count);
        Assert.Equal(1234, result.Bad.Total);
        Assert.Equal(5, result.Ratings);
        Assert.Equal(1006, result.Bad.First[^1].Line);
    }

    public void Dispose() => _data.Dispose();

    static string Insert(string text, string row)
    {
        var lines = text.Split('\n').ToList();
        lines.Insert(1, row);
        return string.Join('\n', lines);
    }
}
