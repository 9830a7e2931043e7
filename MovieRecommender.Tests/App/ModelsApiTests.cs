using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace MovieRecommender.Tests.App;

/// <summary>Which version serves, decided over HTTP.</summary>
public sealed class ModelsApiTests(TrainedStore trained) : IClassFixture<TrainedStore>
{
    const string Models = "/api/v1/admin/models";

    [Fact]
    public async Task PromotingAnOlderVersionOutlivesARestart()
    {
        var store = trained.Copy();
        await using (var app = await TrainedStore.StartAsync(store))
        {
            using var admin = app.NewClient(trained.AdminToken);
            Assert.Equal("2:live 1:previous", await AliasesAsync(admin));
            using var answer = await admin.PostAsync($"{Models}/1/promote", null);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            var promoted = (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
            Assert.True(promoted["live"]!.GetValue<bool>());
            Assert.Equal("the first start", promoted["requestedBy"]!.GetValue<string>());
            Assert.NotNull(promoted["scorecard"]);
            Assert.Equal(1, await AppHealth.VersionAsync(admin));
        }
        await using var again = await TrainedStore.StartAsync(store);
        using var client = again.NewClient(trained.AdminToken);
        Assert.Equal(1, await AppHealth.VersionAsync(client));
        Assert.Equal("2:previous 1:live", await AliasesAsync(client));
    }

    [Fact]
    public async Task WhatCannotBeDoneIsSaidAndChangesNothing()
    {
        var store = trained.Copy();
        await using var app = await TrainedStore.StartAsync(store);
        using var admin = app.NewClient(trained.AdminToken);
        await File.WriteAllBytesAsync(Path.Combine(store, "models", "1.model"), []);

        await AssertProblemAsync(await admin.DeleteAsync($"{Models}/2"), HttpStatusCode.Conflict, "Version 2 is serving");
        await AssertProblemAsync(await admin.DeleteAsync($"{Models}/9"), HttpStatusCode.NotFound, "no model version 9");
        await AssertProblemAsync(await admin.PostAsync($"{Models}/9/promote", null), HttpStatusCode.NotFound, "no model version 9");
        await AssertProblemAsync(await admin.PostAsync($"{Models}/1/promote", null), HttpStatusCode.Conflict, "Version 2 goes on serving");
        using var nobody = app.NewClient();
        await AssertProblemAsync(await nobody.PostAsync($"{Models}/1/promote", null), HttpStatusCode.Unauthorized, "Sign in");
        Assert.Equal("2:live 1:previous", await AliasesAsync(admin));

        using var deleted = await admin.DeleteAsync($"{Models}/1");
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.Equal("2:live", await AliasesAsync(admin));
    }

    [Fact]
    public async Task WhileAVersionIsPinnedTrainingMakesACandidate()
    {
        await using var app = await TrainedStore.StartAsync(trained.Copy());
        using var admin = app.NewClient(trained.AdminToken);
        using var pin = await admin.PutAsJsonAsync($"{Models}/pin", new { pinned = true });
        Assert.Equal(HttpStatusCode.NoContent, pin.StatusCode);
        using var asked = await admin.PostAsync("/api/v1/admin/training/runs", null);
        var run = await AppProcess.WaitForRunAsync(admin, asked.Headers.Location);
        Assert.EndsWith("It waits as a candidate, because version 2 is pinned.", run.Outcome, StringComparison.Ordinal);
        Assert.Equal(2, await AppHealth.VersionAsync(admin));
        Assert.Equal("3:candidate 2:live 1:previous", await AliasesAsync(admin));

        using var tried = await admin.PutAsJsonAsync($"{Models}/split", new { percent = 50 });
        var split = (await tried.Content.ReadFromJsonAsync<JsonObject>())!;
        Assert.Equal((50, 3, 2, true), (split["percent"]!.GetValue<int>(), split["version"]!.GetValue<int>(), split["live"]!.GetValue<int>(), split["served"]!.GetValue<bool>()));
        await AssertProblemAsync(await admin.PutAsJsonAsync($"{Models}/split", new { percent = 51 }), HttpStatusCode.BadRequest, "percent is 51; allowed is 1 to 50");
        using var promoted = await admin.PostAsync($"{Models}/3/promote", null);
        Assert.Equal(0, (await admin.GetFromJsonAsync<JsonObject>($"{Models}/split"))!["percent"]!.GetValue<int>());
        await AssertProblemAsync(await admin.PutAsJsonAsync($"{Models}/split", new { percent = 20 }), HttpStatusCode.Conflict, "no candidate");
    }

    [Fact]
    public async Task NoRequestFailsWhileVersionsAreSwapped()
    {
        await using var app = await TrainedStore.StartAsync(trained.Copy());
        using var admin = app.NewClient(trained.AdminToken);
        using var done = new CancellationTokenSource();
        var asking = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => AskAsync(app, done.Token)));
        for (var i = 0; i < 20; i++)
        {
            using var answer = await admin.PostAsync($"{Models}/{1 + (i % 2)}/promote", null);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
        await done.CancelAsync();
        Assert.All(await asking, asked => Assert.InRange(asked, 1, int.MaxValue));
    }

    static async Task<int> AskAsync(AppProcess app, CancellationToken done)
    {
        using var client = app.NewClient();
        var asked = 0;
        while (!done.IsCancellationRequested)
        {
            using var answer = await client.PostAsJsonAsync("/api/v1/recommendations", new { ratings = new[] { new { movieId = 1, stars = 5 } } }, CancellationToken.None);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal(10, (await answer.Content.ReadFromJsonAsync<JsonArray>(CancellationToken.None))!.Count);
            asked++;
        }
        return asked;
    }

    static async Task<string> AliasesAsync(HttpClient admin)
        => string.Join(' ', (await admin.GetFromJsonAsync<JsonArray>(Models))!.Select(model => $"{model!["version"]}:{model["alias"]}"));

    static async Task AssertProblemAsync(HttpResponseMessage answer, HttpStatusCode status, string said)
    {
        using (answer)
        {
            Assert.Equal(status, answer.StatusCode);
            Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
            Assert.Contains(said, (await answer.Content.ReadFromJsonAsync<JsonObject>())!["detail"]!.GetValue<string>(), StringComparison.Ordinal);
        }
    }
}
