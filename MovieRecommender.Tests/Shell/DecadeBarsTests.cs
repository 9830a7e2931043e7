using Bunit;
using MovieRecommender.Web.Features.Taste;

namespace MovieRecommender.Tests.Shell;

public sealed class DecadeBarsTests : BunitContext
{
    [Fact]
    public void ADecadeWithoutFilmsKeepsItsPlace()
    {
        var chart = Render<DecadeBars>(parameters => parameters.Add(chart => chart.Decades, [(1970, 4), (1990, 2)]));
        Assert.Equal(["84.0", "0.0", "42.0"], chart.FindAll("rect").Select(bar => bar.GetAttribute("height")));
        Assert.Equal(["4", "2"], chart.FindAll("text.b").Select(count => count.TextContent));
    }
}
