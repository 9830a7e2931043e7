using MovieRecommender.Domain.Factorization;

namespace MovieRecommender.Tests.Factorization;

/// <summary>Small communities whose right answers are known by construction.</summary>
static class ToyWorlds
{
    /// <summary>Even people love even films and dislike odd ones, odd people the other way round; each leaves out about a quarter.</summary>
    internal static TrainingSet Checkerboard(int people = 40, int films = 20, bool timed = true)
    {
        var ratings = new List<RatingEntry>();
        for (var user = 0; user < people; user++)
        {
            for (var item = 0; item < films; item++)
            {
                if (((user / 2) + (item / 2)) % 4 != 0)
                    ratings.Add(new RatingEntry(user, item, user % 2 == item % 2 ? 5 : 1, timed ? 1_000_000 + (user * 50_000) + (item * 1000) : 0));
            }
        }
        return Of(people, films, [.. ratings]);
    }

    /// <summary>Three kinds of people and of films, about a quarter of all pairs, half a star of noise; no times.</summary>
    internal static TrainingSet NoisyTastes(int people, int films)
    {
        var random = new Random(5);
        var ratings = new List<RatingEntry>();
        for (var user = 0; user < people; user++)
        {
            for (var item = 0; item < films; item++)
            {
                var liking = (user % 3 == item % 3 ? 4.0 : 2.5) + random.NextDouble() - 0.5;
                if (random.NextDouble() < 0.25)
                    ratings.Add(new RatingEntry(user, item, (float)Math.Clamp(Math.Round(2 * liking) / 2, 0.5, 5), 0));
            }
        }
        return Of(people, films, [.. ratings]);
    }

    internal static TrainingSet Of(int people, int films, RatingEntry[] ratings) =>
        new(RatingMatrix.Build(people, films, ratings), Features(films));

    internal static ItemFeatures Features(int films) => new(
        [.. Enumerable.Range(0, films).Select(item => (IReadOnlyList<string>)(item % 3 == 0 ? ["Comedy"] : ["Drama", "War"]))],
        [.. Enumerable.Range(0, films).Select(item => item % 7 == 0 ? (int?)null : 1950 + (3 * item % 70))],
        [.. Enumerable.Range(0, films).Select(item => (IReadOnlyList<string>)(item % 5 == 0 ? ["slow"] : []))]);
}
