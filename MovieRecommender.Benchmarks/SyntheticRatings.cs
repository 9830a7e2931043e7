using MovieRecommender.Domain.Factorization;

namespace MovieRecommender.Benchmarks;

/// <summary>
/// Ratings as a large site has them: films' popularity by Zipf's law, people's activity log-normal, stars from biases and a
/// low-rank taste plus noise, rounded to halves. The same seed gives the same ratings.
/// </summary>
static class SyntheticRatings
{
    const int Rank = 8;
    const double Noise = 0.75;

    /// <summary>
    /// <paramref name="count"/> ratings, one after the other and never all in memory; the same each time they are gone through.
    /// A pair may occur twice, which <see cref="RatingMatrix"/> settles.
    /// </summary>
    internal static IEnumerable<RatingEntry> Generate(int people, int films, int count, int seed)
    {
        var random = new Random(seed);
        var popularity = Cumulative(films, film => 1 / Math.Pow(film + 10, 0.9));
        var activity = Cumulative(people, _ => Math.Exp(1.2 * Normal(random)));
        var filmBias = Normals(random, films, 0.45);
        var personBias = Normals(random, people, 0.4);
        var filmTaste = Normals(random, films * Rank, 0.4);
        var personTaste = Normals(random, people * Rank, 0.4);
        for (var i = 0; i < count; i++)
        {
            int user = Draw(activity, random), film = Draw(popularity, random);
            var stars = 3.5 + filmBias[film] + personBias[user] + (Noise * Normal(random));
            for (var k = 0; k < Rank; k++)
                stars += filmTaste[(film * Rank) + k] * personTaste[(user * Rank) + k];
            yield return new RatingEntry(user, film, (float)Math.Clamp(Math.Round(2 * stars) / 2, 0.5, 5), 1_000_000_000 + i);
        }
    }

    static double[] Cumulative(int count, Func<int, double> weight)
    {
        var sums = new double[count];
        double sum = 0;
        for (var i = 0; i < count; i++)
            sums[i] = sum += weight(i);
        return sums;
    }

    static int Draw(double[] sums, Random random)
    {
        var at = Array.BinarySearch(sums, random.NextDouble() * sums[^1]);
        return Math.Min(at < 0 ? ~at : at, sums.Length - 1);
    }

    static float[] Normals(Random random, int count, double spread)
    {
        var values = new float[count];
        foreach (ref var value in values.AsSpan())
            value = (float)(spread * Normal(random));
        return values;
    }

    static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
