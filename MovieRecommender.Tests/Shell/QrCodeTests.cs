using Bunit;
using MovieRecommender.Web.Shell;

namespace MovieRecommender.Tests.Shell;

public sealed class QrCodeTests : BunitContext
{
    /// <summary>Without colours of its own it is black on whatever the page is, and in the dark no camera reads it.</summary>
    [Fact]
    public void IsDarkOnLightWhateverThePageIs()
    {
        var code = Render<QrCode>(parameters => parameters.Add(code => code.Text, "https://example.org").Add(code => code.Label, "A code"));
        var size = code.Find("svg").GetAttribute("viewBox")!.Split(' ')[2];
        var ground = code.Find("svg > :first-child");
        Assert.Equal(("rect", size, size, "#fff"), (ground.LocalName, ground.GetAttribute("width"), ground.GetAttribute("height"), ground.GetAttribute("fill")));
        Assert.Equal("#161012", code.Find("path").GetAttribute("fill"));
    }
}
