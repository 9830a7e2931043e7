using Microsoft.Extensions.DependencyInjection;
using MovieRecommender.Domain;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Catalog;
using MovieRecommender.Domain.Curation;
using MovieRecommender.Domain.Imports;
using MovieRecommender.Domain.Models;
using MovieRecommender.Domain.Ratings;
using MovieRecommender.Domain.Recommendations.Nights;
using MovieRecommender.Domain.Training;
using MovieRecommender.Tests.Imports;
using MovieRecommender.Tests.Models;

namespace MovieRecommender.Tests.Curation;

/// <summary>The first real data set takes the demo's place; what people here did stays with the films they meant.</summary>
public abstract class DemoRemovalTests(long mostAtOnce) : IAsyncLifetime
{
    public sealed class AtOnce() : DemoRemovalTests(mostAtOnce: 1000);

    public sealed class ByAShadow() : DemoRemovalTests(mostAtOnce: 0);

    // Numbers of the demo's films.
    const int Metropolis = 2, ForbiddenPlanet = 3, DayTheEarthStoodStill = 4, Godzilla = 6, Jetee = 7;

    /// <summary>The demo's numbers under other titles, and some of the demo's films under other numbers.</summary>
    const string Movies = """
        movieId,title,genres
        1,Lanterns (1999),Drama|Sci-Fi
        2,"Silent Harbour, The (1954)",Film-Noir
        3,Metropolis (1927),Drama|Sci-Fi
        4,Godzilla (1998),Action
        5,"Jetty, The (Jetée, La) (1962)",Drama|Sci-Fi
        2010,"Day the Earth Stood Still, The (1951)",Drama
        2011,Godzilla (Gojira) (1954),Drama|Horror

        """;

    readonly SmallData _data = new();
    TestStore _store = null!;

    MovieCatalog Catalog => _store.Get<MovieCatalog>();

    ModelShelf Shelf => _store.Get<ModelShelf>();

    public async Task InitializeAsync()
    {
        _store = await TestStore.CreateAsync("Training:AfterChanges=0");
        await _store.ImportAsync("demo");
        _store.Get<DataImporter>().MostAtOnce = mostAtOnce;
    }

    [Fact]
    public async Task WhatPeopleHereDidStaysWithTheFilmsTheyMeant()
    {
        var zoe = await _store.NewGuestAsync();
        var ratings = _store.Get<RatingService>();
        await ratings.RateAsync(zoe, Metropolis, 4.5);
        await ratings.RateAsync(zoe, ForbiddenPlanet, 2);
        await ratings.RateAsync(zoe, Jetee, 5);
        await _store.Get<MarkService>().SetAsync(zoe, DayTheEarthStoodStill, MarkKind.Watchlist);
        await _store.Get<FilmService>().SetHiddenAsync(Caller.Operator, Godzilla, true);
        var own = await _store.Get<FilmService>().AddAsync(Caller.Operator, new("Our Holiday", 2024));
        await ratings.RateAsync(zoe, own.Id, 3);
        var nights = _store.Get<NightService>();
        var night = await nights.OpenAsync(zoe, "Zoe");
        await nights.AddAsync(zoe, night, "Grandpa", [Metropolis, ForbiddenPlanet]);
        await nights.VetoAsync(zoe, night, DayTheEarthStoodStill, veto: true);

        var result = await _store.ImportAsync(Folder());
        Assert.EndsWith("training begins anew.", result.ToString(), StringComparison.Ordinal);

        Assert.False(Catalog.IsSimulated);
        Assert.Equal(
            [(3, "Metropolis (1927)", 4.5), (5, "The Jetty (1962)", 5), (own.Id, "Our Holiday (2024)", 3), (own.Id + ForbiddenPlanet, "Forbidden Planet (1956)", 2)],
            (await ratings.MineAsync(zoe)).Select(rating => (Catalog.Get(rating.MovieId).Id, Catalog.Get(rating.MovieId).TitleAndYear, rating.Stars)).OrderBy(rating => rating.Id));
        Assert.Equal([(2010, MarkKind.Watchlist)], (await _store.Get<MarkService>().MineAsync(zoe)).Select(mark => (mark.Key, mark.Value)));
        Assert.Equal([2011], Catalog.Films.Where(film => film.IsHidden).Select(film => film.Id));
        Assert.Equal(1, _store.Count($"SELECT COUNT(*) FROM NightGuests WHERE Favourites = '3,{own.Id + ForbiddenPlanet}'"));
        Assert.Equal(2010, _store.Count("SELECT MovieId FROM NightVetoes"));
        // Seven new ones, their own, and the one they rated that the new data does not have.
        Assert.Equal(9, Catalog.Films.Count);
        Assert.Equal((2, 4.75), (Catalog.Get(3).RatingCount, Catalog.Get(3).AverageStars));
        Assert.Equal(1, Catalog.Get(own.Id + ForbiddenPlanet).RatingCount);
        Assert.Equal(3, _store.Count("SELECT COUNT(*) FROM Viewers"));
        Assert.Equal(7, _store.Count("SELECT COUNT(*) FROM Ratings"));
        _store.AssertSound();
        Assert.Equal(0, _store.Count("SELECT COUNT(*) FROM MovieTags"));

        Assert.False((await _store.ImportAsync(Folder())).TookTheDemosPlace);
        Assert.Equal(7, _store.Count("SELECT COUNT(*) FROM Ratings"));
    }

