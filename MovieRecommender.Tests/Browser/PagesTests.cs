using System.Net.Http.Json;
using Deque.AxeCore.Commons;
using Microsoft.Playwright;
using MovieRecommender.Tests.App;

namespace MovieRecommender.Tests.Browser;

/// <summary>Every page, on a small phone and a desktop, in the light and in the dark: nothing sideways, nothing from elsewhere, nothing axe objects to.</summary>
[Collection(DemoAppTests.Name)]
public sealed class PagesTests(DemoApp demo, Chromium chromium) : IClassFixture<Chromium>
{
    static readonly string[] Pages = ["/", "/browse", "/browse?q=zzzzzz", "/film/1", "/ratings", "/ratings/import", "/taste", "/watchlist", "/watchlist/revoked", "/night", "/night/nobody", "/about", "/account", "/account/sign-in", "/account/sign-up", "/account/openid/done", "/account/forgot", "/account/reset?code=used", "/admin", "/admin/data", "/admin/films", "/admin/training", "/admin/models", "/admin/people", "/admin/people?q=zzzzzz", "/admin/log", "/admin/check", "/nowhere"];
    const string Rules = "{ runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'], resultTypes: ['violations'] }";

    /// <summary>All that colours can get wrong.</summary>
    const string ColourRules = "{ runOnly: { type: 'rule', values: ['color-contrast'] }, resultTypes: ['violations'] }";

    // Called as it is: Deque's own RunAxe opens another page each time, for frames, of which there are none.
    static readonly string Axe = new BundledAxeScriptProvider().GetScript();

    [Fact]
    public async Task AreAccessibleFitTheScreenAndAskNobodyElse()
    {
        // Enough ratings that the pages show all they have.
        using var client = demo.App.NewClient(demo.AdminToken);
        for (var film = 1; film <= 6; film++)
            using (await client.PutAsJsonAsync($"/api/v1/me/ratings/{film}", new { stars = 4.5 })) { }
        var faults = await Task.WhenAll(FaultsAsync(360), FaultsAsync(1280));
        Assert.True(faults.All(of => of.Count == 0), string.Join(Environment.NewLine, faults.SelectMany(of => of)));
    }

    async Task<List<string>> FaultsAsync(int width)
    {
        await using var person = await chromium.NewPersonAsync(demo.App, width);
        var page = await person.NewPageAsync();
        await page.SignInAsync(DemoApp.AdminEmail, DemoApp.AdminPassword);
        var faults = new List<string>();
        var at = "";
        page.Request += (_, request) => { if (request.Url.StartsWith("http", StringComparison.Ordinal) && !request.Url.StartsWith(demo.App.Address.ToString(), StringComparison.Ordinal)) faults.Add($"{at} asks {request.Url}"); };
        page.PageError += (_, error) => faults.Add($"{at} script error: {error}");
        foreach (var path in Pages)
        {
            at = $"{path} at {width}";
            await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
            if (path.StartsWith("/account", StringComparison.Ordinal) || path == "/admin/check") await page.GotoAsync(path);
            else await page.GoAsync(path);
            var overhang = await page.EvaluateAsync<int>("document.documentElement.scrollWidth - innerWidth");
            if (overhang > 1) faults.Add($"{at} is {overhang} pixels too wide");
            faults.AddRange((await ViolationsAsync(page)).Select(violation => $"{at} {violation}"));
        }
        return faults;
    }

    /// <summary>What axe objects to on a page, in the light and in the dark.</summary>
    internal static async Task<IReadOnlyList<string>> ViolationsAsync(IPage page)
    {
        await page.EvaluateAsync(Axe);
        var found = new List<string>();
        foreach (var (scheme, rules) in new[] { (ColorScheme.Light, Rules), (ColorScheme.Dark, ColourRules) })
        {
            await page.EmulateMediaAsync(new() { ColorScheme = scheme });
            var violations = await page.EvaluateAsync<string[]>($"async () => (await axe.run(document, {rules})).violations.map(v => `${{v.id}}: ${{v.nodes[0].html}}`)");
            found.AddRange(violations.Select(violation => $"in the {scheme}, {violation}"));
        }
        return found;
    }

    /// <summary>German words are longer than English ones.</summary>
    [Fact]
    public async Task FitASmallPhoneInGermanToo()
    {
        await using var person = await chromium.NewPersonAsync(demo.App, width: 360);
        var page = await person.NewPageAsync();
        await page.SignInAsync(DemoApp.AdminEmail, DemoApp.AdminPassword);
        await person.AddCookiesAsync([new() { Name = "mr_language", Value = Uri.EscapeDataString("c=|uic=de"), Url = demo.App.Address.ToString() }]);
        var faults = new List<string>();
        foreach (var path in Pages.Where(path => !path.StartsWith("/admin", StringComparison.Ordinal)))
        {
            await page.GotoAsync(path);
            Assert.Equal("de", await page.Locator("html").GetAttributeAsync("lang"));
            var overhang = await page.EvaluateAsync<int>("document.documentElement.scrollWidth - innerWidth");
            if (overhang > 1) faults.Add($"{path} is {overhang} pixels too wide");
        }
        Assert.Empty(faults);
    }

    [Fact]
    public async Task FollowTheSystemBetweenLightAndDark()
    {
        await using var person = await chromium.NewPersonAsync(demo.App, dark: true);
        var page = await person.OpenAsync("/");
        const string Background = "getComputedStyle(document.body).backgroundColor";
        var dark = await page.EvaluateAsync<string>(Background);
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        Assert.NotEqual(dark, await page.EvaluateAsync<string>(Background));
    }
}
