using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using MovieRecommender.Tests.App;

namespace MovieRecommender.Tests.Browser;

/// <summary>The whole walk on the real MovieLens data: rate, see the list change, retrain, see the new version serve.</summary>
public sealed class MovieLensJourneyTests(Chromium chromium) : IClassFixture<Chromium>
{
    const string Password = "lights down please";

    [MovieLensFact]
    public async Task FiveRatingsMakeAPersonalListAndRetrainingPublishesANewVersion()
    {
        var store = AppProcess.NewStore();
        await using var app = await AppProcess.StartAsync(store, $"--Catalog:Source={MovieLensData.Folder}", "--Training:AfterChanges=0");
        await app.WaitUntilReadyAsync();
        await using var person = await chromium.NewPersonAsync(app);
        var page = await person.NewPageAsync();

        await BecomeAdminAsync(page, await app.SetupLink);
        await Assertions.Expect(page.GetByText("9,742 films · 611 viewers")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("100,836 ratings")).ToBeVisibleAsync();
        var first = await VersionAsync(app);

        // Rated in one tab, the list moves in the other: it is never loaded again.
        var list = await person.OpenAsync("/");
        await page.GoAsync("/browse");
        string[] rated = ["The Matrix", "Alien", "Blade Runner", "Aliens", "The Terminator"];
        foreach (var title in rated)
        {
            var before = await list.TopTitlesAsync();
            await page.RateByTitleAsync(title, "5 stars");
            await Assertions.Expect(list.TopTen().GetByRole(AriaRole.Heading)).Not.ToHaveTextAsync(before);
        }
        Assert.Empty(rated.Intersect(await list.TopTitlesAsync(), StringComparer.Ordinal));

        await page.GoAsync("/admin");
        await page.GetByRole(AriaRole.Button, new() { Name = "Retrain now" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).WaitForAsync();
        await Assertions.Expect(page.GetByText($"Version {first + 1} is serving")).ToBeVisibleAsync(new() { Timeout = 120_000 });
        await Assertions.Expect(page.GetByText($"Changes since version {first + 1}")).ToBeVisibleAsync();

        Assert.Equal(first + 1, await VersionAsync(app));
        Assert.Empty(rated.Intersect(await list.TopTitlesAsync(), StringComparer.Ordinal));
    }

    static async Task BecomeAdminAsync(IPage page, string link)
    {
        await page.GotoAsync(link);
        await page.GetByLabel("E-mail").FillAsync("admin@example.org");
        await page.GetByLabel("Password").FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Become the admin" }).ClickAsync();
        await page.WaitForURLAsync("**/admin");
        await page.AnsweringAsync();
        var closed = await page.APIRequest.GetAsync(new Uri(new Uri(page.Url), link).ToString());
        Assert.Equal(404, closed.Status);
    }

    static async Task<int> VersionAsync(AppProcess app)
    {
        using var client = app.NewClient();
        return (await client.GetFromJsonAsync<JsonObject>("/health/ready"))!["version"]!.GetValue<int>();
    }
}
