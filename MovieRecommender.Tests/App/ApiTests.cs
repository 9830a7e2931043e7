using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace MovieRecommender.Tests.App;

/// <summary>The REST API of the started app.</summary>
[Collection(DemoAppTests.Name)]
public sealed partial class ApiTests(DemoApp demo)
{
    [Fact]
    public async Task ARatingCountsAtOnceAndIsNeverRecommended()
    {
        using var client = demo.App.NewClient(demo.AdminToken);
        var before = await TopAsync(client);
        var first = before[0]!["movieId"]!.GetValue<int>();
        using var put = await client.PutAsJsonAsync($"/api/v1/me/ratings/{first}", new { stars = 4.5 });
        Assert.Equal(HttpStatusCode.NoContent, put.StatusCode);

        var rating = await client.GetFromJsonAsync<JsonObject>($"/api/v1/me/ratings/{first}");
        Assert.Equal(4.5, rating!["stars"]!.GetValue<double>());
        var after = await TopAsync(client);
        Assert.Equal(10, after.Count);
        Assert.DoesNotContain(after, item => item!["movieId"]!.GetValue<int>() == first);

        using var delete = await client.DeleteAsync($"/api/v1/me/ratings/{first}");
        Assert.Equal(HttpStatusCode.NoContent, delete.StatusCode);
        using var gone = await client.GetAsync($"/api/v1/me/ratings/{first}");
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    [Fact]
    public async Task PostedRatingsBringReasonsThatAreAmongThem()
    {
        using var client = demo.App.NewClient();
        var matrix = await FilmAsync(client, "The Matrix");
        var alien = await FilmAsync(client, "Alien");
        using var answer = await client.PostAsJsonAsync("/api/v1/recommendations", new { ratings = new[] { new { movieId = matrix, stars = 5.0 }, new { movieId = alien, stars = 4.5 } }, n = 5 });
        var list = (await answer.Content.ReadFromJsonAsync<JsonArray>())!;
        Assert.Equal(5, list.Count);
        Assert.All(list.SelectMany(item => item!["because"]!.AsArray()), reason => Assert.Contains(reason!["movieId"]!.GetValue<int>(), new[] { matrix, alien }));
        Assert.All(list, item => Assert.InRange(item!["predictedStars"]!.GetValue<double>(), 0.5, 5));
    }

    [Fact]
    public async Task WhatWasNotLikedIsNoReasonWhileAnythingElseSpeaks()
    {
        using var client = demo.App.NewClient();
        var matrix = await FilmAsync(client, "The Matrix");
        var alien = await FilmAsync(client, "Alien");
        async Task<IReadOnlyList<int>> ReasonsAsync(params (int Film, double Stars)[] ratings)
        {
            using var answer = await client.PostAsJsonAsync("/api/v1/recommendations", new { ratings = ratings.Select(rating => new { movieId = rating.Film, stars = rating.Stars }), n = 20 });
            return [.. (await answer.Content.ReadFromJsonAsync<JsonArray>())!.SelectMany(item => item!["because"]!.AsArray()).Select(reason => reason!["movieId"]!.GetValue<int>()).Distinct()];
        }
        Assert.Equal([matrix], await ReasonsAsync((matrix, 5), (alien, 2.5)));
        Assert.Equal([alien], await ReasonsAsync((alien, 2.5)));
    }

    [Theory]
    [InlineData("{\"ratings\":[{\"movieId\":1,\"stars\":7}]}", "7")]
    [InlineData("{\"ratings\":[{\"movieId\":999999,\"stars\":4}]}", "999999")]
    [InlineData("{\"ratings\":[],\"n\":0}", "n is 0")]
    [InlineData("{\"n\":3}", "ratings is missing")]
    public async Task BadInputIsNamedInOneProblem(string body, string named)
    {
        using var client = demo.App.NewClient();
        using var answer = await client.PostAsync("/api/v1/recommendations", new StringContent(body, System.Text.Encoding.UTF8, "application/json"));
        Assert.True(answer.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.NotFound);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Contains(named, (await answer.Content.ReadFromJsonAsync<JsonObject>())!["detail"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/v1/me/ratings")]
    [InlineData("/api/v1/me/recommendations")]
    [InlineData("/api/v1/admin/training/runs")]
    [InlineData("/api/v1/admin/models")]
    public async Task NobodyIsAskedToSignIn(string path)
    {
        using var client = demo.App.NewClient();
        using var answer = await client.GetAsync(path);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task AGuestMayRateButNotTrain()
    {
        using var client = demo.App.NewClient();
        using var guest = await client.PostAsync("/guest", null);
        Assert.True(guest.IsSuccessStatusCode);
        using var put = await client.PutAsJsonAsync("/api/v1/me/ratings/1", new { stars = 3 });
        Assert.Equal(HttpStatusCode.NoContent, put.StatusCode);
        using var train = await client.PostAsync("/api/v1/admin/training/runs", null);
        Assert.Equal(HttpStatusCode.Forbidden, train.StatusCode);
    }

    [Fact]
    public async Task RetrainingPublishesANewVersion()
    {
        using var admin = demo.App.NewClient(demo.AdminToken);
        var api = new ApiClient(admin);
        var run = await api.PostAdminTrainingRunsAsync();
        Assert.Equal(run.Id, (await api.PostAdminTrainingRunsAsync()).Id);
        await AppProcess.UntilAsync(async () => (run = await api.GetAdminTrainingRunsOneAsync(run.Id)).State is not ("queued" or "running"));
        Assert.True(run.State is "published", run.Outcome);
        var newest = (await api.GetAdminModelsAsync())[0];
        Assert.Equal((run.Version, true), (newest.Version, newest.Live));
    }

    [Fact]
    public async Task TheSetUpPageIsGoneOnceAnAdminExists()
    {
        using var client = demo.App.NewClient();
        using var answer = await client.GetAsync("/setup");
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/browse?q=matrix")]
    [InlineData("/film/1")]
    [InlineData("/ratings")]
    [InlineData("/about")]
    [InlineData("/account/sign-in")]
    [InlineData("/tokens.css")]
    [InlineData("/_content/MudBlazor/MudBlazor.min.css")]
    [InlineData("/openapi/v1.json")]
    public async Task PagesAndAssetsAnswer(string path)
    {
        using var client = demo.App.NewClient();
        using var answer = await client.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task APageAndWhatItLoadsArriveCompressed()
    {
        using var client = demo.App.NewClient();
        var page = await client.GetStringAsync("/");
        var assets = AssetAddress().Matches(page).Select(match => match.Groups["path"].Value).Where(path => Path.GetExtension(path) is ".css" or ".js").ToList();
        Assert.InRange(assets.Count, 6, 20);
        // Only admins' questions need those.
        Assert.DoesNotContain(assets, path => path.Contains("MudBlazor", StringComparison.Ordinal) || path.Contains("later", StringComparison.Ordinal));
        foreach (var path in assets.Concat(["/", "/_content/MudBlazor/MudBlazor.min.css"]))
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { AcceptEncoding = { new("gzip") } } };
            using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            Assert.Equal((path, HttpStatusCode.OK, "gzip"), (path, answer.StatusCode, string.Join(' ', answer.Content.Headers.ContentEncoding)));
        }
    }

    [GeneratedRegex("(href|src)=\"(?<path>[^\":]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex AssetAddress();

    static async Task<JsonArray> TopAsync(HttpClient client) => (await client.GetFromJsonAsync<JsonArray>("/api/v1/me/recommendations"))!;

    static async Task<int> FilmAsync(HttpClient client, string title)
    {
        var found = await client.GetFromJsonAsync<JsonObject>($"/api/v1/movies?search={Uri.EscapeDataString(title)}");
        return found!["items"]![0]!["movieId"]!.GetValue<int>();
    }
}
