using MovieRecommender.Domain.Catalog.Demo;

namespace MovieRecommender.Tests.Catalog;

public class DemoCommunityTests
{
    static readonly string[] KnownGenres =
    [
        "Action", "Adventure", "Animation", "Children", "Comedy", "Crime", "Documentary", "Drama", "Fantasy", "Film-Noir",
        "Horror", "IMAX", "Musical", "Mystery", "Romance", "Sci-Fi", "Thriller", "War", "Western",
    ];

    static readonly IReadOnlyList<DemoRating> Ratings = DemoCommunity.Ratings();

    [Fact]
    public void The_catalogue_spans_eras_and_is_large_enough_to_browse()
    {
        Assert.InRange(DemoCommunity.Films.Count, 650, 2_000);
        Assert.Equal(1902, DemoCommunity.Films.Min(film => film.Year));
        Assert.Equal(2024, DemoCommunity.Films.Max(film => film.Year));
        Assert.All(Enumerable.Range(190, 13), decade => Assert.True(
            decade is 191 || DemoCommunity.Films.Any(film => film.Year / 10 == decade), $"no film of the {decade}0s"));
    }

    [Theory]
    [InlineData("Sci-Fi", 60)]
    [InlineData("Horror", 50)]
    [InlineData("Romance", 40)]
    [InlineData("War", 40)]
    [InlineData("Western", 40)]
    [InlineData("Documentary", 30)]
    [InlineData("Musical", 25)]
    [InlineData("Children", 40)]
    [InlineData("Animation", 40)]
    [InlineData("Film-Noir", 20)]
    [InlineData("ghibli", 12)]
    public void Every_corner_of_cinema_has_enough_films_for_a_top_ten(string genreOrTrait, int atLeast)
    {
        var count = DemoCommunity.Films.Count(film => film.Genres.Concat(film.Traits).Contains(genreOrTrait, StringComparer.Ordinal));
        Assert.True(count >= atLeast, $"{genreOrTrait}: {count}");
    }

    [Fact]
    public void Ids_run_from_one_without_gaps() =>
        Assert.Equal(Enumerable.Range(1, DemoCommunity.Films.Count), DemoCommunity.Films.Select(film => film.Id));

    [Fact]
    public void No_film_is_listed_twice()
    {
        var twice = DemoCommunity.Films
            .GroupBy(film => $"{film.Title} ({film.Year})", StringComparer.OrdinalIgnoreCase)
            .Where(group => group.Count() > 1)
            .Select(group => group.Key);
        Assert.Empty(twice);
        var ids = DemoCommunity.Films.Select(film => film.ImdbId).OfType<string>().ToList();
        Assert.Equal(ids.Count, ids.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void Every_film_is_complete_and_uses_known_names()
    {
        Assert.All(DemoCommunity.Films, film =>
        {
            Assert.Equal(film.Title.Trim(), film.Title);
            Assert.NotEmpty(film.Title);
            Assert.NotEmpty(film.Genres);
            Assert.All(film.Genres, genre => Assert.Contains(genre, KnownGenres, StringComparer.Ordinal));
            Assert.True(film.Genres.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).SequenceEqual(film.Genres, StringComparer.Ordinal), film.Title);
            Assert.InRange(film.Traits.Count, 1, 4);
            Assert.All(film.Traits, trait => Assert.Equal(trait.Trim().ToLowerInvariant(), trait));
            Assert.True(film.ImdbId is null || (film.ImdbId.Length == 7 && film.ImdbId.All(char.IsAsciiDigit)), film.Title);
        });
    }

    [Fact]
    public void Every_taste_speaks_of_features_that_films_have()
    {
        var known = DemoCommunity.Films.SelectMany(film => film.Genres.Concat(film.Traits)).Concat(["world", "vintage", "blockbuster"]).ToHashSet(StringComparer.Ordinal);
        Assert.All(DemoTastes.All, taste => Assert.All(taste.Likes.Keys, feature => Assert.Contains(feature, known)));
        Assert.All(DemoTastes.OutsideHollywood, trait => Assert.Contains(trait, known));
    }

    [Fact]
    public void The_community_is_the_same_at_every_call()
    {
        Assert.Equal(Ratings, DemoCommunity.Ratings());
        Assert.Equal(DemoCommunity.Tags(), DemoCommunity.Tags());
    }

    [Fact]
    public void Ratings_are_well_formed_and_ordered_by_viewer_and_time()
    {
        Assert.InRange(Ratings.Count, 25_000, 40_000);
        Assert.Equal(Enumerable.Range(1, DemoCommunity.Viewers), Ratings.Select(rating => rating.ViewerId).Distinct());
        Assert.All(Ratings, rating =>
        {
            Assert.InRange(rating.FilmId, 1, DemoCommunity.Films.Count);
            Assert.InRange(rating.Stars, .5, 5);
            Assert.Equal(Math.Round(rating.Stars * 2), rating.Stars * 2);
        });
        Assert.Equal(Ratings.Count, Ratings.Select(rating => (rating.ViewerId, rating.FilmId)).Distinct().Count());
        Assert.Equal(Ratings.OrderBy(rating => rating.ViewerId).ThenBy(rating => rating.UnixSeconds), Ratings);
        Assert.All(Ratings.CountBy(rating => rating.ViewerId), viewer => Assert.True(viewer.Value >= 20));
    }

    [Fact]
    public void Nobody_rates_a_film_before_its_year_or_after_2024()
    {
        var end = new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);
        Assert.All(Ratings, rating =>
        {
            var when = DateTimeOffset.FromUnixTimeSeconds(rating.UnixSeconds);
            Assert.True(when < end && when.Year >= DemoCommunity.Films[rating.FilmId - 1].Year);
        });
    }

