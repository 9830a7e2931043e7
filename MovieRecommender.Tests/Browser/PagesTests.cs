using System.Net.Http.Json;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using MovieRecommender.Tests.App;

namespace MovieRecommender.Tests.Browser;

/// <summary>Every page, on a small phone and a desktop, in the light and in the dark: nothing sideways, nothing from elsewhere, nothing axe objects to.</summary>
[Collection(DemoAppTests.Name)]
public sealed class PagesTests(DemoApp demo, Chromium chromium) : IClassFixture<Chromium>
{
    static readonly string[] Pages = ["/", "/browse", "/browse?q=zzzzzz", "/film/1", "/ratings", "/ratings/import", "/taste", "/watchlist", "/watchlist/revoked", "/night", "/night/nobody", "/about", "/account/sign-in", "/account/sign-up", "/admin", "/admin/data", "/admin/models", "/nowhere"];
    static readonly AxeRunOptions Rules = new() { RunOnly = new() { Type = "tag", Values = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"] } };

    [Theory]
    [InlineData(360, false)]
    [InlineData(360, true)]
    [InlineData(1280, false)]
    [InlineData(1280, true)]
    public async Task AreAccessibleFitTheScreenAndAskNobodyElse(int width, bool dark)
    {
        await using var person = await chromium.NewPersonAsync(demo.App, width, dark);
        var page = await person.NewPageAsync();
        await page.SignInAsync(DemoApp.AdminEmail, DemoApp.AdminPassword);
        // Enough ratings that the pages show all they have.
        using var client = demo.App.NewClient(demo.AdminToken);
        for (var film = 1; film <= 6; film++)
            using (await client.PutAsJsonAsync($"/api/v1/me/ratings/{film}", new { stars = 4.5 })) { }
        var faults = new List<string>();
        var at = "";
        page.Request += (_, request) => { if (request.Url.StartsWith("http", StringComparison.Ordinal) && !request.Url.StartsWith(demo.App.Address.ToString(), StringComparison.Ordinal)) faults.Add($"{at} asks {request.Url}"); };
        page.PageError += (_, error) => faults.Add($"{at} script error: {error}");
        foreach (var path in Pages)
        {
            at = path;
            if (path.StartsWith("/account", StringComparison.Ordinal)) await page.GotoAsync(path);
            else await page.GoAsync(path);
            var overhang = await page.EvaluateAsync<int>("document.documentElement.scrollWidth - innerWidth");
            if (overhang > 1) faults.Add($"{path} is {overhang} pixels too wide");
            var seen = await page.RunAxe(Rules);
            faults.AddRange(seen.Violations.Select(violation => $"{path} {violation.Id}: {violation.Nodes[0].Html}"));
        }
        Assert.True(faults.Count == 0, string.Join(Environment.NewLine, faults));
    }
}