    [Fact]
    public async Task AFilmOfTheHouseThatWasMergedIntoTheDemosFollowsIt()
    {
        var films = _store.Get<FilmService>();
        var moved = await films.AddAsync(Caller.Operator, new("Metropolis, restored", 1927));
        await _store.Get<FilmMerger>().MergeAsync(Caller.Operator, moved.Id, Metropolis);
        var kept = await films.AddAsync(Caller.Operator, new("Forbidden Planet, restored", 1956));
        await _store.Get<FilmMerger>().MergeAsync(Caller.Operator, kept.Id, ForbiddenPlanet);
        await _store.Get<FilmMerger>().MergeAsync(Caller.Operator, 1, Godzilla);
        await _store.ImportAsync(Folder());
        Assert.Equal("Metropolis (1927)", Catalog.Get(moved.Id).TitleAndYear);
        Assert.Equal("Forbidden Planet (1956)", Catalog.Get(kept.Id).TitleAndYear);
        Assert.Equal("Lanterns (1999)", Catalog.Get(1).TitleAndYear);
    }

    [Fact]
    public async Task ItsVersionsKnowTheFilmsByTheirNewNumbersAndTrainingBeginsAnew()
    {
        await PublishAsync(1);
        await PublishAsync(2);
        var demos = _store.Get<LiveModel>().Current!;
        var underWay = await Shelf.NextVersionAsync();
        await _store.ImportAsync(Folder());
        var live = _store.Get<LiveModel>().Current!;
        Assert.Equal((2, demos.ItemOf(Metropolis), -1), (live.Version, live.ItemOf(3), live.ItemOf(1)));
        Assert.Equal(demos.MovieIds.Count, live.MovieIds.Count);
        await Shelf.PromoteAsync(Caller.Operator, 1);
        Assert.Equal(demos.ItemOf(DayTheEarthStoodStill), _store.Get<LiveModel>().Current!.ItemOf(2010));
        Assert.Equal(["1.model", "2.model"], ModelFiles());
        Assert.Equal("the new data", Assert.Single(await _store.Get<TrainingService>().ListAsync(Caller.Operator)).RequestedBy);

        // A run that began with the demo's films has nothing to publish any more.
        var error = await Assert.ThrowsAsync<InvalidInputException>(() => PublishAsync(underWay));
        Assert.Contains("has been replaced", error.Message, StringComparison.Ordinal);
        Assert.Equal(["1.model", "2.model"], ModelFiles());
        Assert.True(await PublishAsync(await Shelf.NextVersionAsync()));
    }