    [Fact]
    public void Stars_are_spread_as_people_spread_them()
    {
        var shares = Ratings.CountBy(rating => rating.Stars).ToDictionary(pair => pair.Key, pair => (double)pair.Value / Ratings.Count);
        Assert.InRange(Ratings.Average(rating => rating.Stars), 3.4, 3.65);
        Assert.Equal(4, shares.MaxBy(pair => pair.Value).Key);
        Assert.Equal(10, shares.Count);
        Assert.InRange(shares[5], .08, .2);
        Assert.InRange(shares.Where(pair => pair.Key <= 2).Sum(pair => pair.Value), .08, .2);
    }

    [Fact]
    public void Popularity_has_a_long_tail()
    {
        var counts = Ratings.CountBy(rating => rating.FilmId).Select(pair => pair.Value).OrderDescending().ToList();
        // A film with fewer ratings is not ranked at all, which few should suffer.
        Assert.InRange(counts.Count(count => count >= 5) / (double)DemoCommunity.Films.Count, .97, 1);
        Assert.InRange(counts.Take(counts.Count / 10).Sum() / (double)Ratings.Count, .2, .5);
    }

    [Fact]
    public void Neighbours_in_time_are_related()
    {
        static double SharedGenres(DemoRating a, DemoRating b) =>
            DemoCommunity.Films[a.FilmId - 1].Genres.Intersect(DemoCommunity.Films[b.FilmId - 1].Genres, StringComparer.Ordinal).Count();

        var sessions = Ratings.Zip(Ratings.Skip(1)).Where(pair => pair.First.ViewerId == pair.Second.ViewerId).ToList();
        var neighbours = sessions.Average(pair => SharedGenres(pair.First, pair.Second));
        var strangers = Ratings.GroupBy(rating => rating.ViewerId)
            .SelectMany(group => group.Zip(group.Skip(group.Count() / 2)))
            .Average(pair => SharedGenres(pair.First, pair.Second));
        Assert.True(neighbours > 1.15 * strangers, $"{neighbours:F2} genres shared by neighbours, {strangers:F2} by others");
    }

    [Fact]
    public void Tags_are_traits_of_films_their_viewer_liked()
    {
        var stars = Ratings.ToDictionary(rating => (rating.ViewerId, rating.FilmId), rating => rating.Stars);
        var tags = DemoCommunity.Tags().ToList();
        Assert.InRange(tags.Count, 500, 5_000);
        Assert.All(tags, tag =>
        {
            Assert.Contains(tag.Tag, DemoCommunity.Films[tag.FilmId - 1].Traits, StringComparer.Ordinal);
            Assert.True(stars[(tag.ViewerId, tag.FilmId)] >= 4);
        });
    }
}
