using Microsoft.Playwright;
using MovieRecommender.Tests.App;

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

    static Task Dialog(IPage page, string button)
        => page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();
}
