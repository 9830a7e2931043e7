using System.Text.Json.Nodes;

namespace MovieRecommender.Tests.App;

/// <summary>A top 10 on the command line.</summary>
public sealed class RecommendVerbTests(TrainedStore trained) : IClassFixture<TrainedStore>
{
    [Fact]
    public async Task JsonStandsAloneOnStandardOutputAndTitlesMatchAsPeopleWriteThem()
    {
        var store = trained.Copy();
        var (exit, output, error) = await AppProcess.RunAsync(["recommend", "--rate", "matrix, the=5", "--rate", "ALIEN (1979)=4.5", "-n", "3", "--json", $"--Storage:Directory={store}"]);
        Assert.True(exit == 0, error);
        var list = JsonNode.Parse(output)!.AsArray();
        Assert.Equal(3, list.Count);
        Assert.Equal(["movieId", "title", "year", "genres", "score", "predictedStars", "because"], list[0]!.AsObject().Select(field => field.Key));
        Assert.DoesNotContain(list, film => film!["title"]!.GetValue<string>() is "The Matrix" or "Alien");
        Assert.Equal(1, list[0]!["because"]!.AsArray().Sum(reason => reason!["share"]!.GetValue<double>()), 0.001);
        Assert.Equal(2, StoreFile.Count(Path.Combine(store, "movierecommender.db"), "SELECT COUNT(*) FROM TrainingRuns"));
    }
}
