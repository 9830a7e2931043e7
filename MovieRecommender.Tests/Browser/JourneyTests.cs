using System.Net.Http.Json;
using Microsoft.Playwright;
using MovieRecommender.Tests.App;

namespace MovieRecommender.Tests.Browser;

/// <summary>What people do, done in a real browser against the started app.</summary>
[Collection(DemoAppTests.Name)]
public sealed class JourneyTests(DemoApp demo, Chromium chromium) : IClassFixture<Chromium>
{
    [Fact]
    public async Task RatingAFilmMovesTheListInBothTabsAndUndoBringsItBack()
    {
        await using var person = await chromium.NewPersonAsync(demo.App);
        var page = await person.OpenAsync("/browse");
        await page.RateByTitleAsync("Alien", "5 stars");
        await page.RateByTitleAsync("Blade Runner", "4.5 stars");
        await page.GoAsync("/");
        var other = await person.OpenAsync("/");
        var before = await page.TopTitlesAsync();
        Assert.Equal(10, before.Count);
        Assert.DoesNotContain("Alien", before);

        var first = page.TopTen().GetByRole(AriaRole.Listitem).First;
        await first.GetByRole(AriaRole.Button, new() { Name = $"Seen it: rate {before[0]}" }).ClickAsync();
        await first.RateAsync("5 stars");
        foreach (var tab in new[] { page, other })
            await Assertions.Expect(tab.TopTen().GetByRole(AriaRole.Heading, new() { Name = before[0], Exact = true })).ToHaveCountAsync(0);

        await page.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        foreach (var tab in new[] { page, other })
        {
            await Assertions.Expect(tab.TopTen().GetByRole(AriaRole.Heading).First).ToHaveTextAsync(before[0]);
            Assert.Equal(before, await tab.TopTitlesAsync());
        }
    }

    [Fact]
    public async Task KeysStepThroughTheStarsAndTheFilmStaysUntilTheNextIsAskedFor()
    {
        await using var person = await chromium.NewPersonAsync(demo.App);
        var page = await person.OpenAsync("/");
        var asked = page.Locator(".ask").GetByRole(AriaRole.Listitem);
        for (var answered = 1; answered <= 5; answered++)
        {
            var title = await asked.First.GetByRole(AriaRole.Heading).TextContentAsync();
            await asked.First.GetByRole(AriaRole.Radio, new() { Name = "0.5 stars" }).FocusAsync();
            foreach (var stars in new[] { "1 stars", "1.5 stars", "2 stars" })
            {
                await page.Keyboard.PressAsync("ArrowRight");
                var radio = asked.First.GetByRole(AriaRole.Radio, new() { Name = stars, Exact = true });
                await Assertions.Expect(radio).ToBeCheckedAsync();
                await Assertions.Expect(radio).ToBeFocusedAsync();
            }
            await page.GetByRole(AriaRole.Img, new() { Name = $"{answered} of" }).WaitForAsync();
            await Assertions.Expect(asked.First.GetByRole(AriaRole.Heading)).ToHaveTextAsync(title!);
            await asked.First.GetByRole(AriaRole.Button, new() { Name = "Next film" }).ClickAsync();
        }
        // The fifth answers all there was to ask.
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Ask me more" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task AFirstVisitNamesFilmsItLovesAndIsAskedMoreOnlyIfItLikes()
    {
        await using var person = await chromium.NewPersonAsync(demo.App);
        var page = await person.OpenAsync("/");
        await page.GetByRole(AriaRole.Heading, new() { Name = "Start with films you love" }).WaitForAsync();
        foreach (var (typed, title) in new[] { ("matrx", "The Matrix 1999"), ("ALIEN", "Alien 1979"), ("blade run", "Blade Runner 1982") })
        {
            await page.GetByRole(AriaRole.Searchbox, new() { Name = "A film you love" }).FillAsync(typed);
            await page.GetByRole(AriaRole.Button, new() { Name = $"I love {title}: five stars", Exact = true }).ClickAsync();
            await Assertions.Expect(page.GetByRole(AriaRole.Searchbox, new() { Name = "A film you love" })).ToHaveValueAsync("");
        }
        await page.GetByRole(AriaRole.Img, new() { Name = "3 of 5 ratings" }).WaitForAsync();
        var top = await page.TopTitlesAsync();
        Assert.Empty(top.Intersect(["The Matrix", "Alien", "Blade Runner"], StringComparer.Ordinal));
        await Assertions.Expect(page.TopTen().GetByRole(AriaRole.Listitem).First).ToContainTextAsync("Because you gave");

        for (var answered = 3; answered < 5; answered++)
        {
            await page.GetByRole(AriaRole.Img, new() { Name = $"{answered} of 5 ratings" }).WaitForAsync();
            await page.Locator(".ask").GetByRole(AriaRole.Listitem).First.RateAsync("4 stars");
        }
        await page.GetByRole(AriaRole.Button, new() { Name = "Ask me more" }).ClickAsync();
        await page.GetByRole(AriaRole.Img, new() { Name = "5 of 15 ratings" }).WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Enough for now" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Searchbox, new() { Name = "A film you love" })).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task WhatIsTypedBeforeThePageIsLiveStays()
    {
        await using var person = await chromium.NewPersonAsync(demo.App);
        var (page, goLive) = await NotYetLiveAsync(person, "/browse");
        var search = page.GetByRole(AriaRole.Searchbox, new() { Name = "Search movies" });
        await search.PressSequentiallyAsync("blade runner");
        goLive();
        await page.AnsweringAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.List, new() { Name = "Films" }).GetByRole(AriaRole.Listitem).First).ToContainTextAsync("Blade Runner");
        await Assertions.Expect(search).ToHaveValueAsync("blade runner");
        await Assertions.Expect(search).ToBeFocusedAsync();
    }

