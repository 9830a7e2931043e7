namespace MovieRecommender.Tests.App;

/// <summary>Whom the app asks for anything: nobody, but for the download of a data set that an admin names.</summary>
[Collection(DemoAppTests.Name)]
public sealed class OutboundTests(DemoApp demo)
{
    [Fact]
    public async Task NobodyIsAskedForAnythingButADataSet()
    {
        using var browser = demo.App.NewClient();
        using (await browser.SignInAsync(DemoApp.AdminEmail, DemoApp.AdminPassword)) { }
        foreach (var page in (string[])["/", "/browse", "/film/1", "/taste", "/night", "/account", "/about", "/admin", "/admin/data", "/admin/models", "/admin/check", "/docs/api/"])
            using (await browser.GetAsync(page)) { }

        // It sings when there is a reason to.
        var (exit, _, error) = await AppProcess.RunAsync(["import", "ml-latest-small", $"--Storage:Directory={AppProcess.NewStore()}", "--Catalog:DownloadFrom=https://canary.example.org/"]);
        Assert.NotEqual(0, exit);
        Assert.Contains("ml-latest-small", error, StringComparison.Ordinal);
        Assert.Contains(Canary.Song, line => line.Contains("canary.example.org", StringComparison.Ordinal));
        // So far, of any app of any test.
        Assert.DoesNotContain(Canary.Song, line => !line.Contains("canary.example.org", StringComparison.Ordinal));
    }
}
