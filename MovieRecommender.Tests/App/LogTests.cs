using System.Net;
using System.Net.Http.Json;
using MovieRecommender.Tests.Imports;

namespace MovieRecommender.Tests.App;

/// <summary>The logs of an app that people have used, with everything of its own logged: they tell nothing of anybody.</summary>
public sealed class LogTests : IDisposable
{
    const string Email = "zoltan@example.org", Password = "a quiet seat at the back", Wrong = "wrong wrong wrong", Name = "Zoltan", Unknown = "zelda@example.org";
    readonly SmallData _data = new();

    [Fact]
    public async Task NothingOfAPersonIsLogged()
    {
        var store = AppProcess.NewStore();
        var (exit, _, error) = await AppProcess.RunAsync(["users", "add", DemoApp.AdminEmail, "--admin", "--password-stdin", $"--Storage:Directory={store}"], DemoApp.AdminPassword);
        Assert.True(exit == 0, error);
        var adminToken = await DemoApp.AddTokenAsync(store, DemoApp.AdminEmail);
        await using var app = await AppProcess.StartAsync(store, $"--Catalog:Source={_data.Folder(SmallData.Opposites())}", "--Accounts:Registration=open", "--Training:Schedule=", "--Training:AfterChanges=0", "--Logging:LogLevel:MovieRecommender=Trace");
        await app.WaitUntilReadyAsync();

        using var guest = app.NewClient();
        using (await guest.PostAsync("/guest", null)) { }
        using (await guest.PutAsJsonAsync("/api/v1/me/ratings/7", new { stars = 0.5 })) { }
        using var member = app.NewClient();
        using (var signedUp = await member.SignUpAsync(Email, Password)) Assert.Equal(HttpStatusCode.Found, signedUp.StatusCode);
        using (var rated = await member.PutAsJsonAsync("/api/v1/me/ratings/7", new { stars = 4.5 })) Assert.Equal(HttpStatusCode.NoContent, rated.StatusCode);
        using (await member.PutAsJsonAsync("/api/v1/me/ratings/7", new { stars = "Film 7" })) { }
        var token = await member.MakeTokenAsync("Read");
        using var program = app.NewClient(token);
        using (var read = await program.GetAsync("/api/v1/me/recommendations")) Assert.Equal(HttpStatusCode.OK, read.StatusCode);
        using (await program.PutAsJsonAsync("/api/v1/me/ratings/7", new { stars = 1 })) { }
        using (await member.GetAsync($"/browse?q=Film 7&note={Email}")) { }
        using (await member.GetAsync("/ratings/export.json")) { }
        using var stranger = app.NewClient();
        for (var i = 0; i < 11; i++)
            foreach (var email in (string[])[Email, Unknown])
                using (await stranger.SignInAsync(email, Wrong)) { }
        using (await stranger.SignUpAsync(Email, Password)) { }
        using (await stranger.GetAsync($"/account/reset?code={token}")) { }
        using (await app.NewClient(token + "x").GetAsync("/api/v1/me/ratings")) { }

        using var admin = app.NewClient(adminToken);
        using (var form = new MultipartFormDataContent { { new StringContent("userId,movieId,rating,timestamp\n1,1,nonsense,1\n1,2,3.5,1000000000\n"), "file", "ratings.csv" } })
        using (var import = await admin.PostAsync("/api/v1/admin/imports", form))
            await AppProcess.UntilAsync(async () => (await admin.GetFromJsonAsync<RunView>(import.Headers.Location))!.State is "done" or "failed" or "cancelled");
        using (var training = await admin.PostAsync("/api/v1/admin/training/runs", null)) await AppProcess.WaitForRunAsync(admin, training.Headers.Location);
        using (await member.SubmitAsync("/account", "forget", ("Input.Password", Password))) { }
        await app.KillAsync();

        // It is a log of what happened, so that what is missing from it says something.
        Assert.Contains("Import ", app.Log, StringComparison.Ordinal);
        Assert.Contains("Training run", app.Log, StringComparison.Ordinal);
        foreach (var secret in (string[])[Email, Unknown, DemoApp.AdminEmail, Password, Wrong, DemoApp.AdminPassword, token, adminToken, Name, "Film 7"])
            Assert.DoesNotContain(secret, app.Log, StringComparison.OrdinalIgnoreCase);
    }

    public void Dispose() => _data.Dispose();
}
