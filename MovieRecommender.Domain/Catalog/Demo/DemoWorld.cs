namespace MovieRecommender.Domain.Catalog.Demo;

/// <summary>One simulated viewer: what they love and how they rate.</summary>
/// <param name="Taste">Attraction to each film by index, about -2 to 2.5.</param>
/// <param name="FilmCount">How many films they rate.</param>
/// <param name="Bias">Stars they give above the average viewer.</param>
/// <param name="UsesHalves">Whether they give half stars at all.</param>
internal sealed record DemoViewer(double[] Taste, int FilmCount, double Bias, bool UsesHalves);

/// <summary>The laws of the simulation: how viewers come about, what they watch and what they think of it.</summary>
internal sealed class DemoWorld
{
    readonly double[][] affinities; // by taste, then by film
    readonly int[][] fandoms;       // films that share a trait, such as a director
    readonly List<int>[] fandomsOfFilm; // by film: which fandoms it belongs to
    readonly double[] quality;      // stars above the average film
    readonly double[] pull;         // log weight of being watched by anyone
    readonly long[] released;       // unix seconds

    /// <summary>Draws the hidden quality and popularity of each film.</summary>
    public DemoWorld(DemoFilmPrior[] films, Random random)
    {
        Films = films;
        Random = random;
        affinities = [.. DemoTastes.All.Select(taste => films.Select(taste.Affinity).ToArray())];
        quality = [.. films.Select(film => .42 * (film.Acclaim - 3.6) + .2 * Normal())];
        pull = [.. films.Select(film => .58 * film.Fame + .25 * Normal())];
        released = [.. films.Select(film => new DateTimeOffset(film.Film.Year, 12, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds())];

        // A trait of very many films is a genre rather than a passion.
        fandoms = [.. films
            .SelectMany(film => film.Film.Traits.Select(trait => (Trait: trait, Film: film.Film.Id - 1)))
            .GroupBy(pair => pair.Trait, pair => pair.Film, StringComparer.Ordinal)
            .Select(group => group.ToArray())
            .Where(group => group.Length is >= 3 and <= 26)];
        var memberships = films.Select(_ => new List<int>()).ToArray();
        for (var fandom = 0; fandom < fandoms.Length; fandom++)
        {
            foreach (var film in fandoms[fandom])
                memberships[film].Add(fandom);
        }
        fandomsOfFilm = memberships;
    }

    /// <summary>The films, by index (id - 1).</summary>
    public DemoFilmPrior[] Films { get; }

    /// <summary>The one source of chance; the order of draws is part of the result.</summary>
    public Random Random { get; }

    /// <summary>Whether a film is out. It counts as out from December of its year: late for most, too early for none.</summary>
    public bool IsOut(int film, long unixSeconds) => released[film] <= unixSeconds;

    /// <summary>Draws a viewer. First loves go round, so that each kind of lover is there in strength.</summary>
    public DemoViewer NewViewer(int viewerId)
    {
        var first = (viewerId - 1) % DemoTastes.All.Length;
        var second = Random.NextDouble() < .5 ? Random.Next(DemoTastes.All.Length) : first;
        var third = Random.NextDouble() < .2 ? Random.Next(DemoTastes.All.Length) : first;
        var era = DemoTastes.All[first].Era + 9 * Normal();
        var eraWidth = 18 + 14 * Random.NextDouble();

        var taste = new double[Films.Length];
        for (var film = 0; film < taste.Length; film++)
        {
            // The strongest love decides: who loves westerns and musicals wants either, not the average of both.
            var best = Math.Max(affinities[first][film], Math.Max(.7 * affinities[second][film], .5 * affinities[third][film]));
            var years = (Films[film].Film.Year - era) / eraWidth;
            taste[film] = best - .2 * Math.Min(years * years, 4);
        }
        AddFandoms(taste);
        var count = Math.Clamp((int)Math.Exp(4.25 + .55 * Normal()), 20, 320);
        return new DemoViewer(taste, count, .3 * Normal(), Random.NextDouble() < .75);
    }

    /// <summary>Gives a viewer a few passions within what they like anyway: one horror fan is for zombies, another for ghosts.</summary>
    void AddFandoms(double[] taste)
    {
        var before = (double[])taste.Clone();
        for (var f = 0; f < 4; f++)
        {
            var liked = Enumerable.Range(0, 20).Select(_ => Random.Next(taste.Length)).MaxBy(film => before[film]);
            if (fandomsOfFilm[liked] is not { Count: > 0 } candidates)
                continue;
            foreach (var film in fandoms[candidates[Random.Next(candidates.Count)]])
                taste[film] = Math.Max(taste[film], Math.Min(before[film] + .6, 2));
        }
    }

    /// <summary>
    /// The films a viewer has seen by then, each drawn in proportion to fame and taste, without repetition
    /// (the largest keys of Efraimidis and Spirakis's weighted reservoir, in logarithms).
    /// </summary>
    public List<int> Choose(DemoViewer viewer, long unixSeconds)
    {
        var keys = new double[Films.Length];
        var films = new int[Films.Length];
        var available = 0;
        for (var film = 0; film < Films.Length; film++)
        {
            var gumbel = -Math.Log(-Math.Log(1 - Random.NextDouble()));
            if (!IsOut(film, unixSeconds))
                continue;
            // Not every film is one's own choice: some are seen with friends, or on a plane.
            var wanted = Random.NextDouble() < .05 ? .2 : viewer.Taste[film];
            films[available] = film;
            keys[available++] = -(pull[film] + 2.5 * wanted + gumbel);
        }
        Array.Sort(keys, films, 0, available);
        return [.. films.AsSpan(0, Math.Min(viewer.FilmCount, available))];
    }

    /// <summary>What a viewer thinks of a film, in half stars.</summary>
    public double Stars(DemoViewer viewer, int film)
    {
        var opinion = 3.15 + viewer.Bias + quality[film] + .68 * viewer.Taste[film] + .58 * Normal();
        if (Random.NextDouble() < .05)
            opinion -= 1.5; // the wrong evening for it
        // Whole stars are commoner than halves, as everywhere that offers both.
        var halves = viewer.UsesHalves && Random.NextDouble() < .7;
        var stars = halves ? Math.Round(2 * opinion) / 2 : Math.Round(opinion);
        return Math.Clamp(stars, .5, 5);
    }

    /// <summary>A standard normal draw (Box and Muller's transform).</summary>
    double Normal() => Math.Sqrt(-2 * Math.Log(1 - Random.NextDouble())) * Math.Cos(2 * Math.PI * Random.NextDouble());
}
