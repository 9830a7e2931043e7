using Bunit;
using MovieRecommender.Web.Features.Admin;

namespace MovieRecommender.Tests.Admin;

public sealed class WhiskersTests : BunitContext
{
    /// <summary>A tooltip is there for mice only.</summary>
    [Fact]
    public void EveryFigureHasItsIntervalInPlainSight()
    {
        var drawn = Render<Whiskers>(parameters => parameters.Add(whiskers => whiskers.Title, "Lists").Add(whiskers => whiskers.Marks,
        [
            new("a+b, run 1", 0.336, 0.316, 0.356, Serves: true),
            new("a+b, run 2", 0.29, 0.2701, 0.3099, Serves: false),
        ]));
        Assert.Equal([".336 .316 to .356", ".290 .270 to .310"], drawn.FindAll("li > .num").Select(figure => figure.TextContent.Trim()));
        Assert.Empty(drawn.FindAll("[title], .vh"));
    }
}
