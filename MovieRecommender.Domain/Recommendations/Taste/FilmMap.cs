using MovieRecommender.Domain.Catalog;
using MovieRecommender.Domain.Factorization;
using MovieRecommender.Domain.Models;

namespace MovieRecommender.Domain.Recommendations.Taste;

/// <summary>
/// Well-known films on a plane: each film is described by what it would recommend of the others, and the two leading
/// principal components of those descriptions place it (power iteration with deflation). Films loved by the same people lie together.
/// </summary>
sealed class FilmMap
{
    const int Films = 160;
    const int Iterations = 60;

    FilmMap(int version, IReadOnlyList<(Film Film, double X, double Y)> points) => (Version, Points) = (version, points);

    public int Version { get; }

    public IReadOnlyList<(Film Film, double X, double Y)> Points { get; }

    public static FilmMap Draw(ServingModel model, MovieCatalog catalog)
    {
        var scores = new float[model.MovieIds.Count];
        model.Ranking.Score([], scores);
        var films = catalog.Films.Where(film => model.ItemOf(film.Id) is >= 0 and var item && !float.IsNegativeInfinity(scores[item]))
            .OrderByDescending(film => film.RatingCount).ThenBy(film => film.Id).Take(Films).ToArray();
        var rows = Array.ConvertAll(films, film => Describe(model, films, model.ItemOf(film.Id), scores));
        Center(rows);
        var x = Component(rows);
        Deflate(rows, x);
        var y = Component(rows);
        var (across, down) = (Spread(x), Spread(y));
        return new(model.Version, [.. films.Select((film, i) => (film, across[i], down[i]))]);
    }

    static double[] Describe(ServingModel model, Film[] films, int item, float[] scores)
    {
        model.Ranking.Score([new RatedItem(item, 5, 1)], scores);
        var row = Array.ConvertAll(films, film => (double)scores[model.ItemOf(film.Id)]);
        var length = Math.Sqrt(row.Sum(value => value * value));
        return length > 0 ? Array.ConvertAll(row, value => value / length) : row;
    }

    static void Center(double[][] rows)
    {
        for (var column = 0; column < rows.Length; column++)
        {
            var mean = rows.Average(row => row[column]);
            foreach (var row in rows) row[column] -= mean;
        }
    }

    /// <summary>The rows' coordinates along the direction in which they differ most.</summary>
    static double[] Component(double[][] rows)
    {
        var place = Enumerable.Range(0, rows.Length).Select(i => Math.Sin(i + 1)).ToArray();
        for (var iteration = 0; iteration < Iterations; iteration++)
        {
            var direction = Direction(rows, place);
            place = Array.ConvertAll(rows, row => row.Zip(direction, (a, b) => a * b).Sum());
        }
        return place;
    }

    static void Deflate(double[][] rows, double[] place)
    {
        var direction = Direction(rows, place);
        foreach (var row in rows)
        {
            var along = row.Zip(direction, (a, b) => a * b).Sum();
            for (var i = 0; i < row.Length; i++) row[i] -= along * direction[i];
        }
    }

    static double[] Direction(double[][] rows, double[] place)
    {
        var direction = new double[rows.Length];
        for (var r = 0; r < rows.Length; r++)
            for (var i = 0; i < direction.Length; i++) direction[i] += place[r] * rows[r][i];
        var length = Math.Sqrt(direction.Sum(value => value * value));
        return length > 0 ? Array.ConvertAll(direction, value => value / length) : direction;
    }

    /// <summary>0 to 1 by rank rather than by value, so that a few far-off films do not press the rest into a corner.</summary>
    static double[] Spread(double[] values)
    {
        var places = new double[values.Length];
        var order = Enumerable.Range(0, values.Length).OrderBy(i => values[i]).ToArray();
        for (var rank = 0; rank < order.Length; rank++) places[order[rank]] = (rank + 0.5) / order.Length;
        return places;
    }
}
