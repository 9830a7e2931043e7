using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace MovieRecommender.Tests.App;

/// <summary>What operators and integrators look at: figures, the description of the API, its reference page.</summary>
[Collection(DemoAppTests.Name)]
public sealed partial class OperationsApiTests(DemoApp demo)
{
    [Theory]
    [InlineData("movierecommender_model_version")]
    [InlineData("movierecommender_ratings_revision")]
    [InlineData("movierecommender_recommendation_duration_seconds_count")]
    [InlineData("movierecommender_training_runs_total")]
    [InlineData("dotnet_gc_collections_total")]
    [InlineData("http_server_request_duration_seconds_count")]
    public async Task MetricsTellOf(string figure)
    {
        using var client = demo.App.NewClient();
        using var list = await client.PostAsJsonAsync("/api/v1/recommendations", new { ratings = Array.Empty<object>() });
        Assert.Equal(HttpStatusCode.OK, list.StatusCode);
        Assert.Contains($"\n{figure}", await client.GetStringAsync("/metrics"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task EveryExampleOfTheDescriptionWorksAsItStands()
    {
        using var admin = demo.App.NewClient(demo.AdminToken);
        var document = (await admin.GetFromJsonAsync<JsonObject>("/openapi/v1.json"))!;
        Assert.Equal("bearer", document["components"]!["securitySchemes"]!["token"]!["scheme"]!.GetValue<string>());
        var examples =
            from path in document["paths"]!.AsObject()
            from operation in path.Value!.AsObject()
            let example = operation.Value!["requestBody"]?["content"]?["application/json"]?["example"]
            where example is not null
            select (Method: operation.Key, Path: path.Key, Body: example.ToJsonString());
        var tried = 0;
        var added = "";
        // The one about a download would ask the network; one about training runs with docs/api.md; one about a split needs a candidate (ModelsApiTests).
        string[] elsewhere = ["/imports", "/runs", "/split"];
        foreach (var (method, path, body) in examples.Where(example => !elsewhere.Any(end => example.Path.EndsWith(end, StringComparison.Ordinal))).ToList())
        {
            using var request = new HttpRequestMessage(new(method), path.Replace("{movieId}", "1", StringComparison.Ordinal).Replace("/api/v1/admin/films/{id}", added, StringComparison.Ordinal))
            {
                Content = new StringContent(body.Replace("\"pinned\":true", "\"pinned\":false", StringComparison.Ordinal), System.Text.Encoding.UTF8, "application/json"),
            };
            using var answer = await admin.SendAsync(request);
            Assert.True(answer.IsSuccessStatusCode, $"{method} {path}: {answer.StatusCode}");
            if (answer.StatusCode == HttpStatusCode.Created) added = answer.Headers.Location!.ToString();
            tried++;
        }
        Assert.Equal(9, tried);
        using var schedule = await admin.PutAsJsonAsync("/api/v1/admin/training/schedule", new { schedule = "", timeZone = "UTC", afterChanges = 0 });
        Assert.Equal(HttpStatusCode.OK, schedule.StatusCode);
        using var back = await admin.DeleteAsync("/api/v1/me/ratings/1");
        Assert.Equal(HttpStatusCode.NoContent, back.StatusCode);
    }

    [Fact]
    public async Task TheReferencePageComesWithItsScriptAndAsksNobodyElse()
    {
        using var client = demo.App.NewClient();
        var page = await client.GetStringAsync("/docs/api/");
        foreach (Match script in Script().Matches(page))
        {
            var address = new Uri(new Uri(demo.App.Address, "/docs/api/"), script.Groups["address"].Value);
            Assert.Equal(demo.App.Address.Authority, address.Authority);
            using var answer = await client.GetAsync(address);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
        Assert.NotEmpty(Script().Matches(page));
    }

    [GeneratedRegex("<script[^>]* src=\"(?<address>[^\"]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Script();
}
