using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace MovieRecommender.Tests.App;

/// <summary>Programs are refused in one shape that names what was wrong, and nothing is done.</summary>
[Collection(DemoAppTests.Name)]
public sealed class RefusalTests(DemoApp demo)
{
    const string Json = "application/json";

    [Theory]
    [InlineData("POST", "admin/imports", "{bad", "The body is no JSON: 'b' is an invalid start")]
    [InlineData("POST", "admin/imports", """{"source":5}""", "source has a value of another kind")]
    [InlineData("POST", "admin/imports", "[]", "an object is")]
    [InlineData("POST", "admin/training/runs", """{"algorithms":"biased-mf"}""", "algorithms has a value of another kind")]
    [InlineData("POST", "admin/training/runs", "5", "an object is")]
    [InlineData("PUT", "me/ratings/1", """{"stars":true}""", "stars has a value of another kind")]
    [InlineData("PUT", "me/ratings/1", "", "The body is missing")]
    [InlineData("PUT", "admin/models/pin", """{"pin":true}""", "pinned is missing.")]
    [InlineData("PUT", "admin/models/split", """{"pct":30}""", "percent is missing.")]
    [InlineData("PUT", "admin/films/1/hidden", "{}", "hidden is missing.")]
    [InlineData("PUT", "admin/people/1/admin", "{}", "admin is missing.")]
    public async Task OfABody(string method, string path, string body, string said)
    {
        using var admin = demo.App.NewClient(demo.AdminToken);
        using var request = new HttpRequestMessage(new(method), $"/api/v1/{path}") { Content = new StringContent(body, Encoding.UTF8, Json) };
        using var answer = await admin.SendAsync(request);
        await IsRefusedAsync(answer, HttpStatusCode.BadRequest, said);
    }

    [Theory]
    [InlineData("movies?yearFrom=abc", "yearFrom is 'abc'; allowed is a whole number.")]
    [InlineData("movies?page=99999999999", "page is '99999999999'; allowed is a whole number.")]
    [InlineData("movies/1/similar?n=x", "n is 'x'; allowed is a whole number.")]
    [InlineData("me/recommendations?popularity=much", "popularity is 'much'; allowed is a number.")]
    public async Task OfAParameter(string path, string said)
    {
        using var admin = demo.App.NewClient(demo.AdminToken);
        // Whoever has any version at all would be told that nothing changed.
        admin.DefaultRequestHeaders.Add("If-None-Match", "*");
        using var answer = await admin.GetAsync($"/api/v1/{path}");
        await IsRefusedAsync(answer, HttpStatusCode.BadRequest, said);
    }

    [Theory]
    [InlineData("text/csv")]
    [InlineData("application/octet-stream")]
    [InlineData("text/html")]
    public async Task WhateverElseIsRead(string accepted)
    {
        using var admin = demo.App.NewClient(demo.AdminToken);
        admin.DefaultRequestHeaders.Accept.ParseAdd(accepted);
        using (var answer = await admin.GetAsync("/api/v1/admin/imports/999999/rejected.csv")) await IsRefusedAsync(answer, HttpStatusCode.NotFound, "There is no import 999999.");
        using (var answer = await admin.GetAsync("/api/v1/nowhere")) await IsRefusedAsync(answer, HttpStatusCode.NotFound, "There is nothing at /api/v1/nowhere.");
    }

    [Fact]
    public async Task OfAnotherSite()
    {
        using var anyone = demo.App.NewClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/recommendations") { Content = JsonContent.Create(new { ratings = Array.Empty<int>() }) };
        request.Headers.Add("Origin", "https://elsewhere.example");
        using var answer = await anyone.SendAsync(request);
        await IsRefusedAsync(answer, HttpStatusCode.Forbidden, "another site");
    }

    [Fact]
    public async Task WhereNothingServesOrIs()
    {
        using var anyone = demo.App.NewClient();
        using (var predict = await anyone.PostAsJsonAsync("/v1/models/movie_model:predict", new { instances = new[] { new[] { 1, 1 } } }))
        {
            Assert.Equal(HttpStatusCode.NotFound, predict.StatusCode);
            Assert.NotNull(JsonNode.Parse(await predict.Content.ReadAsStringAsync())!["error"]);
        }
        using var page = await anyone.PostAsync("/nowhere", null);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, page.StatusCode);
        Assert.Contains("<h1", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AParameterWithoutAValueIsNone()
    {
        using var anyone = demo.App.NewClient();
        var all = await anyone.GetFromJsonAsync<JsonObject>("/api/v1/movies?search=&genre=&yearFrom=&yearTo=&sort=&page=&pageSize=");
        Assert.Equal((1, 40), (all!["page"]!.GetValue<int>(), all["pageSize"]!.GetValue<int>()));
    }

    [Fact]
    public async Task TheLastPageIsFollowedByNoneAndTheTotalIsOfAll()
    {
        using var anyone = demo.App.NewClient();
        var all = (await anyone.GetFromJsonAsync<JsonObject>("/api/v1/movies?sort=id&genre=Western&pageSize=100"))!;
        var total = all["total"]!.GetValue<int>();
        Assert.InRange(total, 2, 100);
        var first = (await anyone.GetFromJsonAsync<JsonObject>($"/api/v1/movies?sort=id&genre=Western&pageSize={total - 1}"))!;
        using var second = await anyone.GetAsync($"/api/v1/movies?sort=id&genre=Western&pageSize=1&after={first["next"]!.GetValue<int>()}");
        var last = JsonNode.Parse(await second.Content.ReadAsStringAsync())!;
        Assert.Null(last["next"]);
        Assert.False(second.Headers.Contains("Link"));
        Assert.Equal(total, last["total"]!.GetValue<int>());
        Assert.Equal(all["items"]!.AsArray()[^1]!["movieId"]!.GetValue<int>(), Assert.Single(last["items"]!.AsArray())!["movieId"]!.GetValue<int>());
    }

    static async Task IsRefusedAsync(HttpResponseMessage answer, HttpStatusCode status, string said)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == status, $"{answer.StatusCode} {text}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Contains(said, JsonNode.Parse(text)!["detail"]?.GetValue<string>(), StringComparison.Ordinal);
    }
}

/// <summary>A fault of the program is no caller's: the answer tells nothing of it, the log all.</summary>
public sealed class FaultTests(TrainedStore trained) : IClassFixture<TrainedStore>
{
    [Fact]
    public async Task IsLogged()
    {
        var store = trained.Copy();
        await using var app = await TrainedStore.StartAsync(store);
        StoreFile.Change(Path.Combine(store, "movierecommender.db"), "ALTER TABLE TrainingRuns RENAME TO Elsewhere");
        using var admin = app.NewClient(trained.AdminToken);
        using var answer = await admin.GetAsync("/api/v1/admin/training/runs");
        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.DoesNotContain("TrainingRuns", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await AppProcess.UntilAsync(() => Task.FromResult(app.Log.Contains("An unhandled exception has occurred", StringComparison.Ordinal)));
        // What callers do wrong is no fault.
        using (var wrong = await admin.GetAsync("/api/v1/movies?page=x")) Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        Assert.DoesNotContain("BadHttpRequestException", app.Log, StringComparison.Ordinal);
    }
}