    [Fact]
    public async Task ARunUnderWayIsFollowedByAnother()
    {
        var training = _store.Get<TrainingService>();
        var (run, _) = await training.RequestAsync(Caller.Operator);
        await _store.ImportAsync(Folder());
        Assert.Single(await training.ListAsync(Caller.Operator));
        await training.CancelAsync(Caller.Operator, run.Id);
        await training.RequestIfDueAsync(CancellationToken.None);
        Assert.Equal("the new data", (await training.ListAsync(Caller.Operator))[0].RequestedBy);
        await training.CancelAsync(Caller.Operator, run.Id + 1);
        await training.RequestIfDueAsync(CancellationToken.None);
        Assert.Equal(2, (await training.ListAsync(Caller.Operator)).Count);
    }

    [Fact]
    public async Task AnotherProcessFollows()
    {
        await PublishAsync(1);
        var demos = _store.Get<LiveModel>().Current!;
        var theirs = ActivatorUtilities.CreateInstance<MovieCatalog>(_store.Services);
        await theirs.ReloadAsync();
        await _store.ImportAsync(Folder());
        Assert.Equal("Metropolis (1927)", theirs.Get(Metropolis).TitleAndYear);
        await theirs.FollowAsync(CancellationToken.None);
        Assert.Equal("The Silent Harbour (1954)", theirs.Get(Metropolis).TitleAndYear);
        _store.Get<LiveModel>().Swap(demos);
        Assert.Equal(1, await Shelf.LoadLiveAsync());
        Assert.Equal(demos.ItemOf(Metropolis), _store.Get<LiveModel>().Current!.ItemOf(3));
    }

    /// <summary>Stopped between the store's commit and the files' change of name.</summary>
    [Fact]
    public async Task AStopInBetweenLosesNothing()
    {
        await PublishAsync(1);
        var file = Path.Combine(_store.Paths.Models, "1.model");
        var demos = File.ReadAllBytes(file);
        await _store.ImportAsync(Folder());
        File.Move(file, file + ".renumbered");
        File.WriteAllBytes(file, demos);
        _store.Get<LiveModel>().Clear();
        Assert.Equal(1, await Shelf.LoadLiveAsync());
        Assert.Equal(Metropolis - 1, _store.Get<LiveModel>().Current!.ItemOf(3));
    }

    [Fact]
    public async Task DataThatFailsLeavesTheDemo()
    {
        var before = _store.Dump();
        await Assert.ThrowsAsync<NothingReadException>(() => _store.ImportAsync(_data.Folder(("movies.csv", Movies), ("ratings.csv", "userId,movieId,rating,timestamp\n1,2,9,1\n"))));
        Assert.Equal(before, _store.Dump());
    }

    [Fact]
    public async Task DataWithNumbersOfItsOwnStandsBesideTheDemo()
    {
        var films = Catalog.Films.Count;
        var result = await _store.ImportAsync(_data.Folder(("movies.csv", "movieId,title,genres\n900001,Lanterns (1999),Drama\n2,Metropolis (1927),Drama\n"), ("ratings.csv", "userId,movieId,rating,timestamp\n900001,900001,4,1\n900001,2,4,1\n")));
        Assert.False(result.TookTheDemosPlace);
        Assert.True(Catalog.IsSimulated);
        Assert.Equal(films + 1, Catalog.Films.Count);
    }

    [Fact]
    public async Task TheDemoComesIntoNoOtherData()
    {
        await _store.ImportAsync(Folder());
        var before = _store.Dump();
        var error = await Assert.ThrowsAsync<InvalidInputException>(() => _store.ImportAsync("demo"));
        Assert.Contains("empty store only", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, _store.Dump());
    }

    string Folder() => _data.Folder(("movies.csv", Movies), ("ratings.csv", "userId,movieId,rating,timestamp\n1,1,4,1\n1,3,5,1\n2,4,3,1\n"));

    IEnumerable<string?> ModelFiles() => Directory.GetFiles(_store.Paths.Models).Select(Path.GetFileName).Order(StringComparer.Ordinal);

    Task<bool> PublishAsync(int version)
        => Shelf.PublishAsync(ToyVersions.Model(version, firstMovie: 1), ToyVersions.Model(version, firstMovie: 1), (checksum, size) => ToyVersions.Row(version, checksum, size));

    public async Task DisposeAsync()
    {
        _data.Dispose();
        await _store.DisposeAsync();
    }
}
