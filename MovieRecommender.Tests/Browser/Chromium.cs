using Microsoft.Playwright;
using MovieRecommender.Tests.App;

namespace MovieRecommender.Tests.Browser;

/// <summary>One headless Chromium; every page opened here belongs to a person of its own, unless it joins another's session.</summary>
public sealed class Chromium : IAsyncLifetime
{
    static readonly string[] Arguments = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
    IPlaywright? _playwright;
    IBrowser? _browser;

    public async Task InitializeAsync()
    {
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium", Args = Arguments });
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
    }

    /// <summary>A new person's browser.</summary>
    public Task<IBrowserContext> NewPersonAsync(AppProcess app, int width = 1280, bool dark = false)
        => _browser!.NewContextAsync(new()
        {
            BaseURL = app.Address.ToString(),
            ViewportSize = new() { Width = width, Height = 900 },
            ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light,
        });
}

static class PageSteps
{
    /// <summary>Opens an address and waits until the page answers clicks.</summary>
    public static async Task<IPage> OpenAsync(this IBrowserContext person, string path)
    {
        var page = await person.NewPageAsync();
        await page.GoAsync(path);
        return page;
    }

    public static async Task GoAsync(this IPage page, string path)
    {
        await page.GotoAsync(path);
        await page.AnsweringAsync();
    }

    /// <summary>Waits until the page answers at once; it goes live when somebody moves.</summary>
    public static async Task AnsweringAsync(this IPage page)
    {
        await page.Mouse.MoveAsync(0, 1);
        await page.Mouse.MoveAsync(0, 0);
        await page.Locator("[data-interactive=true]").WaitForAsync(new() { State = WaitForSelectorState.Attached });
    }

    public static ILocator TopTen(this IPage page) => page.GetByRole(AriaRole.List, new() { Name = "Your top 10" });

    public static async Task<IReadOnlyList<string>> TopTitlesAsync(this IPage page) => await page.TopTen().GetByRole(AriaRole.Heading).AllTextContentsAsync();

    /// <summary>Clicks the stars as a finger would: the radios are see-through and lie over the drawing.</summary>
    public static Task RateAsync(this ILocator place, string stars)
        => place.GetByRole(AriaRole.Radio, new() { Name = stars, Exact = true }).ClickAsync();

    /// <summary>Finds a film on the browse page and rates it there.</summary>
    public static async Task RateByTitleAsync(this IPage page, string title, string stars)
    {
        await page.GetByRole(AriaRole.Searchbox, new() { Name = "Search movies" }).FillAsync(title);
        var film = page.GetByRole(AriaRole.List, new() { Name = "Films" }).GetByRole(AriaRole.Listitem).Filter(new() { Has = page.GetByRole(AriaRole.Link, new() { Name = title, Exact = true }) }).First;
        await film.GetByRole(AriaRole.Button, new() { Name = $"Rate {title}", Exact = true }).ClickAsync();
        await film.RateAsync(stars);
        await film.GetByRole(AriaRole.Button, new() { Name = $"your rating for {title}. Change" }).WaitForAsync();
        await film.GetByRole(AriaRole.Button, new() { Name = "Done" }).ClickAsync();
    }

    /// <param name="site">The address to do it at, where it is not the app's own.</param>
    public static async Task SignInAsync(this IPage page, string email, string password, string site = "/")
    {
        await page.GotoAsync(site + "account/sign-in");
        await page.GetByLabel("E-mail").FillAsync(email);
        await page.GetByLabel("Password").FillAsync(password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).WaitForAsync();
    }
}
