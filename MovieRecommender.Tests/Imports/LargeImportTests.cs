using MovieRecommender.Domain;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Curation;
using MovieRecommender.Domain.Imports;
using MovieRecommender.Domain.Privacy;
using MovieRecommender.Domain.Ratings;

namespace MovieRecommender.Tests.Imports;

/// <summary>Imports of more ratings than one write brings in: nobody waits, nothing is lost, and the store is as after one write.</summary>
public sealed class LargeImportTests : IAsyncLifetime
{
    const int Lanterns = 1, Harbour = 2, Wake = 3;

    readonly SmallData _data = new();
    TestStore _store = null!;

    RatingService Ratings => _store.Get<RatingService>();

    public async Task InitializeAsync() => _store = await NewStoreAsync(mostAtOnce: 0);

    [Fact]
    public async Task TheStoreIsAsAfterOneWrite()
    {
        await using var other = await NewStoreAsync(mostAtOnce: 1000);
        var (changed, expected) = (await ImportOftenAsync(_store), await ImportOftenAsync(other));
        Assert.Equal(RowsOf(other), RowsOf(_store));
        Assert.Equal((expected[0], 3, 570), (changed[0], changed[1], changed[2]));
    }

    /// <summary>But for the count of changes: one write counts a rating twice that is changed twice.</summary>
    static string RowsOf(TestStore store) => string.Join('\n', store.Dump().Split('\n').Where(row => !row.Contains("ratings-revision", StringComparison.Ordinal)));

    /// <returns>How many ratings each import changed.</returns>
    async Task<long[]> ImportOftenAsync(TestStore store)
    {
        var first = await store.ImportAsync(_data.Folder(SmallData.Csv));
        var zoe = await store.NewGuestAsync();
        await store.Get<RatingService>().RateAsync(zoe, Lanterns, 4.5, predicted: 3.5f);
        await store.Get<RatingService>().RateAsync(zoe, Wake, 2);
        await store.Get<FilmService>().AddTagAsync(Caller.Operator, Wake, "for Sundays");
        await store.Get<FilmMerger>().MergeAsync(Caller.Operator, Wake, Harbour);
        // Of two ratings of what is one film now the later line counts; people who are not in the file stay.
        var second = await store.ImportAsync(_data.Folder(SmallData.CsvWith("ratings.csv", "userId,movieId,rating,timestamp\n1,1,2.5,1000000009\n1,3,4,1000000010\n1,2,1.5,1000000002\n8,1,3,1000000011\n2,1,5.0,1000000003\n")));
        var third = await store.ImportAsync(_data.Folder(SmallData.Opposites()));
        store.AssertSound();
        return [first.Changed, second.Changed, third.Changed];
    }

    [Fact]
    public async Task PeopleRateAllTheWhile()
    {
        await _store.ImportAsync(_data.Folder(SmallData.Csv));
        var zoe = await _store.NewGuestAsync();
        var rated = 0;
        var progress = new Told<ImportProgress>(step =>
        {
            // The last step is the one write that brings the ratings in.
            if (step.Fraction >= 0.97) return;
            using var noLongerThan = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            Ratings.RateAsync(zoe, 1 + (rated % 3), ((rated % 10) + 1) / 2.0, cancellationToken: noLongerThan.Token).GetAwaiter().GetResult();
            rated++;
        });
        await _store.ImportAsync(_data.Folder(SmallData.Opposites()), progress);
        Assert.True(rated > 4, $"{rated} ratings were given meanwhile.");
        var expected = Enumerable.Range(0, rated).GroupBy(i => 1 + (i % 3), i => ((i % 10) + 1) / 2.0).ToDictionary(film => film.Key, film => film.Last());
        Assert.Equal(expected, (await Ratings.MineAsync(zoe)).ToDictionary(rating => rating.MovieId, rating => rating.Stars));
        _store.AssertSound();
        await Ratings.RemoveAsync(zoe, Lanterns);
        await Ratings.RateAsync(zoe, Harbour, 0.5);
        _store.AssertSound();
    }

    [Theory]
    [InlineData(0.80)]
    [InlineData(0.90)]
    [InlineData(0.97)]
    public async Task CancelledNothingOfItIsThere(double fraction)
    {
        await _store.ImportAsync(_data.Folder(SmallData.Csv));
        var before = _store.Dump();
        using var cancel = new CancellationTokenSource();
        var progress = new Told<ImportProgress>(step =>
        {
            if (step.Fraction >= fraction) cancel.Cancel();
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _store.ImportAsync(_data.Folder(SmallData.Opposites()), progress, cancel.Token));
        Assert.Equal(before, _store.Dump());
        _store.AssertSound();
    }

    [Fact]
    public async Task WhatAKilledImportLeftGoes()
    {
        await _store.ImportAsync(_data.Folder(SmallData.Csv));
        var before = _store.Dump();
        await _store.Get<Domain.Storage.Store>().WriteAsync(db => db.CreateShadowsAsync(ShadowTables.Tables));
        await _store.Get<DataImporter>().ClearAsync(CancellationToken.None);
        Assert.Equal(before, _store.Dump());
        await _store.Get<Domain.Storage.Store>().WriteAsync(db => db.CreateShadowsAsync(ShadowTables.Tables));
        Assert.Equal(0, (await _store.ImportAsync(_data.Folder(SmallData.Csv))).Changed);
        Assert.Equal(5, _store.Count("SELECT COUNT(*) FROM Ratings"));
        _store.AssertSound();
    }

    [Fact]
    public async Task WhatImportsBroughtIsNotChangedMeanwhile()
    {
        await _store.ImportAsync(_data.Folder(SmallData.Csv));
        var said = new List<string>();
        var progress = new Told<ImportProgress>(step =>
        {
            if (step.Fraction is < 0.8 or > 0.95) return;
            said.Add(Assert.Throws<ConflictException>(() => _store.Get<FilmMerger>().MergeAsync(Caller.Operator, Lanterns, Wake).GetAwaiter().GetResult()).Message);
            said.Add(Assert.Throws<ConflictException>(() => _store.Get<FilmService>().RemoveTagAsync(Caller.Operator, Lanterns, "slow, but \"good\"").GetAwaiter().GetResult()).Message);
        });
        await _store.ImportAsync(_data.Folder(SmallData.Csv), progress);
        Assert.Equal(["A data set is being imported. Try again when that is done."], said.Distinct());
        await _store.Get<FilmMerger>().MergeAsync(Caller.Operator, Lanterns, Wake);
        Assert.Empty(await _store.Get<FilmService>().RemoveTagAsync(Caller.Operator, Wake, "slow, but \"good\""));
        _store.AssertSound();
    }

    [Fact]
    public async Task WhoIsForgottenIsForgottenByFilmToo()
    {
        await _store.ImportAsync(_data.Folder(SmallData.Csv));
        var zoe = await _store.NewGuestAsync();
        await Ratings.RateAsync(zoe, Lanterns, 1);
        Assert.Equal(1, (await Ratings.DistributionAsync(Lanterns))[1]);
        await _store.Get<PrivacyService>().ForgetMeAsync(zoe);
        Assert.Equal(0, (await Ratings.DistributionAsync(Lanterns))[1]);
        _store.AssertSound();
    }

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        _data.Dispose();
    }

    static async Task<TestStore> NewStoreAsync(long mostAtOnce)
    {
        var store = await TestStore.CreateAsync("Training:AfterChanges=0");
        store.Get<DataImporter>().MostAtOnce = mostAtOnce;
        return store;
    }
}
