using System.Globalization;
using Microsoft.Playwright;

namespace MovieRecommender.Benchmarks.Web;

/// <summary>What an open page costs the server, and how soon a page answers a click, in a real browser.</summary>
static class Pages
{
    const int Tabs = 20;
    const int Clicks = 15;
    const string LoveSciFi = "2571 260 1196 541 589";

    static readonly string[] Paths = ["/browse", "/", "/film/1", "/taste", "/admin"];

    /// <summary>Presses an element and resolves with the milliseconds until something inside another one has changed.</summary>
    const string TimeToChange = """
        ([press, watch]) => new Promise(resolve => {
            const target = document.querySelector(press), seen = document.querySelector(watch);
            const start = performance.now();
            const observer = new MutationObserver(() => { observer.disconnect(); requestAnimationFrame(() => resolve(performance.now() - start)); });
            observer.observe(seen, { childList: true, subtree: true, characterData: true });
            target.click();
        })
        """;

    internal static readonly BrowserTypeLaunchOptions Chromium = new()
    {
        ExecutablePath = Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium",
        Args = ["--no-sandbox", "--disable-gpu", "--renderer-process-limit=2"],
    };

    internal static async Task<int> RunAsync(string folder, string[] paths)
    {
        Console.WriteLine(Machine.Describe());
        await using var app = await RunningApp.StartAsync(folder);
        using (var admin = app.NewClient(app.Token))
        {
            foreach (var film in LoveSciFi.Split(' '))
                using (await admin.PutAsync($"/api/v1/me/ratings/{film}", new StringContent("{\"stars\":4.5}", System.Text.Encoding.UTF8, "application/json"))) { }
        }
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(Chromium);
        await using var person = await browser.NewContextAsync(new() { BaseURL = app.Address.ToString(), ViewportSize = new() { Width = 1280, Height = 900 } });
        var first = await SignInAsync(person);
        await AnswersAsync(first);
        await UntilAllIsClosedAsync(app, [first]);
        Console.WriteLine($"Heap per open page, live bytes after full collections, {Tabs} pages open at a time:");
        foreach (var path in paths.Length > 0 ? paths : Paths) await HeapAsync(app, person, path);
        return 0;
    }

    static async Task AnswersAsync(IPage page)
    {
        await OpenAsync(page, "/browse");
        await TimeAsync("click on a film's Rate until its stars show", () => ClickRateAsync(page));

        await OpenAsync(page, "/");
        await TimeAsync("\"Not for me\" on the first pick until the new top 10 shows", async () =>
        {
            var gone = await page.Locator("[aria-label='Your top 10'] h2").First.TextContentAsync();
            var milliseconds = await page.EvaluateAsync<double>(TimeToChange, new[] { "[aria-label='Your top 10'] li button[aria-label^='Not for me']", "[aria-label='Your top 10']" });
            await Assertions.Expect(page.Locator("[aria-label='Your top 10'] h2").First).Not.ToHaveTextAsync(gone!);
            return milliseconds;
        });
        await TimeAsync("five stars for the first pick until the new top 10 shows", async () =>
        {
            var row = page.Locator("[aria-label='Your top 10'] > li").First;
            var gone = await row.Locator("h2").TextContentAsync();
            await row.GetByRole(AriaRole.Button, new() { Name = "Seen it" }).ClickAsync();
            await row.GetByRole(AriaRole.Radio, new() { Name = "5 stars", Exact = true }).WaitForAsync(new() { State = WaitForSelectorState.Attached });
            var milliseconds = await page.EvaluateAsync<double>(TimeToChange, new[] { "[aria-label='Your top 10'] > li input[type=radio][value='5']", "[aria-label='Your top 10']" });
            await Assertions.Expect(page.Locator("[aria-label='Your top 10'] h2").First).Not.ToHaveTextAsync(gone!);
            return milliseconds;
        });
    }

    internal static async Task<IPage> SignInAsync(IBrowserContext person)
    {
        var page = await person.NewPageAsync();
        await page.GotoAsync("/account/sign-in");
        await page.GetByLabel("E-mail").FillAsync(RunningApp.Email);
        await page.GetByLabel("Password").FillAsync(RunningApp.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).WaitForAsync();
        return page;
    }

    /// <summary>Milliseconds from a click on a film's Rate until its stars show, on the browse page.</summary>
    internal static async Task<double> ClickRateAsync(IPage page)
    {
        var milliseconds = await page.EvaluateAsync<double>(TimeToChange, new[] { "[aria-label='Films'] button[aria-label^='Rate ']", "[aria-label='Films']" });
        await page.GetByRole(AriaRole.Button, new() { Name = "Done" }).First.ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Done" }).First.WaitForAsync(new() { State = WaitForSelectorState.Detached });
        return milliseconds;
    }

    static async Task HeapAsync(RunningApp app, IBrowserContext person, string path)
    {
        // What is made once, for the first visitors, is not this page's.
        await UntilAllIsClosedAsync(app, await OpenTabsAsync(person, path, 5));
        var before = await app.LiveBytesAsync();
        var tabs = await OpenTabsAsync(person, path, Tabs);
        var open = await app.LiveBytesAsync();
        await UntilAllIsClosedAsync(app, tabs);
        var after = await app.LiveBytesAsync();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{path,-10} {(open - Math.Min(before, after)) / Tabs / 1e6:0.000} MB (base {before / 1e6:0.0} MB before, {after / 1e6:0.0} after; {open / 1e6:0.0} with them)"));
    }

    static async Task<List<IPage>> OpenTabsAsync(IBrowserContext person, string path, int count)
    {
        var tabs = new List<IPage>();
        for (var i = 0; i < count; i++)
        {
            tabs.Add(await person.NewPageAsync());
            await OpenAsync(tabs[^1], path);
        }
        return tabs;
    }

    static async Task UntilAllIsClosedAsync(RunningApp app, List<IPage> tabs)
    {
        // Leaving a page tells the server at once; a closed tab would be missed only minutes later.
        foreach (var tab in tabs)
        {
            await tab.GotoAsync("about:blank");
            await tab.CloseAsync();
        }
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (await app.OpenPagesAsync() > 0) await timer.WaitForNextTickAsync();
    }

    internal static async Task OpenAsync(IPage page, string path)
    {
        await page.GotoAsync(path);
        // It goes live when somebody moves.
        await page.Mouse.MoveAsync(0, 1);
        await page.Mouse.MoveAsync(0, 0);
        await page.Locator("[data-interactive=true]").WaitForAsync(new() { State = WaitForSelectorState.Attached });
    }

    static async Task TimeAsync(string what, Func<Task<double>> once)
    {
        var times = new List<double>();
        for (var i = 0; i < Clicks; i++) times.Add(await once());
        times.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: median {times[Clicks / 2]:0} ms ({times[0]:0}–{times[^1]:0}, {Clicks} times)"));
    }
}
