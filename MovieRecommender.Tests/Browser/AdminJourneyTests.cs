using Microsoft.Playwright;
using MovieRecommender.Tests.App;

namespace MovieRecommender.Tests.Browser;

/// <summary>An admin decides what serves and brings data, in a real browser.</summary>
public sealed class AdminJourneyTests(TrainedStore trained, Chromium chromium) : IClassFixture<TrainedStore>, IClassFixture<Chromium>
{
    [Fact]
    public async Task RollsBackPinsDeletesAndImports()
    {
        await using var app = await TrainedStore.StartAsync(trained.Copy());
        await using var person = await chromium.NewPersonAsync(app);
        var page = await person.NewPageAsync();
        await page.SignInAsync(DemoApp.AdminEmail, DemoApp.AdminPassword);

        await page.GoAsync("/admin/models");
        await Versions(page).Filter(new() { HasText = "live" }).Filter(new() { HasText = "2" }).WaitForAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "2 beside 1" }).WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Roll back to 1" }).ClickAsync();
        await Dialog(page, "Promote");
        await page.GetByText("Version 1 is serving.").WaitForAsync();
        using var client = app.NewClient();
        Assert.Equal(1, await AppHealth.VersionAsync(client));

        await page.GetByRole(AriaRole.Button, new() { Name = "Pin 1" }).ClickAsync();
        await page.GetByText("Version 1 is pinned").WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete version 2" }).ClickAsync();
        await Dialog(page, "Delete");
        await page.GetByText("Version 2 is gone.").WaitForAsync();
        await Assertions.Expect(Versions(page)).ToHaveCountAsync(1);

        await page.GetByRole(AriaRole.Link, new() { Name = "Data", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Data", Exact = true }).WaitForAsync();
        await page.Locator("#upload").SetInputFilesAsync(new FilePayload { Name = "more films.csv", MimeType = "text/csv", Buffer = "movieId,title,genres\n900001,Lanterns (1999),Drama\n900002,,Drama\n"u8.ToArray() });
        var job = page.GetByRole(AriaRole.Listitem).Filter(new() { HasText = "more films.csv" });
        await job.GetByText("done").WaitForAsync();
        await job.GetByRole(AriaRole.Link, new() { Name = "Rejected rows" }).WaitForAsync();
        await page.GetByLabel("A folder or zip on the server, or demo").FillAsync("nowhere");
        await page.GetByRole(AriaRole.Button, new() { Name = "Import", Exact = true }).ClickAsync();
        await page.GetByText("There is no data source 'nowhere'").WaitForAsync();
        await page.GetByLabel("Download from MovieLens").SelectOptionAsync("ml-25m");
        var download = page.GetByRole(AriaRole.Button, new() { Name = "Download and import" });
        await page.GetByText("ml-25m may be used for research.").WaitForAsync();
        await Assertions.Expect(download).ToBeDisabledAsync();
        await page.GetByLabel("I accept these terms.").CheckAsync();
        await Assertions.Expect(download).ToBeEnabledAsync();
    }

    static ILocator Versions(IPage page) => page.GetByRole(AriaRole.Region, new() { Name = "On the shelf" }).Locator("tbody tr");

    static Task Dialog(IPage page, string button)
        => page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();
}