    [Fact]
    public async Task WhatIsPressedBeforeThePageIsLiveIsDoneWhenItIs()
    {
        await using var person = await chromium.NewPersonAsync(demo.App);
        var (page, goLive) = await NotYetLiveAsync(person, "/");
        var film = page.Locator(".ask").GetByRole(AriaRole.Listitem).Nth(2);
        var title = await film.GetByRole(AriaRole.Heading).InnerTextAsync();
        await film.RateAsync("4 stars");
        goLive();
        await page.AnsweringAsync();
        await page.GetByRole(AriaRole.Img, new() { Name = "1 of 5 ratings" }).WaitForAsync();
        await page.GoAsync("/ratings");
        await Assertions.Expect(page.GetByRole(AriaRole.Main)).ToContainTextAsync(title);
    }

    /// <summary>A page that is drawn, and goes live when told to.</summary>
    static async Task<(IPage Page, Action GoLive)> NotYetLiveAsync(IBrowserContext person, string path)
    {
        var page = await person.NewPageAsync();
        var told = new TaskCompletionSource();
        await page.RouteAsync("**/_blazor/negotiate*", async route =>
        {
            await told.Task;
            await route.ContinueAsync();
        });
        await page.GotoAsync(path);
        await Assertions.Expect(page.Locator("[data-interactive=false]")).ToHaveCountAsync(1);
        return (page, told.SetResult);
    }

    [Fact]
    public async Task SigningUpAndInKeepsAGuestsRatings()
    {
        var email = $"{Guid.NewGuid():N}@example.org";
        await using (var person = await chromium.NewPersonAsync(demo.App))
        {
            var page = await person.OpenAsync("/browse");
            await page.RateByTitleAsync("Spirited Away", "4.5 stars");
            await page.GotoAsync("/account/sign-up");
            await page.GetByLabel("E-mail").FillAsync(email);
            await page.GetByLabel("Password").FillAsync("a quiet seat at the back");
            await page.GetByRole(AriaRole.Button, new() { Name = "Sign up" }).ClickAsync();
            await page.AnsweringAsync();
            await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
            await page.GetByRole(AriaRole.Link, new() { Name = "Sign in" }).WaitForAsync();
        }

        await using var elsewhere = await chromium.NewPersonAsync(demo.App);
        var again = await elsewhere.OpenAsync("/browse");
        await again.GotoAsync("/admin");
        await again.GetByText("That page is for admins: sign in as one to see it.").WaitForAsync();
        await again.GoAsync("/browse");
        await again.RateByTitleAsync("Alien", "3 stars");
        await again.SignInAsync(email, "a quiet seat at the back");
        await again.GoAsync("/ratings");
        var rated = again.GetByRole(AriaRole.List, new() { Name = "Films you rated" }).GetByRole(AriaRole.Link);
        await Assertions.Expect(rated).ToHaveTextAsync(["Alien", "Spirited Away"]);

        await again.GotoAsync("/admin");
        await again.GetByText($"You are signed in as {email}. That page is for admins").WaitForAsync();
    }

