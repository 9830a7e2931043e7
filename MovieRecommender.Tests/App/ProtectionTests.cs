using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;

namespace MovieRecommender.Tests.App;

/// <summary>What the started app tells browsers, and whom it does not listen to.</summary>
[Collection(DemoAppTests.Name)]
public sealed class ProtectionTests(DemoApp demo, TrainedStore trained) : IClassFixture<TrainedStore>
{
    const string Elsewhere = "https://elsewhere.example";

    [Theory]
    [InlineData("/")]
    [InlineData("/nowhere")]
    [InlineData("/account/sign-in")]
    [InlineData("/api/v1/movies/1")]
    [InlineData("/api/v1/me/ratings")]
    [InlineData("/look.css")]
    [InlineData("/health/live")]
    public async Task EveryAnswerIsGuarded(string path)
    {
        using var client = demo.App.NewClient();
        using var answer = await client.GetAsync(path);
        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("script-src 'unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("same-origin", Assert.Single(answer.Headers.GetValues("Referrer-Policy")));
        Assert.Equal("accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=()",
            Assert.Single(answer.Headers.GetValues("Permissions-Policy")));
        Assert.False(answer.Headers.Contains("Server"));
    }

    [Fact]
    public async Task PagesRunOnlyTheirOwnScripts()
    {
        using var client = demo.App.NewClient();
        using var answer = await client.GetAsync("/");
        var scripts = Assert.Single(answer.Headers.GetValues("Content-Security-Policy")).Split("; ").Single(directive => directive.StartsWith("script-src", StringComparison.Ordinal));
        Assert.All(scripts.Split(' ').Skip(1), source => Assert.True(source == "'self'" || source.StartsWith("'sha256-", StringComparison.Ordinal), source));
    }

    [Fact]
    public async Task AnotherSiteOpensNoConnectionInAVisitorsName()
    {
        var address = new UriBuilder(new Uri(demo.App.Address, "/_blazor")) { Scheme = "ws" }.Uri;
        using var foreign = new ClientWebSocket();
        foreign.Options.SetRequestHeader("Origin", Elsewhere);
        foreign.Options.CollectHttpResponseDetails = true;
        await Assert.ThrowsAsync<WebSocketException>(() => foreign.ConnectAsync(address, CancellationToken.None));
        Assert.Equal(HttpStatusCode.Forbidden, foreign.HttpStatusCode);

        using var own = new ClientWebSocket();
        own.Options.SetRequestHeader("Origin", demo.App.Address.GetLeftPart(UriPartial.Authority));
        await own.ConnectAsync(address, CancellationToken.None);
        Assert.Equal(WebSocketState.Open, own.State);
    }

    [Theory]
    [InlineData("Origin", Elsewhere)]
    [InlineData("Origin", "null")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    public async Task AnotherSiteChangesNothingInAVisitorsName(string header, string value)
    {
        using var client = demo.App.NewClient();
        using (var guest = await client.PostAsync("/guest", null)) Assert.True(guest.IsSuccessStatusCode);
        client.DefaultRequestHeaders.Add(header, value);
        using var put = await client.PutAsJsonAsync("/api/v1/me/ratings/1", new { stars = 3 });
        Assert.Equal(HttpStatusCode.Forbidden, put.StatusCode);
        using var signOut = await client.PostAsync("/account/sign-out", null);
        Assert.Equal(HttpStatusCode.Forbidden, signOut.StatusCode);
        using var read = await client.GetAsync("/api/v1/me/ratings");
        Assert.Equal(HttpStatusCode.OK, read.StatusCode);
    }

    [Fact]
    public async Task AFormWithoutItsTokenIsRefused()
    {
        using var client = demo.App.NewClient();
        using var answer = await client.PostAsync("/account/sign-in", new FormUrlEncodedContent(
            [new("_handler", "sign-in"), new("Input.Email", DemoApp.AdminEmail), new("Input.Password", DemoApp.AdminPassword)]));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        using var signOut = await client.PostAsync("/account/sign-out", null);
        Assert.Equal(HttpStatusCode.BadRequest, signOut.StatusCode);
    }

    [Fact]
    public async Task CookiesAreForThisSiteAndNotForScripts()
    {
        using var client = demo.App.NewClient();
        using var guest = await client.PostAsync("/guest", null);
        var cookie = Assert.Single(guest.Headers.GetValues("Set-Cookie"));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
        using var signedIn = await client.SignInAsync(DemoApp.AdminEmail, DemoApp.AdminPassword);
        Assert.All(signedIn.Headers.GetValues("Set-Cookie"), made =>
        {
            Assert.Contains("httponly", made, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("samesite=", made, StringComparison.OrdinalIgnoreCase);
        });
    }

    [Fact]
    public async Task OverHttpsEveryCookieIsForHttpsOnly()
    {
        await using var behindProxy = await AppProcess.StartAsync(trained.Copy(), "--Proxy:Trusted=127.0.0.1", "--Accounts:Registration=open");
        using var client = behindProxy.NewClient();
        client.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");
        // By hand, as this client's own jar holds such cookies back on plain HTTP.
        using var page = await client.GetAsync("/account/sign-up");
        client.DefaultRequestHeaders.Add("Cookie", page.Headers.GetValues("Set-Cookie").Select(cookie => cookie.Split(';')[0]));
        using var signedUp = await client.PostAsync("/account/sign-up", new FormUrlEncodedContent(
            [.. WebForm.FieldsOf(await page.Content.ReadAsStringAsync(), "sign-up"), new("Input.Email", "ana@example.org"), new("Input.Password", "a quiet seat at the back")]));
        Assert.Equal(HttpStatusCode.Found, signedUp.StatusCode);
        var cookies = page.Headers.GetValues("Set-Cookie").Concat(signedUp.Headers.GetValues("Set-Cookie")).ToList();
        Assert.Contains(cookies, cookie => cookie.StartsWith("mr_form=", StringComparison.Ordinal));
        Assert.Contains(cookies, cookie => cookie.StartsWith("mr_member=", StringComparison.Ordinal));
        Assert.All(cookies, cookie => Assert.Contains("secure", cookie, StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/film/1")]
    [InlineData("/look.css")]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    [InlineData("/api/v1/movies/1")]
    [InlineData("/nowhere")]
    public async Task AskingForTheHeadIsAnsweredLikeAskingForThePage(string path)
    {
        using var client = demo.App.NewClient();
        using var page = await client.GetAsync(path);
        using var head = await client.SendAsync(new(HttpMethod.Head, path));
        Assert.Equal(page.StatusCode, head.StatusCode);
        Assert.Equal(page.Content.Headers.ContentType, head.Content.Headers.ContentType);
        Assert.Equal(page.Headers.GetValues("Content-Security-Policy"), head.Headers.GetValues("Content-Security-Policy"));
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("/ratings", "/ratings")]
    [InlineData("//elsewhere.example", "/")]
    [InlineData("https://elsewhere.example", "/")]
    [InlineData("/\\elsewhere.example", "/")]
    [InlineData("/\t/elsewhere.example", "/")]
    public async Task SigningInNeverLeadsElsewhere(string returnUrl, string leadsTo)
    {
        using var client = demo.App.NewClient();
        using var answer = await client.SubmitAsync($"/account/sign-in?returnUrl={Uri.EscapeDataString(returnUrl)}", "sign-in",
            ("Input.Email", DemoApp.AdminEmail), ("Input.Password", DemoApp.AdminPassword));
        Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
        var location = new Uri(demo.App.Address, answer.Headers.Location!);
        Assert.Equal(new Uri(demo.App.Address, leadsTo), location);
    }

    [Fact]
    public async Task ABodyBeyondTheLimitIsRefused()
    {
        using var client = demo.App.NewClient();
        // Asks before it sends, so that the refusal is read and not the broken connection.
        client.DefaultRequestHeaders.ExpectContinue = true;
        using var answer = await client.PostAsync("/api/v1/recommendations", new ByteArrayContent(new byte[3 << 20]) { Headers = { ContentType = new("application/json") } });
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
    }

    [Fact]
    public async Task WhatAProxyForwardsIsBelievedOnlyFromATrustedOne()
    {
        await using var trusting = await AppProcess.StartAsync(trained.Copy(), "--Proxy:Trusted=127.0.0.1, 10.0.0.0/8");
        Assert.Contains("secure", await GuestCookieAsync(trusting), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("secure", await GuestCookieAsync(demo.App), StringComparison.OrdinalIgnoreCase);

        using var client = trusting.NewClient();
        client.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");
        client.DefaultRequestHeaders.Add("X-Forwarded-Host", "films.example");
        using var answer = await client.GetAsync("/about");
        Assert.Contains("max-age=", Assert.Single(answer.Headers.GetValues("Strict-Transport-Security")), StringComparison.Ordinal);

        static async Task<string> GuestCookieAsync(AppProcess app)
        {
            using var client = app.NewClient();
            client.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");
            using var guest = await client.PostAsync("/guest", null);
            return Assert.Single(guest.Headers.GetValues("Set-Cookie"));
        }
    }

    [Fact]
    public async Task AProxyThatIsNoAddressIsSaidInOneLine()
    {
        var (exit, _, error) = await AppProcess.RunAsync(["serve", $"--Storage:Directory={AppProcess.NewStore()}", "--urls=http://127.0.0.1:0", "--Proxy:Trusted=my-proxy"]);
        Assert.Equal(1, exit);
        Assert.Contains("Proxy:Trusted has 'my-proxy'", error, StringComparison.Ordinal);
    }
}
