using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace MovieRecommender.Tests.App;

/// <summary>One list for several people, over HTTP.</summary>
[Collection(DemoAppTests.Name)]
public sealed class GroupApiTests(DemoApp demo)
{
    const string Group = "/api/v1/recommendations/group";

    [Fact]
    public async Task EveryItemTellsHowEachPersonWouldTakeIt()
    {
        using var client = demo.App.NewClient();
        using var answer = await client.PostAsJsonAsync(Group, new
        {
            viewers = new[] { new[] { new { movieId = 1, stars = 5.0 }, new { movieId = 2, stars = 4.0 } }, [new { movieId = 3, stars = 4.5 }] },
            n = 6,
        });
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var list = (await answer.Content.ReadFromJsonAsync<JsonArray>())!;
        Assert.Equal(6, list.Count);
        Assert.All(list, item =>
        {
            Assert.DoesNotContain(item!["movieId"]!.GetValue<int>(), new[] { 1, 2, 3 });
            Assert.Empty(item["because"]!.AsArray());
            var fits = item["members"]!.AsArray().Select(member => member!["fit"]!.GetValue<double>()).ToList();
            Assert.Equal(2, fits.Count);
            Assert.Equal(fits.Min(), item["least"]!.GetValue<double>(), 3);
            Assert.Equal(fits.Average(), item["average"]!.GetValue<double>(), 3);
            Assert.All(item["members"]!.AsArray(), member => Assert.InRange(member!["predictedStars"]!.GetValue<double>(), 0.5, 5));
        });
        Assert.Equal(list.Select(item => item!["score"]!.GetValue<double>()).OrderDescending(), list.Select(item => item!["score"]!.GetValue<double>()));
    }

    [Theory]
    [InlineData("{}", "viewers is missing")]
    [InlineData("{\"viewers\":[]}", "viewers has 0 entries")]
    [InlineData("{\"viewers\":[null]}", "ratings is missing")]
    [InlineData("{\"viewers\":[[null]]}", "movieId is missing")]
    [InlineData("{\"viewers\":[[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[]]}", "viewers has 21 entries")]
    [InlineData("{\"viewers\":[[{\"movieId\":1,\"stars\":5}]],\"n\":101}", "n is 101")]
    public async Task BadInputIsNamed(string body, string named)
    {
        using var client = demo.App.NewClient();
        using var answer = await client.PostAsync(Group, new StringContent(body, System.Text.Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(named, (await answer.Content.ReadFromJsonAsync<JsonObject>())!["detail"]!.GetValue<string>(), StringComparison.Ordinal);
    }
}
