using MovieRecommender.Domain;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Models;
using MovieRecommender.Domain.Ratings;
using MovieRecommender.Domain.Ratings.Showings;
using MovieRecommender.Domain.Recommendations;
using MovieRecommender.Domain.Storage;
using MovieRecommender.Tests.Imports;

namespace MovieRecommender.Tests.Models;

/// <summary>A share of viewers is served by the candidate; whatever happens to it, everybody else never notices.</summary>
public sealed class ModelSplitTests : IAsyncLifetime
{
    readonly SmallData _data = new();
    TestStore _store = null!;
    ModelShelf _shelf = null!;

    LiveModel Live => _store.Get<LiveModel>();

    public async Task InitializeAsync()
    {
        _store = await TestStore.CreateAsync();
        await _store.ImportAsync(_data.Folder(SmallData.Opposites()));
        _shelf = _store.Get<ModelShelf>();
        await PublishAsync(1);
        await _shelf.PinAsync(Caller.Operator, true);
        await PublishAsync(2);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(50)]
    public async Task ItsShareOfViewersIsServedByTheCandidateAlwaysTheSameOnes(int percent)
    {
        await _shelf.SplitAsync(Caller.Operator, percent);
        var served = Served();
        // Five standard deviations of chance around the share.
        Assert.InRange(served.Count, (100 * percent) - 250, (100 * percent) + 250);
        await _shelf.SplitAsync(Caller.Operator, 50);
        Assert.Subset(Served(), served);
        Assert.Equal(1, Live.For(null)!.Version);
        Assert.Equal(1, Live.Current!.Version);

        var again = await RestartedAsync();
        Assert.Equal(Served(), Served(again));
    }

    [Fact]
    public async Task ListsOfTheChosenComeFromTheCandidateAndAreNotedForIt()
    {
        await _shelf.SplitAsync(Caller.Operator, 50);
        var recommendations = _store.Get<RecommendationService>();
        var people = new List<Caller>();
        for (var i = 0; i < 20; i++) people.Add(await _store.NewGuestAsync());
        var candidate = Served();
        foreach (var person in people)
        {
            var list = await recommendations.MineAsync(person, new());
            Assert.Equal(candidate.Contains(person.ViewerId!.Value) ? 2 : 1, list.Version);
        }
        Assert.Equal(1, recommendations.For([new ViewerRating(1, 5, 0)], new()).Version);
        await _store.Get<ShowingLog>().WriteAsync(CancellationToken.None);
        Assert.Equal(people.Count(person => candidate.Contains(person.ViewerId!.Value)), _store.Count("SELECT COUNT(DISTINCT ViewerId) FROM Showings WHERE Version = 2"));
        Assert.InRange(_store.Count("SELECT COUNT(DISTINCT ViewerId) FROM Showings WHERE Version = 2"), 1, 19);
    }

    [Fact]
    public async Task ItEndsWhenTheCandidateIsPromoted()
    {
        await _shelf.SplitAsync(Caller.Operator, 50);
        // The one that serves is promoted again: nothing changes.
        await _shelf.PromoteAsync(Caller.Operator, 1);
        Assert.NotEmpty(Served());
        await _shelf.PromoteAsync(Caller.Operator, 2);
        await AssertOverAsync(2);
    }

    [Fact]
    public async Task ItEndsWhenTheCandidateIsDeleted()
    {
        await _shelf.SplitAsync(Caller.Operator, 50);
        await _shelf.DeleteAsync(Caller.Operator, 2);
        await AssertOverAsync(1);
    }

    [Fact]
    public async Task ItEndsWhenAnAdminSaysSoAndThatIsInTheLog()
    {
        await _shelf.SplitAsync(Caller.Operator, 30);
        await _shelf.SplitAsync(Caller.Operator, 0);
        await _shelf.SplitAsync(Caller.Operator, 0);
        await AssertOverAsync(1);
        Assert.Equal(["ended the trial of version 2", "tries version 2 with 30 % of viewers"],
            (await _store.Get<AdminActions>().ListAsync(Caller.Operator, most: 2)).Select(line => $"{line.What} {line.On}"));
    }

