using Bunit;
using MovieRecommender.Web.Features.Admin;

namespace MovieRecommender.Tests.Admin;

public sealed class LossChartTests : BunitContext
{
    [Fact]
    public void ModelsTrainedOneAfterTheOtherHaveCurvesOfTheirOwn()
    {
        var drawn = Render<LossChart>(parameters => parameters.Add(chart => chart.Name, "biased-mf").Add(chart => chart.Losses,
        [
            new(0.9, null, 0), new(0.7, null, 0), new(0.6, null, 0),
            new(0.8, null, 1), new(0.65, null, 1),
        ]));
        var curves = drawn.FindAll("polyline").Select(curve => curve.GetAttribute("points")!.Split(' ')).ToArray();
        Assert.Equal([3, 2], curves.Select(curve => curve.Length));
        // Step for step, one over the other.
        Assert.Equal(curves[0].Take(2).Select(At), curves[1].Select(At));
        Assert.Equal("biased-mf: an earlier model's loss from 0.900 to 0.600; training loss from 0.800 to 0.650", drawn.Find("svg").GetAttribute("aria-label"));

        static string At(string point) => point.Split(',')[0];
    }
}
