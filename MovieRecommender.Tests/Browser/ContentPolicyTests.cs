using Microsoft.Playwright;
using MovieRecommender.Tests.App;

namespace MovieRecommender.Tests.Browser;

/// <summary>The content policy in a real browser: no page offends against it, and it does hold what it forbids.</summary>
[Collection(DemoAppTests.Name)]
public sealed class ContentPolicyTests(DemoApp demo, Chromium chromium) : IClassFixture<Chromium>
{
    static readonly string[] Pages = ["/", "/browse", "/film/1", "/ratings", "/ratings/import", "/taste", "/watchlist", "/watchlist/revoked", "/night", "/night/nobody", "/setup", "/error", "/not-found", "/about", "/account", "/account/sign-in", "/account/sign-in/code", "/account/sign-up", "/account/openid/done", "/account/forgot", "/account/reset?code=used", "/admin", "/admin/data", "/admin/films", "/admin/training", "/admin/models", "/admin/people", "/admin/people?q=zzzzzz", "/admin/log", "/admin/check", "/docs/api/", "/nowhere"];

    [Fact]
    public void NoPageIsLeftOut()
    {
        var visited = Pages.Select(page => page.Split('?')[0].Split('/')).ToList();
        var missing = AuthorizationMatrixTests.PageRoutes.Select(route => route.Split('/')).Where(route => !visited.Exists(page =>
            page.Length == route.Length && page.Zip(route).All(pair => pair.First == pair.Second || pair.Second.StartsWith('{')))).ToList();
        Assert.Empty(missing);
    }

    [Fact]
    public async Task NoPageOffendsAndAPlantedScriptDoes()
    {
        await using var person = await chromium.NewPersonAsync(demo.App);
        await person.AddInitScriptAsync("document.addEventListener('securitypolicyviolation', e => console.error('policy: ' + e.violatedDirective + ' ' + e.blockedURI))");
        var page = await person.NewPageAsync();
        var offences = new List<string>();
        page.Console += (_, message) => { if (message.Text.Contains("policy:", StringComparison.Ordinal) || message.Text.Contains("Content Security Policy", StringComparison.Ordinal)) offences.Add($"{page.Url} {message.Text}"); };
        await page.SignInAsync(DemoApp.AdminEmail, DemoApp.AdminPassword);
        foreach (var path in Pages)
        {
            if (path.StartsWith("/account", StringComparison.Ordinal) || path is "/admin/check" or "/setup" or "/error" || path.StartsWith("/docs", StringComparison.Ordinal)) await page.GotoAsync(path, new() { WaitUntil = WaitUntilState.NetworkIdle });
            else await page.GoAsync(path);
        }
        Assert.True(offences.Count == 0, string.Join(Environment.NewLine, offences));

        var refused = page.WaitForConsoleMessageAsync(new() { Predicate = message => message.Text.StartsWith("policy: script-src", StringComparison.Ordinal) });
        await page.EvaluateAsync("document.body.append(Object.assign(document.createElement('script'), { textContent: 'window.planted = true' }))");
        await refused;
        Assert.False(await page.EvaluateAsync<bool>("window.planted === true"));
    }

    [Fact]
    public async Task NoOtherSiteMayFrameAPage()
    {
        await using var person = await chromium.NewPersonAsync(demo.App);
        var page = await person.NewPageAsync();
        var refused = page.WaitForConsoleMessageAsync(new() { Predicate = message => message.Text.Contains("frame-ancestors", StringComparison.Ordinal) || message.Text.Contains("X-Frame-Options", StringComparison.Ordinal) });
        await page.SetContentAsync($"<iframe src=\"{demo.App.Address}about\"></iframe>");
        await refused;
    }
}
