using System.Text;
using MovieRecommender.Domain.Catalog;
using MovieRecommender.Domain.Imports;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Tests.Imports;

/// <summary>Every format, from a folder and from a zip, arrives in the store as it was meant.</summary>
public sealed class FormatTests : IDisposable
{
    readonly SmallData _data = new();

    public static TheoryData<string, bool> Formats => new()
    {
        { "csv", false },
        { "csv", true },
        { "dat", false },
        { "dat", true },
        { "100k", false },
        { "100k", true },
    };

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task IsRead(string format, bool zipped)
    {
        await using var store = await TestStore.CreateAsync();
        var result = await store.ImportAsync(Source(format, zipped));
        Assert.Empty(result.Bad.First);
        Assert.Equal((3, 3, 5L, 5L), (result.Films, result.Viewers, result.Ratings, result.Changed));
        Assert.Equal(3, store.Count("SELECT COUNT(*) FROM Movies"));
        Assert.Equal(3, store.Count("SELECT COUNT(*) FROM Viewers WHERE Kind = 0"));
        Assert.Equal(5, store.Count("SELECT COUNT(*) FROM Ratings"));
        Assert.Equal(1000000003, store.Count("SELECT RatedAt FROM Ratings WHERE ViewerId = 2 AND MovieId = 1 AND HalfStars = 10"));

        var catalog = store.Get<MovieCatalog>();
        var lanterns = catalog.Get(1);
        Assert.Equal(("Lanterns", 1999, 2), (lanterns.Title, lanterns.Year, lanterns.RatingCount));
        Assert.Equal(["Drama", "Sci-Fi"], lanterns.Genres);
        Assert.Equal("The Silent Harbour", catalog.Get(2).Title);
        // The 100k set has whole stars only.
        Assert.Equal(format == "100k" ? 1 : 0.75, catalog.Get(2).AverageStars);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task ReadTwiceChangesNothing(string format, bool zipped)
    {
        await using var store = await TestStore.CreateAsync();
        var source = Source(format, zipped);
        await store.ImportAsync(source);
        var before = store.Dump();
        store.Clock.Now = store.Clock.Now.AddDays(1);
        var again = await store.ImportAsync(source);
        Assert.Equal(0, again.Changed);
        Assert.Equal(before, store.Dump());
    }

    [Fact]
    public async Task WhatTheCsvFormatAddsIsKept()
    {
        await using var store = await TestStore.CreateAsync();
        var result = await store.ImportAsync(_data.Folder(SmallData.Csv));
        Assert.Equal(1, result.Tags);
        var catalog = store.Get<MovieCatalog>();
        Assert.Equal(("0012345", 77), (catalog.Get(1).ImdbId, catalog.Get(1).TmdbId));
        Assert.Null(catalog.Get(2).TmdbId);
        Assert.Equal(["Le Port muet"], catalog.Get(2).OtherTitles);
        Assert.Equal("Wake, Or: Sleep", catalog.Get(3).Title);
        Assert.Empty(catalog.Get(3).Genres);
        Assert.Equal(["slow, but \"good\""], await catalog.TagsAsync(1, 5));
    }

    [Fact]
    public async Task WindowsLineEndsAndAByteOrderMarkDoNoHarm()
    {
        await using var store = await TestStore.CreateAsync();
        var result = await store.ImportAsync(_data.Folder([.. SmallData.Csv.Select(file => (file.Name, "\uFEFF" + file.Text.ReplaceLineEndings("\r\n")))]));
        Assert.Empty(result.Bad.First);
        Assert.Equal(5, result.Ratings);
    }

    [Theory]
    [InlineData("dat")]
    [InlineData("100k")]
    public async Task OlderFilesAreLatin1(string format)
    {
        await using var store = await TestStore.CreateAsync();
        await store.ImportAsync(_data.Folder(Encoding.Latin1, format == "dat" ? SmallData.Dat : SmallData.HundredK));
        Assert.Equal("Café", store.Get<MovieCatalog>().Get(3).Title);
    }

    [Fact]
    public async Task AChangedRatingIsTheOnlyChange()
    {
        await using var store = await TestStore.CreateAsync();
        await store.ImportAsync(_data.Folder(SmallData.Csv));
        var result = await store.ImportAsync(_data.Folder(SmallData.CsvWith("ratings.csv", SmallData.Ratings.Replace("1,2,0.5,", "1,2,4.0,", StringComparison.Ordinal))));
        Assert.Equal(1, result.Changed);
        Assert.Equal(8, store.Count("SELECT HalfStars FROM Ratings WHERE ViewerId = 1 AND MovieId = 2"));
        Assert.Equal(10, store.Count("SELECT RatingHalves FROM Movies WHERE Id = 2"));
    }

    [Fact]
    public async Task CancelledHalfWayLeavesNothingBehind()
    {
        await using var store = await TestStore.CreateAsync();
        var before = store.Dump();
        using var cancel = new CancellationTokenSource();
        var progress = new Told<ImportProgress>(step =>
        {
            if (step.Step.ToString() == "Storing") cancel.Cancel();
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.ImportAsync(_data.Folder(SmallData.Csv), progress, cancel.Token));
        Assert.Equal(before, store.Dump());
        Assert.Equal(5, (await store.ImportAsync(_data.Folder(SmallData.Csv))).Ratings);
    }

    [Fact]
    public async Task OthersWriteWhileAnImportReads()
    {
        await using var store = await TestStore.CreateAsync();
        var ratings = (await store.ImportAsync(_data.Folder(SmallData.Csv))).Ratings;
        var wrote = false;
        var progress = new Told<ImportProgress>(step =>
        {
            if (!step.Step.ToString().StartsWith("Reading the ratings", StringComparison.Ordinal)) return;
            using var noLongerThan = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            store.Get<Store>().WriteAsync(db => db.AddToStateAsync(StoreState.RatingsRevision, 1, noLongerThan.Token), noLongerThan.Token).GetAwaiter().GetResult();
            wrote = true;
        });
        await store.ImportAsync(_data.Folder(SmallData.Csv), progress);
        Assert.True(wrote);
        Assert.Equal(1, await store.Get<Store>().ReadAsync(db => db.ReadStateAsync(StoreState.RatingsRevision)) - ratings);
    }

    [MovieLensFact]
    public async Task TheRealDataHasTheKnownCounts()
    {
        await using var store = await TestStore.CreateAsync();
        var result = await store.ImportAsync(MovieLensData.Folder!);
        Assert.Empty(result.Bad.First);
        Assert.Equal((9742, 610, 100_836L), (result.Films, result.Viewers, result.Ratings));
        Assert.Equal(9742, store.Count("SELECT COUNT(*) FROM Movies"));
        Assert.Equal(610, store.Count("SELECT COUNT(*) FROM Viewers"));
        Assert.Equal(100_836, store.Count("SELECT COUNT(*) FROM Ratings"));
        Assert.Equal(9724, store.Count("SELECT COUNT(*) FROM Movies WHERE RatingCount > 0"));
        Assert.Equal(0, (await store.ImportAsync(MovieLensData.Folder!)).Changed);
    }

    public void Dispose() => _data.Dispose();

    string Source(string format, bool zipped)
    {
        var files = format switch { "csv" => SmallData.Csv, "dat" => SmallData.Dat, _ => SmallData.HundredK };
        return zipped ? _data.Zip(SmallData.Under("ml-tiny/", files)) : _data.Folder(files);
    }
}