    [Fact]
    public async Task ADamagedCandidateServesNobodyAndTheRestGoesOn()
    {
        await _shelf.SplitAsync(Caller.Operator, 50);
        await File.WriteAllBytesAsync(Path.Combine(_store.Paths.Models, "2.model"), [1, 2, 3]);
        var live = await RestartedAsync();
        Assert.Empty(Served(live));
        Assert.Equal((1, null), (live.Current!.Version, live.Split));
        // What was decided stays until an admin says otherwise, and a whole file would serve again.
        Assert.Equal(2, (await _shelf.ListAsync(Caller.Operator)).Split!.Version);
    }

    [Fact]
    public async Task NewVersionsWaitWhileOneIsTriedAndItIsNotPruned()
    {
        await _shelf.SplitAsync(Caller.Operator, 50);
        await _shelf.PinAsync(Caller.Operator, false);
        for (var version = 3; version <= 14; version++) Assert.False(await PublishAsync(version));
        var view = await _shelf.ListAsync(Caller.Operator);
        Assert.Equal((2, 1), (view.Candidate, view.Live));
        Assert.Contains(view.Versions, version => version.Id == 2);
        await _shelf.SplitAsync(Caller.Operator, 0);
        Assert.Equal(14, (await _shelf.ListAsync(Caller.Operator)).Candidate);
        Assert.True(await PublishAsync(15));
    }

    [Fact]
    public async Task WhatAnotherProcessDecidesIsFollowed()
    {
        using var other = NewProcess(new());
        await other.LoadLiveAsync();
        await other.SplitAsync(Caller.Operator, 50);
        Assert.Empty(Served());
        await _shelf.LoadLiveAsync();
        Assert.NotEmpty(Served());
        await other.DeleteAsync(Caller.Operator, 2);
        await _shelf.LoadLiveAsync();
        Assert.Empty(Served());
    }

    [Fact]
    public async Task WhatCannotBeTriedIsSaidAndNothingChanges()
    {
        var before = _store.Dump();
        foreach (var percent in new[] { -1, 51, 100 })
            Assert.Equal($"percent is {percent}; allowed is 1 to 50, or 0 to end it.", (await Assert.ThrowsAsync<InvalidInputException>(() => _shelf.SplitAsync(Caller.Operator, percent))).Message);
        await File.WriteAllBytesAsync(Path.Combine(_store.Paths.Models, "2.model"), []);
        var error = await Assert.ThrowsAsync<ConflictException>(() => _shelf.SplitAsync(Caller.Operator, 20));
        Assert.Equal("Version 2 cannot be tried: 2.model is not a model file. Everybody goes on getting version 1.", error.Message);
        Assert.Equal(before, _store.Dump());
        await _shelf.DeleteAsync(Caller.Operator, 2);
        await Assert.ThrowsAsync<ConflictException>(() => _shelf.SplitAsync(Caller.Operator, 20));
        Assert.Empty(Served());
    }

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        _data.Dispose();
    }

    /// <summary>Those of ten thousand viewers whose lists come from the candidate.</summary>
    HashSet<int> Served(LiveModel? live = null)
        => [.. Enumerable.Range(Viewer.FirstLocalId, 10_000).Where(viewer => (live ?? Live).For(viewer)!.Version != (live ?? Live).Current!.Version)];

    async Task AssertOverAsync(int serves)
    {
        Assert.Empty(Served());
        Assert.Equal((serves, null), (Live.Current!.Version, Live.Split));
        Assert.Null((await _shelf.ListAsync(Caller.Operator)).Split);
        Assert.Empty(Served(await RestartedAsync()));
    }

    Task<bool> PublishAsync(int version)
        => _shelf.PublishAsync(ToyVersions.Model(version, firstMovie: 1), ToyVersions.Model(version, firstMovie: 1), (checksum, size) => ToyVersions.Row(version, checksum, size));

    async Task<LiveModel> RestartedAsync()
    {
        var live = new LiveModel();
        using var shelf = NewProcess(live);
        await shelf.LoadLiveAsync();
        return live;
    }

    ModelShelf NewProcess(LiveModel live)
        => new(_store.Get<Store>(), live, _store.Get<AdminActions>(), _store.Get<ChangeFeed>(), _store.Clock, Microsoft.Extensions.Logging.Abstractions.NullLogger<ModelShelf>.Instance);
}
