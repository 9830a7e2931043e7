using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace MovieRecommender.Tests.App;

/// <summary>Signing in through a provider, as a browser without scripts does.</summary>
[Collection(DemoAppTests.Name)]
public sealed partial class ProviderTests(DemoApp demo)
{
    const string Password = "a quiet seat at the back";

    [Fact]
    public async Task SomebodyNewSignsUpAndComesBackToTheSameAccount()
    {
        demo.Provider.Person = ("sub-1", "club-1@example.org", true);
        using var browser = demo.App.NewClient();
        Assert.Contains("Use The Club", await browser.GetStringAsync("/account/sign-in"), StringComparison.Ordinal);
        await FollowAsync(browser, "/account/openid?returnUrl=/account");
        var account = await browser.GetStringAsync("/account");
        Assert.Contains("club-1@example.org", account, StringComparison.Ordinal);

        // It is the only way in.
        using (var kept = await browser.SubmitAsync("/account", "disconnect")) Assert.Contains("your only way in", await kept.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using (var first = await browser.SubmitAsync("/account", "password", ("Input.Wanted", Password))) Assert.Contains("The new password counts", await first.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using (var byPassword = demo.App.NewClient())
        using (var signedIn = await byPassword.SignInAsync("club-1@example.org", Password)) Assert.Equal(HttpStatusCode.Found, signedIn.StatusCode);
        // The provider's number counts, not the address.
        demo.Provider.Person = ("sub-1", "renamed@example.org", true);
        using var another = demo.App.NewClient();
        await FollowAsync(another, "/account/openid");
        Assert.Contains("club-1@example.org", await another.GetStringAsync("/account"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnAddressThatHasAnAccountIsNotTakenOverUntilItsOwnerConnects()
    {
        using var owner = demo.App.NewClient();
        using (await owner.SignUpAsync("club-2@example.org", Password)) { }
        demo.Provider.Person = ("sub-2", "club-2@example.org", true);
        using var other = demo.App.NewClient();
        Assert.Contains("club-2@example.org has an account here already", await FollowAsync(other, "/account/openid"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, (await other.GetAsync("/api/v1/me/ratings")).StatusCode);

        // Another site that sends the owner's browser round connects nothing.
        Assert.Contains("Begin again on your account page", await FollowAsync(owner, "/account/openid?connect=made-up"), StringComparison.Ordinal);
        Assert.DoesNotContain("Disconnect", await owner.GetStringAsync("/account"), StringComparison.Ordinal);

        var connect = WebUtility.HtmlDecode(ConnectLink().Match(await owner.GetStringAsync("/account")).Groups["href"].Value);
        Assert.Contains("Disconnect The Club", await FollowAsync(owner, connect), StringComparison.Ordinal);
        using var again = demo.App.NewClient();
        await FollowAsync(again, "/account/openid");
        Assert.Equal(HttpStatusCode.OK, (await again.GetAsync("/api/v1/me/ratings")).StatusCode);

        using (var off = await owner.SubmitAsync("/account", "disconnect")) Assert.Contains("Connect The Club", await off.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var late = demo.App.NewClient();
        Assert.Contains("has an account here already", await FollowAsync(late, "/account/openid"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheProviderDoesNotStandInForTheSecondStep()
    {
        using var owner = demo.App.NewClient();
        var (email, _, recovery) = await SecondFactorTests.TurnOnAsync(owner);
        demo.Provider.Person = ("sub-5", email, true);
        var connect = WebUtility.HtmlDecode(ConnectLink().Match(await owner.GetStringAsync("/account")).Groups["href"].Value);
        Assert.Contains("Disconnect The Club", await FollowAsync(owner, connect), StringComparison.Ordinal);

        using var browser = demo.App.NewClient();
        Assert.Contains("Input.Code", await FollowAsync(browser, "/account/openid"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.GetAsync("/api/v1/me/ratings")).StatusCode);
        Assert.Contains("not right", await SecondFactorTests.SendAsync(browser, "no code"), StringComparison.Ordinal);
        Assert.Equal("", await SecondFactorTests.SendAsync(browser, recovery[0]));
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/api/v1/me/ratings")).StatusCode);
    }

    [Fact]
    public async Task WhoTheProviderDoesNotVouchForStaysOutside()
    {
        using var browser = demo.App.NewClient();
        demo.Provider.Person = ("sub-3", "club-3@example.org", false);
        Assert.Contains("no confirmed e-mail address", await FollowAsync(browser, "/account/openid"), StringComparison.Ordinal);
        demo.Provider.Person = null;
        Assert.Contains("Signing in with The Club did not work", await FollowAsync(browser, "/account/openid"), StringComparison.Ordinal);
        Assert.Contains("was not finished", await FollowAsync(browser, "/account/openid/done"), StringComparison.Ordinal);
        Assert.Contains("did not work", await FollowAsync(browser, "/signin-openid?code=made-up&state=made-up"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.GetAsync("/api/v1/me/ratings")).StatusCode);
    }

    [Fact]
    public async Task TheAppDoesNotFollowTheProviderElsewhere()
    {
        using var elsewhere = new TcpListener(IPAddress.Loopback, 0);
        elsewhere.Start();
        demo.Provider.Person = ("sub-6", "club-6@example.org", true);
        demo.Provider.Elsewhere = $"http://{elsewhere.LocalEndpoint}/";
        try
        {
            using var browser = demo.App.NewClient();
            Assert.Contains("Signing in with The Club did not work", await FollowAsync(browser, "/account/openid"), StringComparison.Ordinal);
            Assert.False(elsewhere.Pending());
        }
        finally
        {
            demo.Provider.Elsewhere = null;
        }
    }

    [Fact]
    public async Task TheProviderLeadsNowhereElse()
    {
        demo.Provider.Person = ("sub-4", "club-4@example.org", true);
        using var browser = demo.App.NewClient();
        Assert.Contains("MovieRecommender", await FollowAsync(browser, "/account/openid?returnUrl=//example.org"), StringComparison.Ordinal);
    }

    /// <summary>Follows where it leads, at most to the app and its provider, and returns the page at the end.</summary>
    async Task<string> FollowAsync(HttpClient browser, string address)
    {
        var next = new Uri(demo.App.Address, address);
        for (var hops = 0; hops < 12; hops++)
        {
            Assert.Contains(next.Authority, (string[])[demo.App.Address.Authority, new Uri(demo.Provider.Address).Authority]);
            using var answer = await browser.GetAsync(next);
            if (answer.Headers.Location is not { } location) return await answer.Content.ReadAsStringAsync();
            next = new(next, location);
        }
        throw new InvalidOperationException($"{address} leads round and round.");
    }

    [GeneratedRegex("href=\"(?<href>/account/openid[^\"]*connect=[^\"]*)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ConnectLink();
}
