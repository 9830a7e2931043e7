using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Catalog;
using MovieRecommender.Domain.Models;
using MovieRecommender.Domain.Ratings;
using MovieRecommender.Domain.Storage;
using MovieRecommender.Tests.Imports;
using MovieRecommender.Tests.Models;
using MovieRecommender.Web.Features.Admin;

namespace MovieRecommender.Tests.Admin;

/// <summary>What the overview tells, over a real store.</summary>
public sealed class DashboardHealthTests : IAsyncLifetime
{
    readonly SmallData _data = new();
    TestStore _store = null!;
    DashboardHealth _health = null!;

    public async Task InitializeAsync()
    {
        _store = await TestStore.CreateAsync();
        await _store.ImportAsync(_data.Folder(SmallData.Opposites()));
        _health = new(_store.Get<Store>(), new OpenPages(), _store.Get<LiveModel>(), _store.Get<MovieCatalog>(), _store.Clock);
    }

    [Fact]
    public async Task ActivityTellsRatingsPeopleAndFilmsByDayAndNoFilmThatFewRated()
    {
        var ratings = _store.Get<RatingService>();
        var people = new List<Caller>();
        for (var i = 0; i < 4; i++) people.Add(await _store.NewGuestAsync());
        // Three people on the first of the days; the fourth comes today. Film 2 has two people, and films from before the days count nowhere.
        _store.Clock.Now -= TimeSpan.FromDays(1);
        await ratings.RateAsync(people[0], 9, 5);
        _store.Clock.Now += TimeSpan.FromDays(1);
        foreach (var person in people.Take(3)) await ratings.RateAsync(person, 1, 4);
        await ratings.RateAsync(people[0], 2, 4);
        _store.Clock.Now += TimeSpan.FromDays(29);
        await ratings.RateAsync(people[3], 1, 3);
        await ratings.RateAsync(people[3], 2, 3);

        var activity = await _health.ActivityAsync(Caller.Operator);
        Assert.Equal(new DateOnly(2026, 1, 2), activity.First);
        Assert.Equal([4, .. Enumerable.Repeat(0, 28), 2], activity.Ratings);
        Assert.Equal([3, .. Enumerable.Repeat(0, 28), 1], activity.ViewersByDay);
        Assert.Equal(4, activity.Viewers);
        var film = Assert.Single(activity.Films);
        Assert.Equal((1, 4), (film.Film.Id, film.Ratings));
        Assert.Equal([3, .. Enumerable.Repeat(0, 28), 1], film.Days);
    }

    [Fact]
    public async Task ACandidateThatCannotBeTriedNeedsAttention()
    {
        var shelf = _store.Get<ModelShelf>();
        foreach (var version in new[] { 1, 2 })
        {
            await shelf.PublishAsync(ToyVersions.Model(version), ToyVersions.Model(version), (checksum, size) => ToyVersions.Row(version, checksum, size));
            await shelf.PinAsync(Caller.Operator, true);
        }
        await shelf.SplitAsync(Caller.Operator, 20);
        Assert.DoesNotContain((await _health.ReadAsync(Caller.Operator)).Attention, line => line.Contains("should be tried", StringComparison.Ordinal));
        // As after a start that found the file damaged.
        var started = new DashboardHealth(_store.Get<Store>(), new OpenPages(), new LiveModel(), _store.Get<MovieCatalog>(), _store.Clock);
        Assert.Contains((await started.ReadAsync(Caller.Operator)).Attention, line => line.StartsWith("Version 2 should be tried with a share of viewers but cannot be read", StringComparison.Ordinal));
    }

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        _data.Dispose();
    }
}
