using Bunit;
using MovieRecommender.Domain.Catalog;
using MovieRecommender.Web.Features.Taste;

namespace MovieRecommender.Tests.Shell;

public sealed class FilmMapChartTests : BunitContext
{
    [Fact]
    public void NamesAtTheEdgesBeginOrEndThere()
    {
        var map = Render<FilmMapChart>(parameters => parameters.Add(map => map.Points,
        [
            new(FilmOf(1, "The Lord of the Rings: The Two Towers"), 0, 0, Mine: true),
            new(FilmOf(2, "Alien"), 0.5, 0.5, Mine: true),
            new(FilmOf(3, "The Shawshank Redemption"), 1, 1, Mine: true),
        ]));
        Assert.Equal([("start", "8.0"), ("middle", "260.0"), ("end", "512.0")], map.FindAll("text").Select(name => (name.GetAttribute("text-anchor"), name.GetAttribute("x"))));
    }

    static Film FilmOf(int id, string title) => new(new Movie { Id = id, Title = title, Year = 2000, Genres = "Drama" });
}
