using MovieRecommender.Domain;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Catalog;
using MovieRecommender.Domain.Curation;
using MovieRecommender.Domain.Ratings;
using MovieRecommender.Domain.Recommendations;
using MovieRecommender.Domain.Recommendations.Nights;
using MovieRecommender.Domain.Recommendations.Taste;
using MovieRecommender.Domain.Training;

namespace MovieRecommender.Tests.Recommendations;

/// <summary>Movie nights, marks and lists for several on a real store with the built-in films and a trained model.</summary>
public sealed class NightServiceTests(NightServiceTests.Trained trained) : IClassFixture<NightServiceTests.Trained>
{
    NightService Nights => trained.Store.Get<NightService>();

    MovieCatalog Catalog => trained.Store.Get<MovieCatalog>();

    [Fact]
    public async Task NobodyHasSeenWhatIsShownAndVetoesHold()
    {
        var (ana, ben) = (await PersonAsync("Alien", "Aliens"), await PersonAsync("Spirited Away", "My Neighbor Totoro"));
        var dismissed = Catalog.FindByTitle("The Godfather").Id;
        await trained.Store.Get<MarkService>().SetAsync(ben, dismissed, MarkKind.Dismissed);
        var code = await Nights.OpenAsync(ana, "Ana");
        await Nights.JoinAsync(ben, code, "Ben");
        await Nights.AddAsync(ana, code, "Chidi", [Catalog.FindByTitle("Amelie").Id]);

        var night = await Nights.ViewAsync(ben, code);
        Assert.Equal(["Ana", "Ben", "Chidi"], night.People.Select(person => person.Name));
        Assert.Equal("Ben", night.Me!.Name);
        Assert.Equal(10, night.Films.Count);
        var known = new[] { "Alien", "Aliens", "Spirited Away", "My Neighbor Totoro", "Amélie", "The Godfather" };
        Assert.DoesNotContain(night.Films, item => known.Contains(item.Film.Title));
        Assert.All(night.Films, item => Assert.Equal(3, item.Members.Count));
        Assert.All(night.Films, item => Assert.Equal(item.Members.Min(member => member.Fit), item.Least, 6));
        Assert.Equal(night.Films.Select(item => item.Score).OrderDescending(), night.Films.Select(item => item.Score));

        var first = night.Films[0].Film;
        await Nights.VetoAsync(ben, code, first.Id, veto: true);
        Assert.DoesNotContain((await Nights.ViewAsync(ana, code)).Films, item => item.Film == first);
        await Nights.VetoAsync(ana, code, first.Id, veto: false);
        Assert.Contains((await Nights.ViewAsync(ana, code)).Films, item => item.Film == first);
    }

