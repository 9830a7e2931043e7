using MovieRecommender.Domain;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Catalog;
using MovieRecommender.Domain.Ratings;
using MovieRecommender.Domain.Storage;
using MovieRecommender.Tests.Imports;

namespace MovieRecommender.Tests.Ratings;

/// <summary>A viewer's stars over a real store.</summary>
public sealed class RatingServiceTests : IAsyncLifetime
{
    TestStore _store = null!;
    RatingService _ratings = null!;
    Caller _guest = Caller.Nobody;

    public async Task InitializeAsync()
    {
        _store = await TestStore.CreateAsync();
        using var data = new SmallData();
        await _store.ImportAsync(data.Folder(SmallData.Csv));
        _ratings = _store.Get<RatingService>();
        _guest = await _store.NewGuestAsync();
    }

    [Fact]
    public async Task EveryHalfStarIsKeptExactly()
    {
        for (var halves = 1; halves <= 10; halves++)
        {
            await _ratings.RateAsync(_guest, 1, halves / 2.0);
            Assert.Equal(halves / 2.0, Assert.Single(await _ratings.MineAsync(_guest)).Stars);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.25)]
    [InlineData(0.49)]
    [InlineData(3.3)]
    [InlineData(5.5)]
    [InlineData(7)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public async Task OtherStarsAreRefusedAndNothingChanges(double stars)
    {
        var before = _store.Dump();
        var error = await Assert.ThrowsAsync<InvalidInputException>(() => _ratings.RateAsync(_guest, 1, stars));
        Assert.Contains("0.5 to 5 in halves", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, _store.Dump());
    }

    [Fact]
    public async Task AFilmThatDoesNotExistIsRefused()
        => Assert.Contains("44", (await Assert.ThrowsAsync<NotFoundException>(() => _ratings.RateAsync(_guest, 44, 4))).Message, StringComparison.Ordinal);

    [Fact]
    public async Task ThoseWhoLoveTwoFilmsAreCounted()
    {
        await _ratings.RateAsync(_guest, 1, 4);
        await _ratings.RateAsync(_guest, 3, 4.5);
        var lukewarm = await _store.NewGuestAsync();
        await _ratings.RateAsync(lukewarm, 1, 3.5);
        await _ratings.RateAsync(lukewarm, 3, 5);
        Assert.Equal([new(3, 1)], await _ratings.SharedLoversAsync(1, [2, 3]));
        Assert.Equal([new(1, 1)], await _ratings.SharedLoversAsync(3, [1, 2]));
        Assert.Empty(await _ratings.SharedLoversAsync(1, []));
    }

    [Fact]
    public async Task NobodyMayRate()
    {
        await Assert.ThrowsAsync<AccessDeniedException>(() => _ratings.RateAsync(Caller.Nobody, 1, 4));
        await Assert.ThrowsAsync<AccessDeniedException>(() => _ratings.RemoveAsync(Caller.Nobody, 1));
        await Assert.ThrowsAsync<AccessDeniedException>(() => _ratings.RateAsync(Caller.Operator, 1, 4));
        Assert.Empty(await _ratings.MineAsync(Caller.Nobody));
    }

    [Fact]
    public async Task EveryoneSeesAndChangesTheirOwnOnly()
    {
        var other = await _store.NewGuestAsync();
        await _ratings.RateAsync(_guest, 1, 4.5);
        await _ratings.RateAsync(other, 1, 1);
        Assert.Null(await _ratings.RemoveAsync(other, 2));
        Assert.Equal(1, await _ratings.RemoveAsync(other, 1));
        Assert.Equal(4.5, Assert.Single(await _ratings.MineAsync(_guest)).Stars);
        Assert.Equal(5, _store.Count("SELECT COUNT(*) FROM Ratings WHERE ViewerId < 1000000000"));
    }

    [Fact]
    public async Task EveryChangeCountsOnceInTheRevisionAndInTheFilm()
    {
        var start = Revision();
        Assert.Null(await _ratings.RateAsync(_guest, 1, 4));
        Assert.Equal(start + 1, Revision());
        Assert.Equal((3, 27L), CountsOf(1));
        Assert.Equal(4, await _ratings.RateAsync(_guest, 1, 2.5));
        Assert.Equal(start + 2, Revision());
        Assert.Equal((3, 24L), CountsOf(1));
        Assert.Equal(2.5, await _ratings.RemoveAsync(_guest, 1));
        Assert.Equal(start + 3, Revision());
        Assert.Equal((2, 19L), CountsOf(1));
        Assert.Null(await _ratings.RemoveAsync(_guest, 1));
        Assert.Equal(start + 3, Revision());
    }

    [Fact]
    public async Task UndoBringsBackWhatWasThere()
    {
        await _ratings.RateAsync(_guest, 1, 4);
        var before = await _ratings.RateAsync(_guest, 1, 2);
        await _ratings.RateAsync(_guest, 1, before!.Value);
        Assert.Equal(4, Assert.Single(await _ratings.MineAsync(_guest)).Stars);
        var removed = await _ratings.RemoveAsync(_guest, 1);
        await _ratings.RateAsync(_guest, 1, removed!.Value);
        Assert.Equal((1, 4.0), (Assert.Single(await _ratings.MineAsync(_guest)).MovieId, Assert.Single(await _ratings.MineAsync(_guest)).Stars));
    }

    [Fact]
    public async Task AGuestsRatingsBecomeTheMembersAndTheNewerStarsStay()
    {
        var member = await _store.NewGuestAsync();
        await _ratings.RateAsync(member, 1, 1);
        await _ratings.RateAsync(_guest, 2, 2);
        _store.Clock.Now += TimeSpan.FromMinutes(1);
        await _ratings.RateAsync(member, 2, 3);
        await _ratings.RateAsync(_guest, 1, 4);
        await _ratings.RateAsync(_guest, 3, 5);

        await _ratings.AdoptAsync(_guest, member);
        Assert.Equal([(1, 4.0), (2, 3.0), (3, 5.0)], (await _ratings.MineAsync(member)).Select(rating => (rating.MovieId, rating.Stars)));
        Assert.Equal(0, _store.Count($"SELECT COUNT(*) FROM Viewers WHERE Id = {_guest.ViewerId}"));
        Assert.Equal((3, 27L), CountsOf(1));
        Assert.Equal((3, 9L), CountsOf(2));
        Assert.Equal((2, 16L), CountsOf(3));
        await Assert.ThrowsAsync<AccessDeniedException>(() => _ratings.RateAsync(_guest, 1, 5));
    }

    [Fact]
    public async Task ManyAtOnceLoseNothing()
    {
        var viewers = new List<Caller>();
        for (var i = 0; i < 8; i++) viewers.Add(await _store.NewGuestAsync());
        var start = Revision();
        await Parallel.ForEachAsync(Enumerable.Range(0, 120), async (i, cancellationToken) => await _ratings.RateAsync(viewers[i % 8], 1 + (i / 8 % 3), 0.5 + (i % 10 * 0.5), cancellationToken: cancellationToken));
        Assert.Equal(start + 120, Revision());
        Assert.Equal(24, _store.Count("SELECT COUNT(*) FROM Ratings WHERE ViewerId > 1000000000"));
        Assert.Equal(10, CountsOf(1).Ratings);
    }

    public async Task DisposeAsync() => await _store.DisposeAsync();

    long Revision() => _store.Count($"SELECT Value FROM StoreStates WHERE Name = '{StoreState.RatingsRevision}'");

    /// <summary>Number and half stars of a film's ratings: on disk, and the same in memory.</summary>
    (int Ratings, long Halves) CountsOf(int movieId)
    {
        var (count, halves) = ((int)_store.Count($"SELECT RatingCount FROM Movies WHERE Id = {movieId}"), _store.Count($"SELECT RatingHalves FROM Movies WHERE Id = {movieId}"));
        Assert.Equal(count, _store.Count($"SELECT COUNT(*) FROM Ratings WHERE MovieId = {movieId}"));
        Assert.Equal(halves, _store.Count($"SELECT SUM(HalfStars) FROM Ratings WHERE MovieId = {movieId}"));
        var film = _store.Get<MovieCatalog>().Get(movieId);
        Assert.Equal((count, halves / 2.0 / count), (film.RatingCount, film.AverageStars));
        return (count, halves);
    }
}
