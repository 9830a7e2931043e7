using System.Net;
using System.Text.RegularExpressions;
using MovieRecommender.Tests.Accounts;

namespace MovieRecommender.Tests.App;

/// <summary>The second step, as a browser without scripts and an authenticator app take it.</summary>
[Collection(DemoAppTests.Name)]
public sealed partial class SecondFactorTests(DemoApp demo)
{
    const string Password = "a quiet seat at the back";

    [Fact]
    public async Task ACodeIsAskedForAndARecoveryCodeWorksOnce()
    {
        using var browser = demo.App.NewClient();
        var (email, key, recovery) = await TurnOnAsync(browser);
        using (var stays = await browser.GetAsync("/api/v1/me/ratings")) Assert.Equal(HttpStatusCode.OK, stays.StatusCode);
        using var program = demo.App.NewClient(await browser.MakeTokenAsync("Read"));
        using (var token = await program.GetAsync("/api/v1/me/ratings")) Assert.Equal(HttpStatusCode.OK, token.StatusCode);

        using var second = demo.App.NewClient();
        Assert.True(await IsAskedAsync(second, email));
        using (var notYet = await second.GetAsync("/api/v1/me/ratings")) Assert.Equal(HttpStatusCode.Unauthorized, notYet.StatusCode);
        Assert.Contains("not right", await SendAsync(second, "000000x"), StringComparison.Ordinal);
        var code = CodeOf(key, later: 1);
        Assert.Equal("", await SendAsync(second, code));
        using (var now = await second.GetAsync("/api/v1/me/ratings")) Assert.Equal(HttpStatusCode.OK, now.StatusCode);

        using var third = demo.App.NewClient();
        await IsAskedAsync(third, email);
        Assert.Contains("not right, or no longer", await SendAsync(third, code), StringComparison.Ordinal);
        Assert.Equal("", await SendAsync(third, recovery[0]));
        using var fourth = demo.App.NewClient();
        await IsAskedAsync(fourth, email);
        Assert.Contains("not right", await SendAsync(fourth, recovery[0]), StringComparison.Ordinal);

        using (var wrong = await browser.SubmitAsync("/account", "second-step-off", ("Input.Code", "no code"))) Assert.Contains("not right", await wrong.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using (var off = await browser.SubmitAsync("/account", "second-step-off", ("Input.Code", recovery[1]))) Assert.Contains("your password is enough", await off.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var last = demo.App.NewClient();
        Assert.False(await IsAskedAsync(last, email));
    }

    [Fact]
    public async Task ABrowserThatBeginsTwiceIsListedOnce()
    {
        using var browser = demo.App.NewClient();
        using (await browser.SignUpAsync($"{Guid.NewGuid():N}@example.org", Password)) { }
        using (await browser.SubmitAsync("/account", "second-step")) { }
        using (await browser.SubmitAsync("/account", "second-step")) { }
        Assert.Contains("1 browser that you are signed in with", await browser.GetStringAsync("/account"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TenWrongCodesLockHoweverOftenThePasswordIsRight()
    {
        using var owner = demo.App.NewClient();
        var (email, key, _) = await TurnOnAsync(owner);
        var answers = new List<string>();
        for (var i = 0; i < 10; i++)
        {
            using var thief = demo.App.NewClient();
            Assert.True(await IsAskedAsync(thief, email));
            answers.Add(await SendAsync(thief, "no code"));
        }
        Assert.Contains("not right", answers[8], StringComparison.Ordinal);
        Assert.Contains("Wait ten minutes", answers[9], StringComparison.Ordinal);
        using var late = demo.App.NewClient();
        using var refused = await late.SignInAsync(email, Password);
        Assert.Contains("Wait ten minutes", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.NotEqual("", key);
    }

    [Fact]
    public async Task DeletingTheAccountTakesACodeToo()
    {
        using var browser = demo.App.NewClient();
        var (email, _, recovery) = await TurnOnAsync(browser);
        using (var noCode = await browser.SubmitAsync("/account", "forget", ("Input.Password", Password))) Assert.Contains("not right", await noCode.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using (var noPassword = await browser.SubmitAsync("/account", "forget", ("Input.Password", "not my password"), ("Input.Code", recovery[0]))) Assert.Contains("do not belong together", await noPassword.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using (var both = await browser.SubmitAsync("/account", "forget", ("Input.Password", Password), ("Input.Code", recovery[0]))) Assert.Equal(HttpStatusCode.Found, both.StatusCode);
        using var gone = await browser.SignInAsync(email, Password);
        Assert.Contains("do not belong together", await gone.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WithoutAPasswordThereIsNothingToTypeACodeInto()
    {
        using var browser = demo.App.NewClient();
        Assert.DoesNotContain("Input.Code", await browser.GetStringAsync("/account/sign-in/code"), StringComparison.Ordinal);
    }

    /// <summary>Signs somebody new up and turns the second step on.</summary>
    internal static async Task<(string Email, string Key, List<string> Recovery)> TurnOnAsync(HttpClient browser)
    {
        var email = $"{Guid.NewGuid():N}@example.org";
        using (var signedUp = await browser.SignUpAsync(email, Password)) Assert.Equal(HttpStatusCode.Found, signedUp.StatusCode);
        using var begun = await browser.SubmitAsync("/account", "second-step");
        var page = await begun.Content.ReadAsStringAsync();
        var key = Key().Match(page).Groups["key"].Value;
        Assert.NotEqual("", key);
        // The form is on the page that answered, not on the one that is fetched; its fields are the same.
        var fields = WebForm.FieldsOf(page, "second-step-on");
        using (var wrong = await browser.PostAsync("/account", new FormUrlEncodedContent([.. fields, new("Input.Code", "no code")]))) Assert.Contains(key, await wrong.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var on = await browser.PostAsync("/account", new FormUrlEncodedContent([.. fields, new("Input.Code", CodeOf(key))]));
        var recovery = Codes().Matches(await on.Content.ReadAsStringAsync()).Select(match => match.Groups["code"].Value).ToList();
        Assert.Equal(10, recovery.Count);
        return (email, key, recovery);
    }

    static async Task<bool> IsAskedAsync(HttpClient browser, string email)
    {
        using var answer = await browser.SignInAsync(email, Password);
        Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
        return answer.Headers.Location!.ToString().Contains("/account/sign-in/code", StringComparison.Ordinal);
    }

    /// <returns>The page that came back, or nothing when the code was taken.</returns>
    internal static async Task<string> SendAsync(HttpClient browser, string code)
    {
        using var answer = await browser.SubmitAsync("/account/sign-in/code", "code", ("Input.Code", code));
        return answer.StatusCode == HttpStatusCode.Found ? "" : await answer.Content.ReadAsStringAsync();
    }

    /// <param name="later">So many steps of time from now: no code is taken twice, and the next one counts already.</param>
    static string CodeOf(string key, int later = 0) => AuthenticatorApp.CodeOf(key, TimeProvider.System.GetUtcNow().AddSeconds(30 * later));

    [GeneratedRegex("the key <code>(?<key>[A-Z2-7]+)</code>", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Key();

    [GeneratedRegex("<li><code>(?<code>[^<]+)</code></li>", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Codes();
}
