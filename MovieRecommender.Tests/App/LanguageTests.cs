using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using MovieRecommender.Tests.Shell.Languages;

namespace MovieRecommender.Tests.App;

/// <summary>The started app answers in the language of who asks.</summary>
[Collection(DemoAppTests.Name)]
public sealed partial class LanguageTests(DemoApp demo)
{
    static readonly string[] Pages =
    [
        "/", "/browse", "/browse?q=zzzzzz", "/film/1", "/ratings", "/ratings/import", "/taste", "/watchlist", "/watchlist/revoked", "/night", "/night/nobody",
        "/about", "/account", "/account/sign-in", "/account/sign-in/code", "/account/sign-up", "/account/forgot", "/account/reset?code=used", "/error", "/nowhere",
    ];

    /// <summary>Names, and words that are German too.</summary>
    static readonly HashSet<string> Same = [.. TextTests.Read("Text.de.resx").Concat(TextTests.Read("Genres.de.resx")).Where(pair => pair.Key == pair.Value).Select(pair => pair.Value), "MovieRecommender", "IMDb", "TMDB"];

    [Fact]
    public async Task AGermanBrowserReadsGermanUntilItsPersonChoosesEnglish()
    {
        using var browser = NewClient("de-AT,de;q=0.8,en;q=0.3");
        var page = await browser.GetStringAsync("/");
        Assert.Contains("<html lang=\"de\">", page, StringComparison.Ordinal);
        Assert.Contains("Deine Top 10", page, StringComparison.Ordinal);
        Assert.Matches(Stars(), page);
        Assert.Contains("Diesen Platz gibt es nicht", await (await browser.GetAsync("/nowhere")).Content.ReadAsStringAsync(), StringComparison.Ordinal);

        using (var chosen = await ChooseAsync(browser, "en", "/browse?q=alien"))
        {
            Assert.Equal("/browse?q=alien", chosen.Headers.Location?.ToString());
            Assert.Contains("httponly", chosen.Headers.GetValues("Set-Cookie").Single(), StringComparison.OrdinalIgnoreCase);
        }
        Assert.Contains("<html lang=\"en\">", await browser.GetStringAsync("/"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("fr")]
    public async Task WhoAsksForNoneWeHaveReadsEnglish(string? asked)
    {
        using var browser = NewClient(asked);
        var page = await browser.GetStringAsync("/");
        Assert.Contains("<html lang=\"en\">", page, StringComparison.Ordinal);
        Assert.Contains("Your top 10", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("fr", "/", HttpStatusCode.BadRequest, null)]
    [InlineData("de", "//elsewhere.example", HttpStatusCode.Found, "/")]
    public async Task AChoiceIsOneOfOursAndLeadsNowhereElse(string language, string returnUrl, HttpStatusCode status, string? location)
    {
        using var browser = NewClient(null);
        using var answer = await ChooseAsync(browser, language, returnUrl);
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal(location, answer.Headers.Location?.ToString());
    }

    /// <summary>Programs read one language, and numbers with a point.</summary>
    [Fact]
    public async Task TheApiStaysEnglish()
    {
        using var client = NewClient("de");
        using var missing = await client.GetAsync("/api/v1/movies/999999999");
        Assert.Contains("There is no film with the id 999999999.", await missing.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Matches("\"averageStars\":\\d\\.\\d", await client.GetStringAsync("/api/v1/movies/1"));
    }

    /// <summary>Every page with all it has, in both languages: what reads the same in both has been left out.</summary>
    [Fact]
    public async Task NothingOnAPageStaysEnglish()
    {
        using var browser = demo.App.NewClient();
        using (var signedUp = await browser.SignUpAsync($"{Guid.NewGuid():N}@example.org", "a quiet seat at the back")) Assert.Equal(HttpStatusCode.Found, signedUp.StatusCode);
        for (var film = 1; film <= 6; film++)
            using (await browser.PutAsJsonAsync($"/api/v1/me/ratings/{film}", new { stars = 4.5 })) { }
        var left = new List<string>();
        foreach (var path in Pages)
        {
            var english = await TextsAsync(browser, path, "en");
            var german = await TextsAsync(browser, path, "de");
            Assert.NotEmpty(german);
            left.AddRange(german.Intersect(english, StringComparer.Ordinal).Select(text => $"{path}: {text}"));
        }
        Assert.True(left.Count == 0, string.Join(Environment.NewLine, left));
    }

    /// <summary>What people read or hear on a page, without films, names and words that are German too.</summary>
    static async Task<HashSet<string>> TextsAsync(HttpClient browser, string path, string language)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Accept-Language", language);
        using var answer = await browser.SendAsync(request);
        var page = new HtmlParser().ParseDocument(await answer.Content.ReadAsStringAsync());
        foreach (var element in page.QuerySelectorAll("script, style, svg, blockquote, code, .tc, .tag, .languages, h1, a[href^='/film/'], a[href^='licences/'], a[title], input[readonly], #provider").Where(element => element.LocalName != "h1" || path.StartsWith("/film/", StringComparison.Ordinal)))
            element.Remove();
        var read = page.Body!.Descendants<IText>().Select(text => text.Data);
        var heard = page.QuerySelectorAll("[aria-label], [title], [placeholder]").SelectMany(element => new[] { element.GetAttribute("aria-label"), element.GetAttribute("title"), element.GetAttribute("placeholder") });
        return [.. read.Concat(heard).SelectMany(text => (text ?? "").Split(" · ")).SelectMany(text => text.Split(", ")).Select(text => text.Trim())
            .Where(text => Word().IsMatch(text) && !Same.Contains(text) && !text.Contains('@', StringComparison.Ordinal))];
    }

    static Task<HttpResponseMessage> ChooseAsync(HttpClient browser, string language, string returnUrl)
        => browser.PostAsync("/language", new FormUrlEncodedContent([new("language", language), new("returnUrl", returnUrl)]));

    HttpClient NewClient(string? asked)
    {
        var client = demo.App.NewClient();
        if (asked is not null) client.DefaultRequestHeaders.Add("Accept-Language", asked);
        return client;
    }

    [GeneratedRegex(@"\p{L}{2}", RegexOptions.None, 1000)]
    private static partial Regex Word();

    [GeneratedRegex(@"<b class=""num"" aria-hidden=""true"">\d,\d</b>", RegexOptions.None, 1000)]
    private static partial Regex Stars();
}
