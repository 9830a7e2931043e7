using Microsoft.Playwright;
using MovieRecommender.Tests.App;

namespace MovieRecommender.Tests.Browser;

/// <summary>Passkeys, with Chromium's virtual authenticator in the place of a fingerprint.</summary>
[Collection(DemoAppTests.Name)]
public sealed class PasskeyTests(DemoApp demo, Chromium chromium) : IClassFixture<Chromium>
{
    const string Password = "a quiet seat at the back";

    [Fact]
    public async Task APasskeyIsAddedSignsInAndIsRemoved()
    {
        var email = $"{Guid.NewGuid():N}@example.org";
        using (var browser = demo.App.NewClient()) (await browser.SignUpAsync(email, Password)).Dispose();
        await using var person = await chromium.NewPersonAsync(demo.App);
        var page = await person.NewPageAsync();
        await AddAuthenticatorAsync(person, page);
        await page.SignInAsync(email, Password, Site);
        await page.GotoAsync(Site + "account");
        await page.GetByLabel("What do you call this device?").FillAsync("My phone");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add a passkey" }).ClickAsync();
        await page.GetByRole(AriaRole.List, new() { Name = "Your passkeys" }).GetByText("My phone").WaitForAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out", Exact = true }).ClickAsync();
        await WithPasskeyAsync(page);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out", Exact = true }).WaitForAsync();
        Assert.Equal(Site + "account", page.Url);

        await page.GetByRole(AriaRole.Button, new() { Name = "Remove My phone" }).ClickAsync();
        await page.GetByRole(AriaRole.List, new() { Name = "Your passkeys" }).WaitForAsync(new() { State = WaitForSelectorState.Detached });
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out", Exact = true }).ClickAsync();
        await WithPasskeyAsync(page);
        await page.GetByRole(AriaRole.Alert).GetByText("does not belong to an account").WaitForAsync();
    }

    [Fact]
    public async Task AGuestSignsUpWithAPasskeyAloneAndLeavesWithIt()
    {
        await using var person = await chromium.NewPersonAsync(demo.App);
        var page = await person.NewPageAsync();
        await AddAuthenticatorAsync(person, page);
        await page.GotoAsync(Site + "account/sign-up?returnUrl=%2Faccount");
        await page.EvaluateAsync("async () => { await movieRecommender.becomeGuest(); await fetch('/api/v1/me/ratings/1', { method: 'PUT', headers: { 'Content-Type': 'application/json' }, body: '{\"stars\":4}' }); }");
        // The form is made for who asks for it.
        await page.ReloadAsync();
        await SignUpAsync(DemoApp.AdminEmail);
        await page.GetByRole(AriaRole.Alert).GetByText("is already taken").First.WaitForAsync();
        await SignUpAsync($"{Guid.NewGuid():N}@example.org");
        await page.WaitForURLAsync(Site + "account");
        await page.GetByText("1 rating, each with its time").WaitForAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Remove Your first passkey" }).ClickAsync();
        await page.GetByRole(AriaRole.Alert).GetByText("your only way in").WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out", Exact = true }).ClickAsync();
        await WithPasskeyAsync(page);
        await page.GetByText("1 rating, each with its time").WaitForAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Delete my account" }).ClickAsync();
        await page.GetByText("Nothing is stored about you").WaitForAsync();
        await WithPasskeyAsync(page);
        await page.GetByRole(AriaRole.Alert).GetByText("does not belong to an account").WaitForAsync();

        async Task SignUpAsync(string email)
        {
            await page.GetByLabel("Your address").FillAsync(email);
            await page.GetByRole(AriaRole.Button, new() { Name = "Use a passkey instead" }).ClickAsync();
        }
    }

    [Fact]
    public async Task ALockedAccountIsNotOpenedByItsPasskey()
    {
        var email = $"{Guid.NewGuid():N}@example.org";
        using var thief = demo.App.NewClient();
        using (var browser = demo.App.NewClient()) (await browser.SignUpAsync(email, Password)).Dispose();
        await using var person = await chromium.NewPersonAsync(demo.App);
        var page = await person.NewPageAsync();
        await AddAuthenticatorAsync(person, page);
        await page.SignInAsync(email, Password, Site);
        await page.GotoAsync(Site + "account");
        await page.GetByLabel("What do you call this device?").FillAsync("My phone");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add a passkey" }).ClickAsync();
        await page.GetByRole(AriaRole.List, new() { Name = "Your passkeys" }).GetByText("My phone").WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out", Exact = true }).ClickAsync();

        for (var i = 0; i < 10; i++) (await thief.SignInAsync(email, "wrong wrong wrong")).Dispose();
        await WithPasskeyAsync(page);
        await page.GetByRole(AriaRole.Alert).GetByText("Wait ten minutes").WaitForAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Sign in" }).First.WaitForAsync();
    }

    [Fact]
    public async Task WithoutOneThePageSaysSo()
    {
        await using var person = await chromium.NewPersonAsync(demo.App);
        var page = await person.NewPageAsync();
        await AddAuthenticatorAsync(person, page);
        await WithPasskeyAsync(page);
        await page.GetByRole(AriaRole.Alert).GetByText("No passkey was used").WaitForAsync();
    }

    // A passkey belongs to a name; an address in numbers has none.
    string Site => $"http://localhost:{demo.App.Address.Port}/";

    async Task WithPasskeyAsync(IPage page)
    {
        await page.GotoAsync(Site + "account/sign-in?returnUrl=%2Faccount");
        await page.GetByRole(AriaRole.Button, new() { Name = "Use a passkey" }).ClickAsync();
    }

    static async Task AddAuthenticatorAsync(IBrowserContext person, IPage page)
    {
        var devTools = await person.NewCDPSessionAsync(page);
        await devTools.SendAsync("WebAuthn.enable");
        await devTools.SendAsync("WebAuthn.addVirtualAuthenticator", new()
        {
            ["options"] = new Dictionary<string, object>(StringComparer.Ordinal)
            {
                ["protocol"] = "ctap2",
                ["transport"] = "internal",
                ["hasResidentKey"] = true,
                ["hasUserVerification"] = true,
                ["isUserVerified"] = true,
                ["automaticPresenceSimulation"] = true,
            },
        });
    }
}
