using Bunit;
using MovieRecommender.Domain.Catalog;
using MovieRecommender.Web.Shell;

namespace MovieRecommender.Tests.Shell;

public sealed class StarRatingTests : BunitContext
{
    static readonly Film Alien = new(new Movie { Id = 1, Title = "Alien", Year = 1979, Genres = "Horror|Sci-Fi" });

    [Fact]
    public void IsARadiogroupOfTenNamedAfterTheFilm()
    {
        var stars = Render<StarRating>(parameters => parameters.Add(rating => rating.Film, Alien).Add(rating => rating.Value, 4.5));
        Assert.Equal("Your rating for Alien (1979)", stars.Find("[role=radiogroup]").GetAttribute("aria-label"));
        Assert.Equal(["0.5 stars", "1 stars", "1.5 stars", "2 stars", "2.5 stars", "3 stars", "3.5 stars", "4 stars", "4.5 stars", "5 stars"],
            stars.FindAll("input").Select(radio => radio.GetAttribute("aria-label")!));
        Assert.Equal("4.5", stars.Find("input[checked]").GetAttribute("value"));
    }

    [Fact]
    public void TheKeyboardSetsAndClears()
    {
        var given = new List<double?>();
        var stars = Render<StarRating>(parameters => parameters.Add(rating => rating.Film, Alien).Add(rating => rating.ValueChanged, given.Add));
        stars.Find("[role=radiogroup]").KeyDown("End");
        stars.Find("[role=radiogroup]").KeyDown("Home");
        stars.Find("[role=radiogroup]").KeyDown("Delete");
        Assert.Equal([5, 0.5, null], given);
    }
}
