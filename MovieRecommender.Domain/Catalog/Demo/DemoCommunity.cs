namespace MovieRecommender.Domain.Catalog.Demo;

/// <summary>A rating by a simulated viewer.</summary>
/// <param name="ViewerId">From 1.</param>
/// <param name="FilmId"><see cref="DemoFilm.Id"/>.</param>
/// <param name="Stars">0.5 to 5 in halves.</param>
/// <param name="UnixSeconds">UTC; never before the film was out.</param>
public readonly record struct DemoRating(int ViewerId, int FilmId, double Stars, long UnixSeconds);

/// <summary>
/// A simulated community: real films, rated by viewers who do not exist. It lets a new installation recommend
/// sensibly before it holds any data of its own. The numbers describe the simulation and nothing else;
/// whatever shows them says "a simulated community".
/// </summary>
/// <remarks>
/// Each viewer loves one to three kinds of film (<see cref="DemoTastes"/>), a few particular things (Hitchcock, heists,
/// Pixar) and an era. They mostly watch what they love and what is famous, and rate by taste, the film's acclaim,
/// their own strictness and chance. All of it follows from one seed.
/// </remarks>
public static class DemoCommunity
{
    /// <summary>How many viewers there are; their ids run from 1 to this.</summary>
    public const int Viewers = 460;

    const int Seed = 1895; // the first public screening
    const int DayInSeconds = 86_400;

    static readonly long FirstDay = new DateTimeOffset(2015, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds();
    static readonly long LastSecond = new DateTimeOffset(2024, 12, 31, 23, 59, 59, TimeSpan.Zero).ToUnixTimeSeconds();

    static readonly Lazy<DemoFilmPrior[]> Priors = new(DemoFilms.Read);
    static readonly Lazy<DemoFilm[]> PublicFilms = new(() => [.. Priors.Value.Select(prior => prior.Film)]);

    /// <summary>The films, in order of id.</summary>
    public static IReadOnlyList<DemoFilm> Films => PublicFilms.Value;

    /// <summary>All ratings, by viewer and then by time. Generated at each call, always the same.</summary>
    public static IReadOnlyList<DemoRating> Ratings()
    {
        var world = new DemoWorld(Priors.Value, new Random(Seed));
        var ratings = new List<DemoRating>();
        for (var viewer = 1; viewer <= Viewers; viewer++)
            AddRatings(world, viewer, ratings);
        return ratings;
    }

    /// <summary>Tags that some viewers gave to films they liked, by viewer and then by time; always the same.</summary>
    public static IEnumerable<(int ViewerId, int FilmId, string Tag, long UnixSeconds)> Tags()
    {
        var random = new Random(Seed + 1);
        foreach (var rating in Ratings())
        {
            // Every third viewer tags, and then about every fourth film they liked.
            if (rating.ViewerId % 3 != 0 || rating.Stars < 4 || random.NextDouble() > .25)
                continue;
            var traits = Films[rating.FilmId - 1].Traits;
            yield return (rating.ViewerId, rating.FilmId, traits[random.Next(traits.Count)], rating.UnixSeconds + 3);
        }
    }

    static void AddRatings(DemoWorld world, int viewerId, List<DemoRating> ratings)
    {
        var random = world.Random;
        var viewer = world.NewViewer(viewerId);
        var sessions = SessionTimes(random, viewer.FilmCount);
        var pool = world.Choose(viewer, sessions[^1]);
        var now = 0L;
        for (var s = 0; s < sessions.Length; s++)
        {
            var size = pool.Count / (sessions.Length - s); // the last session takes what is left
            now = Math.Max(now, sessions[s]);
            foreach (var film in Evening(world, pool, size, sessions[s]))
            {
                ratings.Add(new DemoRating(viewerId, film + 1, world.Stars(viewer, film), now));
                now += 5 + random.Next(40);
            }
        }
    }

    /// <summary>
    /// When the viewer sat down to rate, oldest first. Half of them are still around at the end of the span, so that
    /// the newest films have ratings too.
    /// </summary>
    static long[] SessionTimes(Random random, int films)
    {
        var end = random.NextDouble() < .5
            ? LastSecond - random.NextInt64(DayInSeconds, 25 * DayInSeconds)
            : FirstDay + (long)((LastSecond - FirstDay) * (.2 + .8 * random.NextDouble()));
        var activity = (long)((end - FirstDay) * Math.Pow(random.NextDouble(), 2));
        var times = new long[Math.Max(1, films / 14)];
        for (var i = 0; i < times.Length - 1; i++)
            times[i] = end - random.NextInt64(activity + 1);
        times[^1] = end;
        Array.Sort(times);
        return times;
    }

    /// <summary>
    /// Takes one session's films out of the pool: a film, then what shares a theme with it (its director, its genre),
    /// then the next theme. So neighbours in time are related, as they are when people browse and rate.
    /// </summary>
    static List<int> Evening(DemoWorld world, List<int> pool, int size, long start)
    {
        var random = world.Random;
        var evening = new List<int>(size);
        while (evening.Count < size)
        {
            var possible = pool.FindAll(film => world.IsOut(film, start));
            if (possible.Count == 0)
                break;
            var seed = world.Films[possible[random.Next(possible.Count)]].Film;
            var features = random.NextDouble() < .5 ? seed.Traits : seed.Genres;
            var theme = features[random.Next(features.Count)];
            var related = possible.FindAll(film => world.Films[film].Has(theme));
            evening.AddRange(related.Take(Math.Min(6, size - evening.Count)));
            pool.RemoveAll(evening.Contains);
        }
        return evening;
    }
}