    [Fact]
    public async Task APreviewShowsListsOfTheDataSetsPeopleAndOnesOwnOnly()
    {
        var preview = trained.Store.Get<VersionPreview>();
        var ana = await PersonAsync("Alien");
        var someone = (await preview.ExamplesAsync(Caller.Operator))[0];
        var lists = await preview.CompareAsync(Caller.Operator, 1, someone);
        Assert.Equal((10, 1), (lists.Version.Items.Count, lists.Live.Version));
        Assert.Equal(lists.Live.Items.Select(item => item.Film.Id), lists.Version.Items.Select(item => item.Film.Id));
        Assert.Equal(0, (await preview.CompareAsync(Caller.Operator, 1, null)).Ratings);
        Assert.Contains("theirs alone", (await Assert.ThrowsAsync<NotFoundException>(() => preview.CompareAsync(Caller.Operator, 1, ana.ViewerId))).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<NotFoundException>(() => preview.CompareAsync(Caller.Operator, 9, someone));
    }

    [Fact]
    public async Task AHiddenFilmIsOnNoListOfAnyKind()
    {
        var (films, recommendations) = (trained.Store.Get<FilmService>(), trained.Store.Get<RecommendationService>());
        var ana = await PersonAsync("Alien", "Aliens");
        var history = await trained.Store.Get<RatingService>().MineAsync(ana);
        var alien = Catalog.FindByTitle("Alien");
        var code = await Nights.OpenAsync(ana, "Ana");
        int[][] before = [.. await ListsAsync()];
        // The best of each kind of list goes.
        int[] hidden = [.. before.Select(list => list[0]).Distinct()];
        foreach (var id in hidden) await films.SetHiddenAsync(Caller.Operator, id, true);
        Assert.All(await ListsAsync(), list => Assert.Empty(list.Intersect(hidden)));
        Assert.All((await trained.Store.Get<TasteService>().MineAsync(ana))!.Map, point => Assert.DoesNotContain(point.Film.Id, hidden));
        Assert.Contains(films.List(Caller.Operator, null).Films, film => hidden.Contains(film.Id));
        foreach (var id in hidden) await films.SetHiddenAsync(Caller.Operator, id, false);
        Assert.Equal(before, await ListsAsync());

        async Task<IEnumerable<int[]>> ListsAsync() =>
        [
            [.. (await recommendations.MineAsync(ana, new())).Items.Select(item => item.Film.Id)],
            [.. recommendations.For(history, new() { Surprise = 1 }).Items.Select(item => item.Film.Id)],
            [.. recommendations.ForGroup([history, []], new()).Select(item => item.Film.Id)],
            [.. (await Nights.ViewAsync(ana, code)).Films.Select(item => item.Film.Id)],
            [.. recommendations.SimilarTo(alien, 10).Select(film => film.Id)],
            [.. Catalog.List(new()).Films.Select(film => film.Id)],
        ];
    }

    [Fact]
    public async Task WhatWasWatchedWaitsForEverybodysStars()
    {
        var (ana, ben) = (await PersonAsync("Alien"), await PersonAsync("Spirited Away"));
        var code = await Nights.OpenAsync(ana, "Ana");
        await Nights.JoinAsync(ben, code, "Ben");
        var film = (await Nights.ViewAsync(ana, code)).Films[0].Film;
        await Nights.WatchedAsync(ben, code, film.Id);
        Assert.Equal([film], await Nights.AwaitingStarsAsync(ana));
        Assert.Equal([film], await Nights.AwaitingStarsAsync(ben));
        await trained.Store.Get<RatingService>().RateAsync(ana, film.Id, 4);
        await trained.Store.Get<MarkService>().SetAsync(ben, film.Id, MarkKind.Watched);
        Assert.Empty(await Nights.AwaitingStarsAsync(ana));
        Assert.Empty(await Nights.AwaitingStarsAsync(ben));
        Assert.Empty(await Nights.AwaitingStarsAsync(Caller.Nobody));
    }

    [Fact]
    public async Task WhatWasWatchedIsOnNoListOfThoseWhoWereThere()
    {
        var (ana, ben) = (await PersonAsync("Alien"), await PersonAsync("Spirited Away"));
        var code = await Nights.OpenAsync(ana, "Ana");
        await Nights.JoinAsync(ben, code, "Ben");
        var film = (await Nights.ViewAsync(ana, code)).Films[0].Film;
        await Nights.WatchedAsync(ana, code, film.Id);
        Assert.DoesNotContain((await Nights.ViewAsync(ben, code)).Films, item => item.Film == film);
        var next = await Nights.OpenAsync(ben, "Ben");
        Assert.DoesNotContain((await Nights.ViewAsync(ben, next)).Films, item => item.Film == film);

        await Nights.WatchedAsync(ben, code, null);
        Assert.Equal(film, (await Nights.ViewAsync(ana, code)).Films[0].Film);
    }

    [Fact]
    public async Task WhoeverWasThereIsAskedForStarsAlsoAfterLeaving()
    {
        var (ana, ben, early) = (await PersonAsync("Alien"), await PersonAsync("Spirited Away"), await PersonAsync("Heat"));
        var code = await Nights.OpenAsync(ana, "Ana");
        await Nights.JoinAsync(ben, code, "Ben");
        await Nights.JoinAsync(early, code, "Zoe");
        await LeaveAsync(early);
        var night = await Nights.ViewAsync(ana, code);
        var film = night.Films[0].Film;
        await Nights.VetoAsync(ben, code, night.Films[1].Film.Id, veto: true);
        await Nights.WatchedAsync(ana, code, film.Id);
        await LeaveAsync(ben);

        Assert.Equal([film], await Nights.AwaitingStarsAsync(ben));
        Assert.Empty(await Nights.AwaitingStarsAsync(early));
        night = await Nights.ViewAsync(ben, code);
        Assert.Equal("Ana", Assert.Single(night.People).Name);
        Assert.Null(night.Me);
        Assert.Empty(night.Vetoed);
        Assert.Equal([ana.ViewerId!.Value], await Nights.ViewersAsync(code));
        await Assert.ThrowsAsync<AccessDeniedException>(() => Nights.WatchedAsync(ben, code, null));

        await Nights.JoinAsync(ben, code, "Ben again");
        Assert.Equal("Ben again", (await Nights.ViewAsync(ben, code)).Me!.Name);
        await LeaveAsync(ben);
        await Nights.WatchedAsync(ana, code, null);
        Assert.Empty(await Nights.AwaitingStarsAsync(ben));
        Assert.Empty(await Nights.MineAsync(ben));

        async Task LeaveAsync(Caller who) => await Nights.LeaveAsync(who, code, (await Nights.ViewAsync(who, code)).Me!.Id);
    }

    [Fact]
    public async Task WhatWasSaidToBeWatchedIsTakenBackToWhatWasSaidBefore()
    {
        var ana = await PersonAsync("Alien");
        var code = await Nights.OpenAsync(ana, "Ana");
        var (first, second) = (Catalog.FindByTitle("Heat"), Catalog.FindByTitle("Amelie"));
        Assert.Null(await Nights.WatchedAsync(ana, code, first.Id));
        Assert.Equal(first.Id, await Nights.WatchedAsync(ana, code, second.Id));
        await Nights.WatchedAsync(ana, code, first.Id);
        Assert.Equal([first], await Nights.AwaitingStarsAsync(ana));
        await Nights.WatchedAsync(ana, code, null);
        Assert.Empty(await Nights.AwaitingStarsAsync(ana));
        Assert.Null((await Nights.ViewAsync(ana, code)).Watched);
        Assert.Equal([code], (await Nights.MineAsync(ana)).Select(night => night.Code));
    }

    [Fact]
    public async Task OnlyThoseAtTheNightActAndNobodyForAnother()
    {
        var (ana, ben, stranger) = (await PersonAsync("Alien"), await PersonAsync("Spirited Away"), await PersonAsync("Heat"));
        var code = await Nights.OpenAsync(ana, "Ana");
        await Nights.JoinAsync(ben, code, "Ben");
        var night = await Nights.ViewAsync(stranger, code);
        Assert.Null(night.Me);
        await Assert.ThrowsAsync<AccessDeniedException>(() => Nights.VetoAsync(stranger, code, night.Films[0].Film.Id, veto: true));
        await Assert.ThrowsAsync<AccessDeniedException>(() => Nights.WatchedAsync(stranger, code, night.Films[0].Film.Id));
        await Assert.ThrowsAsync<AccessDeniedException>(() => Nights.AddAsync(stranger, code, "Eve", [night.Films[0].Film.Id]));
        await Assert.ThrowsAsync<AccessDeniedException>(() => Nights.LeaveAsync(ben, code, night.People[0].Id));
        await Assert.ThrowsAsync<NotFoundException>(() => Nights.JoinAsync(stranger, "nowhere", "Eve"));
        Assert.Equal(2, (await Nights.ViewAsync(ana, code)).People.Count);
    }

    [Fact]
    public async Task OnesNightsOfAWeekAreListedNewestFirstAndOnlyThose()
    {
        var (ana, ben) = (await PersonAsync("Alien"), await PersonAsync("Spirited Away"));
        var clock = trained.Store.Clock;
        var forgotten = await Nights.OpenAsync(ana, "Ana");
        clock.Now += TimeSpan.FromDays(6);
        var alone = await Nights.OpenAsync(ana, "Ana");
        clock.Now += TimeSpan.FromHours(30);
        var together = await Nights.OpenAsync(ben, "Ben");
        await Nights.AddAsync(ben, together, "Zoe", [Catalog.FindByTitle("Heat").Id]);
        await Nights.JoinAsync(ana, together, "Ana");
        clock.Now += TimeSpan.FromHours(1);
        var watched = await Nights.OpenAsync(ana, "Ana");
        await Nights.WatchedAsync(ana, watched, Catalog.FindByTitle("Heat").Id);

        var mine = await Nights.MineAsync(ana);
        Assert.Equal([watched, together, alone], mine.Select(night => night.Code));
        Assert.Equal(["Heat", null, null], mine.Select(night => night.Watched?.Title));
        Assert.Equal(["Ben", "Zoe"], mine[1].Others);
        Assert.Empty(mine[2].Others);
        Assert.DoesNotContain(mine, night => night.Code == forgotten);
        Assert.Equal([together], (await Nights.MineAsync(ben)).Select(night => night.Code));
        Assert.Empty(await Nights.MineAsync(await PersonAsync("Heat")));
        Assert.Empty(await Nights.MineAsync(Caller.Nobody));
    }

    [Fact]
    public async Task SixAreTheMostAndAnEmptyNightStaysInOrder()
    {
        var ana = await PersonAsync("Alien");
        var code = await Nights.OpenAsync(ana, "Ana");
        await Nights.JoinAsync(ana, code, "Ana again");
        var favourite = Catalog.FindByTitle("Heat").Id;
        for (var i = 0; i < 5; i++) await Nights.AddAsync(ana, code, $"Friend {i}", [favourite]);
        var error = await Assert.ThrowsAsync<InvalidInputException>(() => Nights.AddAsync(ana, code, "One too many", [favourite]));
        Assert.Contains("6 people", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<InvalidInputException>(() => Nights.AddAsync(ana, code, new string('x', 41), [favourite]));
        foreach (var person in (await Nights.ViewAsync(ana, code)).People.Reverse()) await Nights.LeaveAsync(ana, code, person.Id);
        Assert.Empty((await Nights.ViewAsync(ana, code)).Films);
    }

    [Fact]
    public async Task SeatsByFavouritesAreTakenAwayByWhoIsThereAndDoNotKeepANightGoing()
    {
        var (ana, ben, stranger) = (await PersonAsync("Alien"), await PersonAsync("Spirited Away"), await PersonAsync("Heat"));
        var code = await Nights.OpenAsync(ana, "Ana");
        await Nights.JoinAsync(ben, code, "Ben");
        foreach (var name in new[] { "Zoe", "Chidi" }) await Nights.AddAsync(ana, code, name, [Catalog.FindByTitle("Heat").Id]);
        var people = (await Nights.ViewAsync(ana, code)).People;
        Assert.Equal(["Zoe", "Chidi"], people.Where(person => person.ByFavourites).Select(person => person.Name));
        await Assert.ThrowsAsync<AccessDeniedException>(() => Nights.LeaveAsync(stranger, code, people[2].Id));
        await Nights.LeaveAsync(ben, code, people[2].Id);
        Assert.Equal(["Ana", "Ben", "Chidi"], (await Nights.ViewAsync(ana, code)).People.Select(person => person.Name));

        await Nights.LeaveAsync(ana, code, people[0].Id);
        Assert.False((await Nights.ViewAsync(ana, code)).EverybodyHasLeft);
        await Nights.LeaveAsync(ben, code, people[1].Id);
        var left = await Nights.ViewAsync(ana, code);
        Assert.True(left.EverybodyHasLeft);
        Assert.Empty(left.Films);
    }

    [Fact]
    public async Task AMissingNameIsAskedForInPlainWords()
    {
        var (ana, ben) = (await PersonAsync("Alien"), await PersonAsync("Spirited Away"));
        Assert.Equal("Tell the others what to call you.", (await Assert.ThrowsAsync<InvalidInputException>(() => Nights.OpenAsync(ana, " "))).Message);
        var code = await Nights.OpenAsync(ana, "Ana");
        Assert.Equal("Tell the others what to call you.", (await Assert.ThrowsAsync<InvalidInputException>(() => Nights.JoinAsync(ben, code, ""))).Message);
        Assert.Equal("Tell the others their name.", (await Assert.ThrowsAsync<InvalidInputException>(() => Nights.AddAsync(ana, code, "", [Catalog.FindByTitle("Heat").Id]))).Message);
    }

    [Fact]
    public async Task NotForMeIsNeverRecommendedAndHoldsBackItsLike()
    {
        var me = await PersonAsync("Alien", "Toy Story", "The Godfather");
        var recommendations = trained.Store.Get<RecommendationService>();
        var before = (await recommendations.MineAsync(me, new() { Count = 100 })).Items.Select(item => item.Film.Title).ToList();
        await trained.Store.Get<MarkService>().SetAsync(me, Catalog.FindByTitle("Aliens").Id, MarkKind.Dismissed);
        var after = (await recommendations.MineAsync(me, new() { Count = 100 })).Items.Select(item => item.Film.Title).ToList();
        Assert.Contains("Aliens", before);
        Assert.DoesNotContain("Aliens", after);
        var alike = recommendations.SimilarTo(Catalog.FindByTitle("Aliens"), 5).Select(film => film.Title).Where(before.Contains).ToList();
        Assert.True(alike.Sum(title => PlaceOf(after, title)) > alike.Sum(title => PlaceOf(before, title)), string.Join(", ", alike));
    }

    [Fact]
    public async Task LongerListsRepeatNothingAndSurprisesComeAgainFromTheirNumber()
    {
        var me = await PersonAsync("Alien", "Toy Story", "The Godfather");
        var recommendations = trained.Store.Get<RecommendationService>();
        var fifty = (await recommendations.MineAsync(me, new() { Count = 50 })).Items.Select(item => item.Film.Id).ToList();
        Assert.Equal(50, fifty.Distinct().Count());
        Assert.Equal(fifty.Take(10), (await recommendations.MineAsync(me, new())).Items.Select(item => item.Film.Id));
        var surprise = (await recommendations.MineAsync(me, new() { Surprise = 7 })).Items.Select(item => item.Film.Id).ToList();
        Assert.Equal(surprise, (await recommendations.MineAsync(me, new() { Surprise = 7 })).Items.Select(item => item.Film.Id));
        Assert.NotEqual(surprise, (await recommendations.MineAsync(me, new() { Surprise = 8 })).Items.Select(item => item.Film.Id));
        Assert.DoesNotContain((await recommendations.MineAsync(me, new() { WithoutGenre = "Drama", Count = 50 })).Items, item => item.Film.Genres.Contains("Drama"));
    }

    [Fact]
    public async Task TheCatalogueSortsByWhatSomeoneWouldLikeAndKeepsToItsFilters()
    {
        var me = await PersonAsync("Alien", "Aliens", "Blade Runner");
        var history = await trained.Store.Get<RatingService>().MineAsync(me);
        var films = Catalog.List(new() { Sort = FilmSort.Liking, Liking = trained.Store.Get<RecommendationService>().Liking(history), MinRatings = 20, PageSize = 20 }).Films;
        Assert.True(films.Count(film => film.Genres.Contains("Sci-Fi")) > 10);
        Assert.All(films, film => Assert.True(film.RatingCount >= 20));
    }

    static int PlaceOf(List<string> list, string title) => list.IndexOf(title) is >= 0 and var place ? place : list.Count;

    async Task<Caller> PersonAsync(params IEnumerable<string> loves)
    {
        var caller = await trained.Store.NewGuestAsync();
        foreach (var title in loves) await trained.Store.Get<RatingService>().RateAsync(caller, Catalog.FindByTitle(title).Id, 5);
        return caller;
    }

    /// <summary>A store on the built-in data, trained once for all tests here.</summary>
    public sealed class Trained : IAsyncLifetime
    {
        TestStore? _store;

        internal TestStore Store => _store ?? throw new InvalidOperationException("The store has not been made.");

        public async Task InitializeAsync()
        {
            _store = await TestStore.CreateAsync();
            await _store.ImportAsync("demo");
            var (run, _) = await _store.Get<TrainingService>().RequestAsync(Caller.Operator);
            await _store.Get<TrainingWorker>().CarryOutAsync(run, [], CancellationToken.None);
        }

        public async Task DisposeAsync()
        {
            if (_store is not null) await _store.DisposeAsync();
        }
    }
}