    [Fact]
    public async Task TheFilmPageTellsWhatWasGuessedOnceAFilmIsRatedHereOrByAProgram()
    {
        await using var person = await chromium.NewPersonAsync(demo.App);
        var page = await person.OpenAsync("/browse");
        await page.RateByTitleAsync("Alien", "5 stars");
        await page.GoAsync("/film/1");
        await page.GetByRole(AriaRole.Button, new() { Name = "Show it anyway" }).WaitForAsync();
        await page.GetByRole(AriaRole.Radiogroup).RateAsync("4 stars");
        await page.GetByText("Our guess had been").WaitForAsync();

        using var program = demo.App.NewClient();
        program.DefaultRequestHeaders.Add("Cookie", string.Join("; ", (await person.CookiesAsync()).Where(cookie => cookie.Name == "mr_guest").Select(cookie => $"{cookie.Name}={cookie.Value}")));
        using (var rated = await program.PutAsJsonAsync("/api/v1/me/ratings/2", new { stars = 4 })) Assert.True(rated.IsSuccessStatusCode);
        await page.GoAsync("/film/2");
        await page.GetByText("Our guess had been").WaitForAsync();

        await page.GoAsync("/browse?sort=liking");
        await Assertions.Expect(page.GetByRole(AriaRole.List, new() { Name = "Films" }).GetByRole(AriaRole.Listitem).First).ToContainTextAsync("our guess");
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "Alien", Exact = true })).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task TheFirstKeyReachesTheWayPastTheNavigation()
    {
        await using var person = await chromium.NewPersonAsync(demo.App);
        var page = await person.OpenAsync("/");
        await page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "Skip to the content" })).ToBeFocusedAsync();
    }

    [Fact]
    public async Task WithoutAConnectionNothingCanBePressed()
    {
        await using var person = await chromium.NewPersonAsync(demo.App);
        var page = await person.NewPageAsync();
        IWebSocketRoute? connection = null;
        await page.RouteWebSocketAsync("**/_blazor*", route => (connection = route).ConnectToServer());
        await page.GoAsync("/browse");
        await page.RouteAsync("**/_blazor/**", route => route.AbortAsync());
        await connection!.CloseAsync();
        await page.GetByText("Connection lost. You can read on; trying again.").WaitForAsync();
        Assert.True(await page.Locator("main").EvaluateAsync<bool>("main => main.inert"));
        await page.UnrouteAsync("**/_blazor/**");
        await Assertions.Expect(page.Locator("main:not([inert])")).ToHaveCountAsync(1, new() { Timeout = 30_000 });
    }

    [Fact]
    public async Task TheKeyboardAloneFindsAndRatesAFilm()
    {
        await using var person = await chromium.NewPersonAsync(demo.App);
        var page = await person.OpenAsync("/browse");
        await page.GetByRole(AriaRole.Searchbox, new() { Name = "Search movies" }).FocusAsync();
        await page.Keyboard.TypeAsync("matrx");
        var film = page.GetByRole(AriaRole.Link, new() { Name = "The Matrix", Exact = true });
        await film.WaitForAsync();
        await film.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/film/*");
        // A new page takes the focus to its heading; a person's next key comes after that.
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeFocusedAsync();
        var stars = page.GetByRole(AriaRole.Radiogroup, new() { Name = "Your rating for The Matrix (1999)" });
        await stars.GetByRole(AriaRole.Radio).First.FocusAsync();
        await page.Keyboard.PressAsync("End");
        await Assertions.Expect(stars.GetByRole(AriaRole.Radio, new() { Name = "5 stars", Exact = true })).ToBeCheckedAsync();
        await page.Keyboard.PressAsync("Delete");
        await Assertions.Expect(stars.GetByRole(AriaRole.Radio, new() { Checked = true })).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task AChosenLanguageStaysWhileThePageIsOpenWhoeverChangesIt()
    {
        await using var person = await chromium.NewPersonAsync(demo.App);
        var page = await person.OpenAsync("/film/1");
        await page.GetByRole(AriaRole.Button, new() { Name = "Deutsch" }).ClickAsync();
        await page.Locator("html[lang=de]").WaitForAsync(new() { State = WaitForSelectorState.Attached });
        await page.AnsweringAsync();
        await page.GetByRole(AriaRole.Radio, new() { Name = "4,5 Sterne", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Rückgängig" }).WaitForAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Für dich" }).First.ClickAsync();
        await page.GetByText("Aus 1 Bewertung, also ein erster Versuch.").WaitForAsync();

        // The same person elsewhere, in English: their request draws this page anew.
        using var elsewhere = demo.App.NewClient();
        elsewhere.DefaultRequestHeaders.Add("Cookie", string.Join("; ", (await person.CookiesAsync()).Where(cookie => cookie.Name == "mr_guest").Select(cookie => $"{cookie.Name}={cookie.Value}")));
        elsewhere.DefaultRequestHeaders.Add("Accept-Language", "en");
        using (var rated = await elsewhere.PutAsJsonAsync("/api/v1/me/ratings/2", new { stars = 4 })) Assert.True(rated.IsSuccessStatusCode);
        await page.GetByText("Aus 2 Bewertungen, also ein erster Versuch.").WaitForAsync();
    }

    [Fact]
    public async Task DismissingAFilmTakesItOffTheListAndUndoBringsItBack()
    {
        await using var person = await chromium.NewPersonAsync(demo.App);
        var page = await person.OpenAsync("/browse");
        await page.RateByTitleAsync("Alien", "5 stars");
        await page.GoAsync("/");
        var before = await page.TopTitlesAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = $"Not for me: {before[1]}" }).ClickAsync();
        await Assertions.Expect(page.TopTen().GetByRole(AriaRole.Heading, new() { Name = before[1], Exact = true })).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await Assertions.Expect(page.TopTen().GetByRole(AriaRole.Heading)).ToHaveTextAsync(before);
    }

    [Fact]
    public async Task AWatchlistIsSharedByLinkUntilTheLinkIsRevoked()
    {
        await using var person = await chromium.NewPersonAsync(demo.App);
        var page = await person.OpenAsync("/");
        var title = (await page.TopTitlesAsync())[0];
        await page.GetByRole(AriaRole.Button, new() { Name = $"Add {title} to your watchlist" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = $"{title} is on your watchlist. Take it off" }).WaitForAsync();
        await page.GoAsync("/watchlist");
        await page.GetByRole(AriaRole.Button, new() { Name = "Make a link" }).ClickAsync();
        var link = await page.GetByLabel("Link to your watchlist").InputValueAsync();

        await using var friend = await chromium.NewPersonAsync(demo.App);
        var theirs = await friend.OpenAsync(link);
        await Assertions.Expect(theirs.GetByRole(AriaRole.List, new() { Name = "Films to see" }).GetByRole(AriaRole.Link)).ToHaveTextAsync([title]);
        await Assertions.Expect(theirs.GetByRole(AriaRole.Button, new() { Name = $"Take {title} off your watchlist" })).ToHaveCountAsync(0);

        await page.GetByRole(AriaRole.Button, new() { Name = "Revoke the link" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Make a link" }).WaitForAsync();
        await theirs.GoAsync(link);
        await Assertions.Expect(theirs.GetByText("This list is not shared any more")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task ALetterboxdZipComesInWithItsHalfStarsAndGoesBackInOneStep()
    {
        await using var person = await chromium.NewPersonAsync(demo.App);
        var page = await person.OpenAsync("/ratings/import");
        await page.GetByLabel("History file").SetInputFilesAsync(new FilePayload
        {
            Name = "letterboxd.zip",
            MimeType = "application/zip",
            Buffer = Ratings.HistoryFiles.Zip(("export/ratings.csv", "Date,Name,Year,Letterboxd URI,Rating\n2024-01-03,Alien,1979,u,4.5\n2024-01-04,The Matrix,1999,u,0.5\n")),
        });
        await page.GetByRole(AriaRole.Button, new() { Name = "Bring in 2 films" }).ClickAsync();
        await page.GetByText("2 films from Letterboxd came in.").WaitForAsync();

        var list = await person.OpenAsync("/ratings");
        await Assertions.Expect(list.GetByRole(AriaRole.Radiogroup, new() { Name = "Your rating for Alien (1979)" }).GetByRole(AriaRole.Radio, new() { Name = "4.5 stars", Exact = true })).ToBeCheckedAsync();
        await Assertions.Expect(list.GetByRole(AriaRole.Radiogroup, new() { Name = "Your rating for The Matrix (1999)" }).GetByRole(AriaRole.Radio, new() { Name = "0.5 stars", Exact = true })).ToBeCheckedAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await Assertions.Expect(list.GetByText("Your programme is still blank.")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task ThreeAtAMovieNightSeeOneListThatNobodyHasSeen()
    {
        await using var ana = await chromium.NewPersonAsync(demo.App);
        await using var ben = await chromium.NewPersonAsync(demo.App, width: 390);
        await using var chidi = await chromium.NewPersonAsync(demo.App, width: 390);
        var pages = new List<IPage>();
        foreach (var (person, title) in new[] { (ana, "Alien"), (ben, "Spirited Away"), (chidi, "The Godfather") })
        {
            var page = await person.OpenAsync("/browse");
            await page.RateByTitleAsync(title, "5 stars");
            pages.Add(page);
        }
        await pages[0].GoAsync("/night");
        await pages[0].GetByLabel("What the others call you").FillAsync("Ana");
        await pages[0].GetByRole(AriaRole.Button, new() { Name = "Open a night" }).DblClickAsync();
        var link = await pages[0].GetByLabel("Link to this movie night").InputValueAsync();
        await pages[0].GoAsync("/night");
        await pages[0].GetByRole(AriaRole.Region, new() { Name = "Your nights" }).GetByRole(AriaRole.Link).ClickAsync();
        await Assertions.Expect(pages[0].GetByLabel("Link to this movie night")).ToHaveValueAsync(link);
        foreach (var (page, name) in pages.Skip(1).Zip(["Ben", "Chidi"]))
        {
            await page.GoAsync(link);
            await page.GetByLabel("What the others call you").FillAsync(name);
            await page.GetByRole(AriaRole.Button, new() { Name = "Take a seat" }).ClickAsync();
        }
        foreach (var page in pages) await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "For the three of you" })).ToBeVisibleAsync();

        var films = pages[0].GetByRole(AriaRole.List, new() { Name = "Films for all of you" }).GetByRole(AriaRole.Heading);
        var before = await films.AllTextContentsAsync();
        Assert.Empty(await PagesTests.ViolationsAsync(pages[1]));
        Assert.Empty(before.Intersect(["Alien", "Spirited Away", "The Godfather"], StringComparer.Ordinal));
        var veto = pages[1].GetByRole(AriaRole.Button, new() { Name = $"Veto {before[0]}", Exact = true });
        await veto.ScrollIntoViewIfNeededAsync();
        var place = (await veto.BoundingBoxAsync())!;
        await veto.ClickAsync();
        await Assertions.Expect(films.First).ToHaveTextAsync(before[1]);
        // The second half of a double click falls on the film that has moved up.
        await pages[1].Mouse.MoveAsync(place.X + 9, place.Y + 9);
        await pages[1].Mouse.DownAsync(new() { ClickCount = 2 });
        await pages[1].Mouse.UpAsync(new() { ClickCount = 2 });
        await pages[1].GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await Assertions.Expect(films.First).ToHaveTextAsync(before[0]);
        await Assertions.Expect(films.Nth(1)).ToHaveTextAsync(before[1]);
        await veto.ClickAsync();
        await Assertions.Expect(films.First).ToHaveTextAsync(before[1]);
        var watched = pages[0].GetByText("Everybody’s start page asks for stars next time.");
        await pages[2].GetByRole(AriaRole.Button, new() { Name = $"We watched it: {before[1]}", Exact = true }).ClickAsync();
        await watched.WaitForAsync();
        await pages[2].GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await watched.WaitForAsync(new() { State = WaitForSelectorState.Detached });
        await pages[2].GetByRole(AriaRole.Button, new() { Name = $"We watched it: {before[1]}", Exact = true }).ClickAsync();
        await watched.WaitForAsync();
        await pages[0].GoAsync("/");
        Assert.DoesNotContain(before[1], await pages[0].TopTitlesAsync());
        await using var answer = await pages[0].Context.APIRequest.GetAsync(new Uri(demo.App.Address, "/api/v1/me/recommendations").ToString());
        Assert.DoesNotContain(before[1], (await answer.JsonAsync())!.Value.EnumerateArray().Select(film => film.GetProperty("title").GetString()));
        await Assertions.Expect(pages[0].GetByRole(AriaRole.Region, new() { Name = "Movie night" }).GetByRole(AriaRole.Heading)).ToHaveTextAsync(before[1]);
    }

    [Fact]
    public async Task AMovieNightOnAPhoneIsJoinedTidiedAndLeft()
    {
        await using var ana = await chromium.NewPersonAsync(demo.App, width: 390);
        await using var ben = await chromium.NewPersonAsync(demo.App, width: 390);
        var page = await ana.OpenAsync("/night");
        var name = page.GetByLabel("What the others call you");
        await page.GetByRole(AriaRole.Button, new() { Name = "Open a night" }).ClickAsync();
        Assert.True(await name.EvaluateAsync<bool>("field => field.validity.valueMissing"));
        await name.FillAsync("Ana");
        await page.GetByRole(AriaRole.Button, new() { Name = "Open a night" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "For you, so far" }).WaitForAsync();
        await page.GetByText("Add someone by their favourites").ClickAsync();
        await page.GetByLabel("Their name").FillAsync("Zoe");
        await page.GetByLabel("Films they love").FillAsync("Heat");
        await page.GetByRole(AriaRole.Button, new() { Name = "Heat (1995)" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Give them a seat" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "For the two of you" }).WaitForAsync();

        var other = await ben.OpenAsync(await page.GetByLabel("Link to this movie night").InputValueAsync());
        await other.GetByRole(AriaRole.Heading, new() { Name = "For those who have a seat" }).WaitForAsync();
        await Assertions.Expect(other.GetByRole(AriaRole.Button, new() { Name = "Remove Zoe" })).ToHaveCountAsync(0);
        await other.GetByLabel("What the others call you").FillAsync("Benjamin-Maximilian of the long corridor");
        await other.GetByRole(AriaRole.Button, new() { Name = "Take a seat" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "For the three of you" }).WaitForAsync();
        var captions = page.Locator(".seats .quiet");
        await Assertions.Expect(captions).ToHaveTextAsync(["(you)", "no stars", "free", "free", "free"]);
        Assert.InRange(await captions.EvaluateAllAsync<double>("all => Math.max(...all.map(one => one.getBoundingClientRect().height / parseFloat(getComputedStyle(one).lineHeight)))"), 0.9, 2.1);
        Assert.InRange(await page.Locator(".tx .who-is").EvaluateAllAsync<double>("all => Math.max(0, ...all.map(one => one.getBoundingClientRect().width))"), 0, 160);
        Assert.InRange(await page.EvaluateAsync<int>("document.documentElement.scrollWidth - innerWidth"), 0, 1);

        await other.GetByRole(AriaRole.Button, new() { Name = "Remove Zoe" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "For the two of you" }).WaitForAsync();
        foreach (var who in new[] { page, other }) await who.GetByRole(AriaRole.Button, new() { Name = "Leave this night" }).ClickAsync();
        foreach (var who in new[] { page, other }) await who.GetByRole(AriaRole.Heading, new() { Name = "Everybody has left" }).WaitForAsync();
    }
}
