using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace MovieRecommender.Tests.App;

/// <summary>A model file that cannot be trusted never serves: the app says so and serves the newest that can.</summary>
public sealed class DamagedModelTests(TrainedStore trained) : IClassFixture<TrainedStore>
{
    [Theory]
    [InlineData("cut short", "checksum does not match")]
    [InlineData("emptied", "is not a model file")]
    [InlineData("changed", "checksum does not match")]
    [InlineData("deleted", "cannot be read")]
    public async Task TheNewestValidVersionServes(string damage, string said)
    {
        var store = trained.Copy();
        Damage(Path.Combine(store, "models", "2.model"), damage);
        await using var app = await TrainedStore.StartAsync(store);
        using var client = app.NewClient(trained.AdminToken);
        Assert.Equal(1, await AppHealth.VersionAsync(client));
        Assert.Contains("Model version 2 cannot serve", app.Log, StringComparison.Ordinal);
        Assert.Contains(said, app.Log, StringComparison.Ordinal);
        Assert.Equal(10, (await client.GetFromJsonAsync<JsonArray>("/api/v1/me/recommendations"))!.Count);
    }

    [Fact]
    public async Task WithoutAnyValidVersionANewOneIsTrained()
    {
        var store = trained.Copy();
        foreach (var file in Directory.GetFiles(Path.Combine(store, "models"))) Damage(file, "cut short");
        await using var app = await TrainedStore.StartAsync(store);
        using var client = app.NewClient(trained.AdminToken);
        Assert.Equal(3, await AppHealth.VersionAsync(client));
        Assert.Contains("Model version 1 cannot serve", app.Log, StringComparison.Ordinal);
    }

    static void Damage(string file, string how)
    {
        var bytes = File.ReadAllBytes(file);
        switch (how)
        {
            case "cut short":
                File.WriteAllBytes(file, bytes[..(bytes.Length / 2)]);
                break;
            case "emptied":
                File.WriteAllBytes(file, []);
                break;
            case "changed":
                bytes[bytes.Length / 2] ^= 1;
                File.WriteAllBytes(file, bytes);
                break;
            default:
                File.Delete(file);
                break;
        }
    }
}

/// <summary>What <c>/health/ready</c> tells.</summary>
static class AppHealth
{
    /// <summary>The model version that serves.</summary>
    public static async Task<int?> VersionAsync(HttpClient client)
        => (await client.GetFromJsonAsync<JsonObject>("/health/ready"))!["version"]?.GetValue<int>();
}
