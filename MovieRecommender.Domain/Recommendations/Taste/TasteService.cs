using Microsoft.EntityFrameworkCore;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Catalog;
using MovieRecommender.Domain.Models;
using MovieRecommender.Domain.Ratings;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Domain.Recommendations.Taste;

/// <summary>What a viewer's ratings say of them, against everybody's.</summary>
public sealed class TasteService(Store store, RatingService ratings, MovieCatalog catalog, LiveModel live)
{
    /// <summary>This many imagined average films draw a genre's lift towards 0.</summary>
    const int GenreDamping = 3;
    const int FewestOfGenre = 2;
    const int GemRaters = 20;
    const int MostGems = 12;
    volatile FilmMap? _map;

    /// <summary>The caller's profile, or null while they have rated nothing.</summary>
    public async Task<TasteProfile?> MineAsync(Caller caller, CancellationToken cancellationToken = default)
    {
        var mine = await ratings.MineAsync(caller, cancellationToken);
        if (mine.Count == 0) return null;
        var community = await CommunityAsync(cancellationToken);
        var predictions = await ratings.PredictedAndGivenAsync(caller, cancellationToken);
        var films = mine.Select(rating => (Film: catalog.Find(rating.MovieId), rating.Stars)).Where(entry => entry.Film is not null).Select(entry => (Film: entry.Film!, entry.Stars)).ToList();
        var mean = mine.Average(rating => rating.Stars);
        return new(
            mine.Count, mean, community.Select((share, half) => share * (half + 1) / 2).Sum(),
            Shares(mine.GroupBy(rating => (int)(rating.Stars * 2)).ToDictionary(group => group.Key, group => (long)group.Count())), community,
            GenresOf(films, mean),
            [.. films.Where(entry => entry.Film.Year is not null).GroupBy(entry => entry.Film.Year!.Value / 10 * 10).OrderBy(group => group.Key).Select(group => (group.Key, group.Count()))],
            [.. films.Where(entry => entry.Stars >= 4 && entry.Film.RatingCount < GemRaters).OrderByDescending(entry => entry.Stars).ThenBy(entry => entry.Film.RatingCount).Take(MostGems).Select(entry => entry.Film)],
            predictions.Count == 0 ? null : new(predictions.Count, predictions.Average(pair => Math.Abs(pair.Predicted - pair.Stars))),
            await MapAsync([.. films.Select(entry => entry.Film.Id)], cancellationToken));
    }

    static List<GenreLift> GenresOf(List<(Film Film, double Stars)> films, double mean)
        => [.. films.SelectMany(entry => entry.Film.Genres.Select(genre => (genre, entry.Stars)))
            .GroupBy(entry => entry.genre, StringComparer.Ordinal).Where(group => group.Count() >= FewestOfGenre)
            .Select(group => new GenreLift(group.Key, group.Count(), group.Sum(entry => entry.Stars - mean) / (group.Count() + GenreDamping)))
            .OrderByDescending(genre => genre.Lift)];

    Task<double[]> CommunityAsync(CancellationToken cancellationToken)
        => store.ReadAsync(async db => Shares(await db.Ratings.GroupBy(rating => rating.HalfStars)
            .Select(group => new { Halves = (int)group.Key, Count = group.LongCount() }).ToDictionaryAsync(group => group.Halves, group => group.Count, cancellationToken)), cancellationToken);

    static double[] Shares(Dictionary<int, long> counts)
    {
        var total = Math.Max(1, counts.Values.Sum());
        return [.. Enumerable.Range(1, 10).Select(half => counts.GetValueOrDefault(half) / (double)total)];
    }

    async Task<IReadOnlyList<MapPoint>> MapAsync(HashSet<int> mine, CancellationToken cancellationToken)
    {
        if (live.Current is not { } model) return [];
        var map = _map;
        // Two who come at once may both draw it; they draw the same.
        if (map?.Version != model.Version) _map = map = await Task.Run(() => FilmMap.Draw(model, catalog), cancellationToken);
        return [.. map.Points.Where(point => catalog.Find(point.Film.Id) is { IsHidden: false }).Select(point => new MapPoint(point.Film, point.X, point.Y, mine.Contains(point.Film.Id)))];
    }
}
