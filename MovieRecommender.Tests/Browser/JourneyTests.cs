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
            await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).WaitForAsync();
            await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
            await page.GetByRole(AriaRole.Link, new() { Name = "Sign in" }).WaitForAsync();
        }

        await using var elsewhere = await chromium.NewPersonAsync(demo.App);
        var again = await elsewhere.OpenAsync("/browse");
        await again.RateByTitleAsync("Alien", "3 stars");
        await again.SignInAsync(email, "a quiet seat at the back");
        await again.GoAsync("/ratings");
        var rated = again.GetByRole(AriaRole.List, new() { Name = "Films you rated" }).GetByRole(AriaRole.Link);
        await Assertions.Expect(rated).ToHaveTextAsync(["Alien", "Spirited Away"]);
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
        var stars = page.GetByRole(AriaRole.Radiogroup, new() { Name = "Your rating for The Matrix (1999)" });
        await stars.GetByRole(AriaRole.Radio).First.FocusAsync();
        await page.Keyboard.PressAsync("End");
        await Assertions.Expect(stars.GetByRole(AriaRole.Radio, new() { Name = "5 stars", Exact = true })).ToBeCheckedAsync();
        await page.Keyboard.PressAsync("Delete");
        await Assertions.Expect(stars.GetByRole(AriaRole.Radio, new() { Checked = true })).ToHaveCountAsync(0);
    }
}
