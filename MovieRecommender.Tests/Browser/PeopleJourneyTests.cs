using Microsoft.Playwright;
using MovieRecommender.Tests.App;
using MovieRecommender.Tests.Imports;

namespace MovieRecommender.Tests.Browser;

/// <summary>An admin looks after people, in a real browser; what they do to somebody is felt on that person's open page at once.</summary>
[Collection(DemoAppTests.Name)]
public sealed class PeopleJourneyTests(DemoApp demo, Chromium chromium) : IClassFixture<Chromium>
{
    const string Password = "a quiet seat at the back";

    [Fact]
    public async Task AnAdminFindsHelpsLocksAndDeletesSomebody()
    {
        var email = $"{Guid.NewGuid():N}@example.org";
        using (var browser = demo.App.NewClient()) (await browser.SignUpAsync(email, Password)).Dispose();
        await using var somebody = await chromium.NewPersonAsync(demo.App);
        var theirs = await somebody.NewPageAsync();
        await theirs.SignInAsync(email, Password);
        await theirs.GoAsync("/ratings");

        await using var person = await chromium.NewPersonAsync(demo.App);
        var page = await person.NewPageAsync();
        await page.SignInAsync(DemoApp.AdminEmail, DemoApp.AdminPassword);
        await page.GoAsync("/admin/people");
        await page.GetByRole(AriaRole.Searchbox, new() { Name = "Search people" }).FillAsync(email[..20]);
        var people = page.GetByRole(AriaRole.List, new() { Name = "People with an account" }).GetByRole(AriaRole.Listitem);
        await Assertions.Expect(people).ToHaveCountAsync(1);
        await page.GetByRole(AriaRole.Button, new() { Name = $"Manage {email}" }).ClickAsync();
        var manage = page.GetByRole(AriaRole.Group, new() { Name = $"Manage {email}" });

        await manage.GetByRole(AriaRole.Button, new() { Name = "Make a password link" }).ClickAsync();
        Assert.Contains("/account/reset?code=", await manage.GetByLabel("Give this link to them yourself").InputValueAsync(), StringComparison.Ordinal);

        await manage.GetByRole(AriaRole.Button, new() { Name = "Make an admin" }).ClickAsync();
        await Dialog(page, "Make an admin");
        await people.GetByText("admin", new() { Exact = true }).WaitForAsync();
        await manage.GetByRole(AriaRole.Button, new() { Name = "No longer an admin" }).ClickAsync();
        await Dialog(page, "End it");
        // Their open page asks them to sign in, without a reload.
        await theirs.GetByRole(AriaRole.Link, new() { Name = "Sign in", Exact = true }).WaitForAsync();

        await manage.GetByRole(AriaRole.Button, new() { Name = "Lock" }).ClickAsync();
        await Dialog(page, "Lock");
        await people.GetByText("locked", new() { Exact = true }).WaitForAsync();
        await manage.GetByRole(AriaRole.Button, new() { Name = "Unlock" }).ClickAsync();
        await manage.GetByRole(AriaRole.Button, new() { Name = "Lock" }).WaitForAsync();

        await manage.GetByRole(AriaRole.Button, new() { Name = "Delete with all data" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await Assertions.Expect(people).ToHaveCountAsync(1);
        await manage.GetByRole(AriaRole.Button, new() { Name = "Delete with all data" }).ClickAsync();
        await Dialog(page, "Delete");
        await page.GetByText("Nobody’s address has that in it.").WaitForAsync();

        await page.GetByRole(AriaRole.Link, new() { Name = "Log", Exact = true }).ClickAsync();
        var log = page.GetByRole(AriaRole.List, new() { Name = "What admins did" }).GetByRole(AriaRole.Listitem);
        await log.First.GetByText($"{DemoApp.AdminEmail} deleted an account").WaitForAsync();
        await Assertions.Expect(log.GetByText(email)).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task TheOnlyAdminIsToldWhyTheyStay()
    {
        await using var person = await chromium.NewPersonAsync(demo.App, 360);
        var page = await person.NewPageAsync();
        await page.SignInAsync(DemoApp.AdminEmail, DemoApp.AdminPassword);
        await page.GoAsync($"/admin/people?q={DemoApp.AdminEmail}");
        await page.GetByRole(AriaRole.Button, new() { Name = $"Manage {DemoApp.AdminEmail}" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Give up the admin’s rights" }).ClickAsync();
        await Dialog(page, "End it");
        await page.GetByRole(AriaRole.Alert).GetByText("is the only admin").WaitForAsync();
    }

    [Fact]
    public async Task AnInvitationIsMadeSeenAndRevoked()
    {
        var store = AppProcess.NewStore();
        var (exit, _, error) = await AppProcess.RunAsync(["users", "add", DemoApp.AdminEmail, "--admin", "--password-stdin", $"--Storage:Directory={store}"], DemoApp.AdminPassword);
        Assert.True(exit == 0, error);
        using var data = new SmallData();
        await using var app = await AppProcess.StartAsync(store, $"--Catalog:Source={data.Folder(SmallData.Opposites())}", "--Accounts:Registration=invite", "--Training:AfterChanges=0", "--Training:Schedule=");
        await app.WaitUntilReadyAsync();
        await using var person = await chromium.NewPersonAsync(app, 360);
        var page = await person.NewPageAsync();
        await page.SignInAsync(DemoApp.AdminEmail, DemoApp.AdminPassword);
        await page.GoAsync("/admin/people");
        await page.GetByRole(AriaRole.Button, new() { Name = "Invite somebody" }).ClickAsync();
        var link = new Uri(await page.GetByLabel("Copy it now").InputValueAsync()).PathAndQuery;
        using var visitor = app.NewClient();
        Assert.Contains("value=\"sign-up\"", await visitor.GetStringAsync(link), StringComparison.Ordinal);

        // It is still there when the page is opened anew, without its code.
        await page.GoAsync("/admin/people");
        var invitations = page.GetByRole(AriaRole.List, new() { Name = "Invitations that are out" }).GetByRole(AriaRole.Listitem);
        await Assertions.Expect(invitations).ToHaveCountAsync(1);
        // Somebody has the form open already.
        var form = WebForm.FieldsOf(await visitor.GetStringAsync(link), "sign-up");
        await invitations.GetByRole(AriaRole.Button, new() { Name = "Revoke the invitation" }).ClickAsync();
        await Assertions.Expect(invitations).ToHaveCountAsync(0);
        Assert.Contains("This invitation is no longer good", await visitor.GetStringAsync(link), StringComparison.Ordinal);
        using var refused = await visitor.PostAsync(link, new FormUrlEncodedContent([.. form, new("Input.Email", "late@example.org"), new("Input.Password", Password)]));
        Assert.Contains("takes an invitation that is still good", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnOpenPageNoticesThatItsBrowserWasSignedOutFromAnother()
    {
        var email = $"{Guid.NewGuid():N}@example.org";
        using (var browser = demo.App.NewClient()) (await browser.SignUpAsync(email, Password)).Dispose();
        await using var left = await chromium.NewPersonAsync(demo.App);
        var open = await left.NewPageAsync();
        await open.SignInAsync(email, Password);
        await open.GoAsync("/ratings");

        await using var person = await chromium.NewPersonAsync(demo.App, 360);
        var page = await person.NewPageAsync();
        await page.SignInAsync(email, Password);
        await page.GotoAsync("/account");
        var others = page.GetByRole(AriaRole.List, new() { Name = "Your browsers" }).GetByRole(AriaRole.Button, new() { Name = "Sign out Chrome · Linux" });
        // The client that signed up is the other one, and says no name.
        await Assertions.Expect(others).ToHaveCountAsync(1);
        await others.ClickAsync();
        await Assertions.Expect(others).ToHaveCountAsync(0);
        await open.GetByRole(AriaRole.Link, new() { Name = "Sign in", Exact = true }).WaitForAsync();
        await page.GotoAsync("/account");
        await Assertions.Expect(page.GetByText("(this one)")).ToHaveCountAsync(1);
    }

    static Task Dialog(IPage page, string button)
        => page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();
}
