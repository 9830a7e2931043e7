using System.Net;
using System.Net.Http.Json;

namespace MovieRecommender.Tests.App;

/// <summary>The account pages of the started app, used as a browser without scripts uses them.</summary>
[Collection(DemoAppTests.Name)]
public sealed class AccountPageTests(DemoApp demo)
{
    const string Password = "a quiet seat at the back";

    [Fact]
    public async Task TenWrongPasswordsLockTheAccountAndSaySo()
    {
        var email = await SignUpAsync();
        for (var i = 1; i <= 10; i++)
        {
            using var browser = demo.App.NewClient();
            using var wrong = await browser.SignInAsync(email, "wrong wrong wrong");
            Assert.Contains(i < 10 ? "do not belong together" : "Too many wrong passwords. Wait ten minutes", await wrong.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
        using var late = demo.App.NewClient();
        using var right = await late.SignInAsync(email, Password);
        Assert.Contains("Too many wrong passwords", await right.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ATokenIsShownOnceWorksAsFarAsItGoesAndEndsWhenRevoked()
    {
        using var browser = demo.App.NewClient();
        await SignUpAsync(browser);
        var token = await browser.MakeTokenAsync("Read", "my script");
        var page = await browser.GetStringAsync("/account");
        Assert.Contains("my script", page, StringComparison.Ordinal);
        Assert.DoesNotContain(token, page, StringComparison.Ordinal);

        using var program = demo.App.NewClient(token);
        Assert.Contains("not used yet", page, StringComparison.Ordinal);
        using (var read = await program.GetAsync("/api/v1/me/ratings")) Assert.Equal(HttpStatusCode.OK, read.StatusCode);
        Assert.Contains("last used", await browser.GetStringAsync("/account"), StringComparison.Ordinal);
        using (var rate = await program.PutAsJsonAsync("/api/v1/me/ratings/1", new { stars = 4 })) Assert.Equal(HttpStatusCode.Forbidden, rate.StatusCode);

        var form = System.Text.RegularExpressions.Regex.Match(page, "revoke-\\d+", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1)).Value;
        using (var revoked = await browser.SubmitAsync("/account", form)) Assert.DoesNotContain("my script", await revoked.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var gone = await program.GetAsync("/api/v1/me/ratings");
        Assert.Equal(HttpStatusCode.Unauthorized, gone.StatusCode);
    }

    [Fact]
    public async Task SigningOutEverywhereEndsTheOtherBrowser()
    {
        using var browser = demo.App.NewClient();
        var email = await SignUpAsync(browser);
        using var other = demo.App.NewClient();
        using (var signedIn = await other.SignInAsync(email, Password)) Assert.Equal(HttpStatusCode.Found, signedIn.StatusCode);
        using (var held = await other.GetAsync("/api/v1/me/ratings")) Assert.Equal(HttpStatusCode.OK, held.StatusCode);
        using (var everywhere = await browser.SubmitAsync("/account", "everywhere")) Assert.Equal(HttpStatusCode.Found, everywhere.StatusCode);
        using var ended = await other.GetAsync("/api/v1/me/ratings");
        Assert.Equal(HttpStatusCode.Unauthorized, ended.StatusCode);
    }

    [Fact]
    public async Task OneBrowserIsSignedOutFromAnotherAndByItself()
    {
        using var laptop = NewBrowser("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0");
        using var phone = NewBrowser("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1");
        var email = await SignUpAsync(laptop);
        using (var signedIn = await phone.SignInAsync(email, Password)) Assert.Equal(HttpStatusCode.Found, signedIn.StatusCode);
        var page = WebUtility.HtmlDecode(await laptop.GetStringAsync("/account"));
        Assert.Contains("<b>Firefox · Windows</b> (this one)", page, StringComparison.Ordinal);
        Assert.Contains("<b>Safari · iPhone</b>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>Safari · iPhone</b> (this one)", page, StringComparison.Ordinal);

        var form = System.Text.RegularExpressions.Regex.Match(page, "end-\\d+", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1)).Value;
        using (var ended = await laptop.SubmitAsync("/account", form)) Assert.DoesNotContain("Safari", await ended.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using (var gone = await phone.GetAsync("/api/v1/me/ratings")) Assert.Equal(HttpStatusCode.Unauthorized, gone.StatusCode);
        using (var held = await laptop.GetAsync("/api/v1/me/ratings")) Assert.Equal(HttpStatusCode.OK, held.StatusCode);

        // Signing out ends the session, not only the cookie: a copy of it opens nothing.
        using var again = await phone.SignInAsync(email, Password);
        using var thief = NewBrowser("");
        thief.DefaultRequestHeaders.Add("Cookie", again.Headers.GetValues("Set-Cookie").Select(cookie => cookie.Split(';')[0]).Single(cookie => cookie.StartsWith("mr_member=", StringComparison.Ordinal)));
        using (var stolen = await thief.GetAsync("/api/v1/me/ratings")) Assert.Equal(HttpStatusCode.OK, stolen.StatusCode);
        using (var signedOut = await phone.PostAsync("/account/sign-out", new FormUrlEncodedContent(WebForm.FieldsOf(await phone.GetStringAsync("/account"), "everywhere")))) Assert.Equal(HttpStatusCode.Found, signedOut.StatusCode);
        using (var shut = await thief.GetAsync("/api/v1/me/ratings")) Assert.Equal(HttpStatusCode.Unauthorized, shut.StatusCode);

        HttpClient NewBrowser(string agent)
        {
            var browser = demo.App.NewClient();
            browser.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", agent);
            return browser;
        }
    }

    [Fact]
    public async Task ANewPasswordTakesThePlaceOfTheOld()
    {
        using var browser = demo.App.NewClient();
        var email = await SignUpAsync(browser);
        using (var changed = await browser.SubmitAsync("/account", "password", ("Input.Present", Password), ("Input.Wanted", "another row of seats")))
            Assert.Contains("The new password counts", await changed.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using (var stays = await browser.GetAsync("/api/v1/me/ratings")) Assert.Equal(HttpStatusCode.OK, stays.StatusCode);
        using var other = demo.App.NewClient();
        using (var old = await other.SignInAsync(email, Password)) Assert.Equal(HttpStatusCode.OK, old.StatusCode);
        using var now = await other.SignInAsync(email, "another row of seats");
        Assert.Equal(HttpStatusCode.Found, now.StatusCode);
    }

    [Fact]
    public async Task DeletingTakesThePasswordAndLeavesNothingToSignInTo()
    {
        using var browser = demo.App.NewClient();
        var email = await SignUpAsync(browser);
        using (var rate = await browser.PutAsJsonAsync("/api/v1/me/ratings/1", new { stars = 4 })) Assert.Equal(HttpStatusCode.NoContent, rate.StatusCode);
        using (var wrong = await browser.SubmitAsync("/account", "forget", ("Input.Password", "not my password"))) Assert.Equal(HttpStatusCode.OK, wrong.StatusCode);
        using (var deleted = await browser.SubmitAsync("/account", "forget", ("Input.Password", Password))) Assert.Equal(HttpStatusCode.Found, deleted.StatusCode);
        using (var gone = await browser.GetAsync("/api/v1/me/ratings")) Assert.Equal(HttpStatusCode.Unauthorized, gone.StatusCode);
        using var again = await browser.SignInAsync(email, Password);
        Assert.Contains("do not belong together", await again.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("Nothing is stored about you", await browser.GetStringAsync("/account"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AGuestIsForgottenOnRequest()
    {
        using var browser = demo.App.NewClient();
        using (var guest = await browser.PostAsync("/guest", null)) Assert.True(guest.IsSuccessStatusCode);
        using (var rate = await browser.PutAsJsonAsync("/api/v1/me/ratings/1", new { stars = 4 })) Assert.Equal(HttpStatusCode.NoContent, rate.StatusCode);
        using (var forgotten = await browser.SubmitAsync("/account", "forget")) Assert.Equal(HttpStatusCode.Found, forgotten.StatusCode);
        using var gone = await browser.GetAsync("/api/v1/me/ratings");
        Assert.Equal(HttpStatusCode.Unauthorized, gone.StatusCode);
    }

    async Task<string> SignUpAsync(HttpClient? browser = null)
    {
        using var own = demo.App.NewClient();
        var email = $"{Guid.NewGuid():N}@example.org";
        using var answer = await (browser ?? own).SignUpAsync(email, Password);
        Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
        return email;
    }
}
