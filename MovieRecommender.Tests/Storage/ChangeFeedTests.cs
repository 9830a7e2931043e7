using System.Globalization;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Tests.Storage;

public sealed class ChangeFeedTests
{
    /// <summary>A page draws itself anew when somebody else changed something; it must not do so in their language.</summary>
    [Fact]
    public void WhoSubscribedHearsOfItInTheirOwnLanguage()
    {
        var feed = new ChangeFeed();
        var heard = new List<string>();
        var before = CultureInfo.CurrentUICulture;
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("de");
        using (feed.Subscribe(ChangeFeed.Catalog, () => heard.Add(CultureInfo.CurrentUICulture.Name)))
        {
            CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("fr");
            feed.Publish(ChangeFeed.Catalog);
            Assert.Equal("fr", CultureInfo.CurrentUICulture.Name);
        }
        CultureInfo.CurrentUICulture = before;
        Assert.Equal(["de"], heard);
    }
}
