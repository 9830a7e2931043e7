using MovieRecommender.Domain;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Catalog;
using MovieRecommender.Domain.Ratings;
using MovieRecommender.Domain.Ratings.Histories;

namespace MovieRecommender.Tests.Ratings;

/// <summary>Histories on a real store with the built-in films.</summary>
public sealed class HistoryServiceTests : IAsyncLifetime
{
    const string Header = "Date,Name,Year,Letterboxd URI,Rating\n";
    TestStore _store = null!;
    Caller _me = Caller.Nobody;

    HistoryService Histories => _store.Get<HistoryService>();

    public async Task InitializeAsync()
    {
        _store = await TestStore.CreateAsync();
        await _store.ImportAsync("demo");
        _me = await _store.NewGuestAsync();
    }

    public async Task DisposeAsync() => await _store.DisposeAsync();

    [Fact]
    public async Task ThePlanSortsEveryFilmAndStoresNothing()
    {
        await RateAsync("Alien", 5);
        await RateAsync("The Matrix", 3);
        var before = _store.Dump();
        var plan = await PlanAsync("2024-01-01,Alien,1979,u,5\n2024-01-01,\"Matrix, The\",1999,u,4.5\n2024-01-01,AMELIE,2002,u,4\n2024-01-01,Godfater,1972,u,5\n2024-01-01,Nowhere to Be Found,1931,u,2\n");
        Assert.Equal(["Amélie"], plan.New.Select(match => match.Film.Title));
        var matrix = Assert.Single(plan.Different);
        Assert.Equal((3.0, (byte?)9), (matrix.Current, matrix.Entry.HalfStars));
        Assert.Equal(1, plan.Same);
        Assert.Contains(Assert.Single(plan.Unsure).Candidates, film => film.Title == "The Godfather");
        Assert.Equal("Nowhere to Be Found", Assert.Single(plan.Unmatched).Title);
        Assert.Equal(before, _store.Dump());
    }

    [Fact]
    public async Task AFilmNotedTwiceComesInOnceAsItWasNotedLast()
    {
        var plan = await PlanAsync("2024-01-01,The Matrix,1999,u,3\n2024-01-02,Matrix,1999,u,4.5\n");
        Assert.Equal((byte?)9, Assert.Single(plan.New).Entry.HalfStars);
        Assert.Equal(1, (await Histories.ApplyAsync(_me, plan, new Dictionary<HistoryEntry, int>(), overwrite: false))!.Films);
    }

    [Fact]
    public async Task ApplyingAndUndoingLeavesTheStoreAsItWas()
    {
        await RateAsync("The Matrix", 3);
        var before = await RowsAsync();
        var plan = await PlanAsync("2024-01-01,Alien,1979,u,4.5\n2024-01-01,The Matrix,1999,u,4.5\n2024-01-01,Godfater,1972,u,5\n");
        var doubt = Assert.Single(plan.Unsure);
        var import = await Histories.ApplyAsync(_me, plan, new Dictionary<HistoryEntry, int> { [doubt.Entry] = Find("The Godfather").Id }, overwrite: true);
        Assert.Equal(3, import!.Films);
        Assert.Equal([("Alien", 4.5), ("The Godfather", 5.0), ("The Matrix", 4.5)], await RowsAsync());
        Assert.Equal(_store.Count($"SELECT RatingCount FROM Movies WHERE Id = {Find("Alien").Id}"), Find("Alien").RatingCount);
        Assert.Equal(_store.Count($"SELECT COUNT(*) FROM Ratings WHERE MovieId = {Find("Alien").Id}"), Find("Alien").RatingCount);

        // The same again finds everything here.
        var again = await PlanAsync("2024-01-01,Alien,1979,u,4.5\n2024-01-01,The Matrix,1999,u,4.5\n");
        Assert.Equal((0, 0, 2), (again.New.Count, again.Different.Count, again.Same));
        Assert.Null(await Histories.ApplyAsync(_me, again, new Dictionary<HistoryEntry, int>(), overwrite: true));

        await Histories.UndoAsync(_me, import.Id);
        Assert.Equal(before, await RowsAsync());
        Assert.Equal(_store.Count($"SELECT COUNT(*) FROM Ratings WHERE MovieId = {Find("Alien").Id}"), Find("Alien").RatingCount);
    }

    [Fact]
    public async Task UndoKeepsWhatWasChangedSince()
    {
        var import = await Histories.ApplyAsync(_me, await PlanAsync("2024-01-01,Alien,1979,u,4.5\n2024-01-01,The Matrix,1999,u,4\n"), new Dictionary<HistoryEntry, int>(), overwrite: false);
        await RateAsync("Alien", 2);
        await Histories.UndoAsync(_me, import!.Id);
        Assert.Equal([("Alien", 2.0)], await RowsAsync());
    }

    [Fact]
    public async Task NobodyElseCanUndoIt()
    {
        var import = await Histories.ApplyAsync(_me, await PlanAsync("2024-01-01,Alien,1979,u,4.5\n"), new Dictionary<HistoryEntry, int>(), overwrite: false);
        var other = await _store.NewGuestAsync();
        await Assert.ThrowsAsync<NotFoundException>(() => Histories.UndoAsync(other, import!.Id));
        await Assert.ThrowsAsync<AccessDeniedException>(() => Histories.UndoAsync(Caller.Nobody, import!.Id));
        Assert.Equal([("Alien", 4.5)], await RowsAsync());
    }

    [Fact]
    public async Task WhatIsTakenAwayComesBackWhole()
    {
        await RateAsync("Alien", 4.5);
        await RateAsync("The Matrix", 0.5);
        var csv = await _store.Get<HistoryExport>().CsvAsync(_me);
        var other = await _store.NewGuestAsync();
        var plan = await Histories.PlanAsync(other, "my-ratings.csv", HistoryFiles.Text(csv));
        await Histories.ApplyAsync(other, plan, new Dictionary<HistoryEntry, int>(), overwrite: false);
        Assert.Equal((await _store.Get<RatingService>().MineAsync(_me)).Select(rating => (rating.MovieId, rating.Stars)).Order(),
            (await _store.Get<RatingService>().MineAsync(other)).Select(rating => (rating.MovieId, rating.Stars)).Order());
        await Assert.ThrowsAsync<AccessDeniedException>(() => _store.Get<HistoryExport>().JsonAsync(Caller.Nobody));
    }

    Task<HistoryPlan> PlanAsync(string rows) => Histories.PlanAsync(_me, "ratings.csv", HistoryFiles.Text(Header + rows));

    Film Find(string title) => _store.Get<MovieCatalog>().FindByTitle(title);

    Task RateAsync(string title, double stars) => _store.Get<RatingService>().RateAsync(_me, Find(title).Id, stars);

    async Task<List<(string Title, double Stars)>> RowsAsync()
        => [.. (await _store.Get<RatingService>().MineAsync(_me)).Select(rating => (_store.Get<MovieCatalog>().Get(rating.MovieId).Title, rating.Stars)).Order()];
}
