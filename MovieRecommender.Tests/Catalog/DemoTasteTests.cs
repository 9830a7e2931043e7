using MovieRecommender.Domain.Catalog.Demo;
using MovieRecommender.Domain.Factorization;

namespace MovieRecommender.Tests.Catalog;

/// <summary>The ranking head, trained once on the simulated community.</summary>
public sealed class DemoRecommender
{
    readonly ItemModel model;

    public DemoRecommender()
    {
        var films = DemoCommunity.Films;
        var entries = DemoCommunity.Ratings()
            .Select(rating => new RatingEntry(rating.ViewerId - 1, rating.FilmId - 1, (float)rating.Stars, rating.UnixSeconds))
            .ToArray();
        var tags = DemoCommunity.Tags().ToLookup(tag => tag.FilmId, tag => tag.Tag);
        var features = new ItemFeatures(
            [.. films.Select(film => film.Genres)],
            [.. films.Select(film => (int?)film.Year)],
            [.. films.Select(film => tags[film.Id].ToList())]);
        var ratings = RatingMatrix.Build(DemoCommunity.Viewers, films.Count, entries);
        model = new LinearAutoencoderTrainer().Train(new TrainingSet(ratings, features), null, CancellationToken.None);
    }

    /// <summary>The top 10 of someone who gave five stars to <paramref name="titles"/> and to nothing else.</summary>
    public IReadOnlyList<DemoFilm> TopTen(params string[] titles)
    {
        var films = titles.Select(title => DemoCommunity.Films.First(film => string.Equals(film.Title, title, StringComparison.Ordinal)).Id - 1).ToArray();
        var scores = new float[model.Items];
        model.Score(films.Select(film => new RatedItem(film, 5, 0)).ToArray(), scores);
        var top = new ScoredItem[10];
        var count = TopItems.Select(scores, films, top);
        return [.. top.Take(count).Select(scored => DemoCommunity.Films[scored.Item])];
    }
}

public class DemoTasteTests(DemoRecommender recommender) : IClassFixture<DemoRecommender>
{
    [Theory]
    [InlineData("Blade Runner", "2001: A Space Odyssey", "Alien", "The Matrix", "Metropolis")]
    [InlineData("Star Wars", "The Terminator", "Back to the Future", "E.T. the Extra-Terrestrial", "Jurassic Park")]
    [InlineData("Contact", "Gattaca", "District 9", "Ex Machina", "Inception")]
    public void Five_science_fiction_classics_bring_mostly_science_fiction(params string[] loved) =>
        AssertMost(loved, 7, film => Has(film, "Sci-Fi"));

    [Theory]
    [InlineData("Blade Runner", "Alien", "The Matrix")]
    [InlineData("Star Wars", "The Terminator", "E.T. the Extra-Terrestrial")]
    [InlineData("Contact", "Gattaca", "Ex Machina")]
    public void Three_science_fiction_films_already_outweigh_what_everyone_likes(params string[] loved)
    {
        AssertMost(loved, 7, film => Has(film, "Sci-Fi"));
        var everyones = recommender.TopTen();
        AssertMost(loved, 7, film => !everyones.Contains(film));
    }

    [Theory]
    [InlineData("Alien")]
    [InlineData("Notting Hill")]
    public void One_film_already_moves_half_the_list(string loved)
    {
        var everyones = recommender.TopTen();
        AssertMost([loved], 5, film => !everyones.Contains(film));
    }

    [Theory]
    [InlineData("Spirited Away", "My Neighbor Totoro", "Princess Mononoke", "Howl's Moving Castle", "Kiki's Delivery Service")]
    [InlineData("Ponyo", "The Wind Rises", "Porco Rosso", "Arrietty", "The Cat Returns")]
    public void Five_Ghibli_films_bring_animation(params string[] loved)
    {
        AssertMost(loved, 8, film => Has(film, "Animation"));
        AssertMost(loved, 5, film => Has(film, "ghibli"));
    }

    [Theory]
    [InlineData("The Exorcist", "Halloween", "The Shining", "A Nightmare on Elm Street", "Hereditary")]
    [InlineData("Psycho", "The Thing", "The Ring", "Get Out", "Scream")]
    [InlineData("Saw", "The Conjuring", "It Follows", "Hostel", "Insidious")]
    [InlineData("Nosferatu", "Dracula", "Frankenstein", "The Haunting", "Suspiria")]
    public void Horror_fans_get_horror_and_no_romantic_comedies(params string[] loved)
    {
        AssertMost(loved, 7, film => Has(film, "Horror"));
        AssertMost(loved, 10, film => !(Has(film, "Comedy") && Has(film, "Romance")));
    }

    [Theory]
    [InlineData("Romance", "Notting Hill", "When Harry Met Sally...", "Pretty Woman", "Love Actually", "Bridget Jones's Diary")]
    [InlineData("Western", "The Good, the Bad and the Ugly", "Unforgiven", "The Searchers", "High Noon", "Rio Bravo")]
    [InlineData("Film-Noir", "Double Indemnity", "The Maltese Falcon", "Out of the Past", "The Big Sleep", "Laura")]
    [InlineData("Documentary", "Hoop Dreams", "The Act of Killing", "Grizzly Man", "Free Solo", "13th")]
    [InlineData("Musical", "Singin' in the Rain", "The Sound of Music", "Cabaret", "Chicago", "West Side Story")]
    [InlineData("War", "Saving Private Ryan", "Apocalypse Now", "Das Boot", "Platoon", "Paths of Glory")]
    [InlineData("Crime", "Goodfellas", "Pulp Fiction", "Heat", "The Godfather", "Seven")]
    [InlineData("indian", "Lagaan: Once Upon a Time in India", "3 Idiots", "Sholay", "Dilwale Dulhania Le Jayenge", "Dangal")]
    [InlineData("Children", "Toy Story", "Finding Nemo", "The Lion King", "Paddington 2", "Moana")]
    public void A_clear_taste_is_met(string genreOrTrait, params string[] loved) =>
        AssertMost(loved, 7, film => Has(film, genreOrTrait));

    [Fact]
    public void People_of_different_tastes_get_different_lists()
    {
        var lists = new[]
        {
            recommender.TopTen("The Exorcist", "Halloween", "The Shining", "A Nightmare on Elm Street", "Hereditary"),
            recommender.TopTen("Notting Hill", "Pretty Woman", "Love Actually", "Clueless", "Bridget Jones's Diary"),
            recommender.TopTen("Persona", "8½", "The 400 Blows", "Mirror", "L'Avventura"),
            recommender.TopTen("Die Hard", "The Dark Knight", "John Wick", "The Avengers", "Gladiator"),
        };
        foreach (var (list, i) in lists.Select((list, i) => (list, i)))
            Assert.All(lists.Skip(i + 1), other => Assert.InRange(list.Intersect(other).Count(), 0, 2));
    }

    static bool Has(DemoFilm film, string genreOrTrait) =>
        film.Genres.Concat(film.Traits).Contains(genreOrTrait, StringComparer.Ordinal);

    void AssertMost(string[] loved, int atLeast, Func<DemoFilm, bool> fits)
    {
        var top = recommender.TopTen(loved);
        Assert.Equal(10, top.Count);
        Assert.True(top.Count(fits) >= atLeast,
            $"Only {top.Count(fits)} of: {string.Join("; ", top.Select(film => $"{film.Title} ({film.Year}) {string.Join('|', film.Genres)}"))}");
    }
}
