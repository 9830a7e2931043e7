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
        using (var read = await program.GetAsync("/api/v1/me/ratings")) Assert.Equal(HttpStatusCode.OK, read.StatusCode);
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
