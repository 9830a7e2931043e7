using Microsoft.EntityFrameworkCore;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Catalog;
using MovieRecommender.Domain.Ratings;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Domain.Curation;

/// <summary>The data in figures.</summary>
/// <param name="RatedFilms">Films with at least one rating.</param>
/// <param name="Viewers">People with at least one rating.</param>
/// <param name="Density">Share of all pairs of a rated film and a person that have a rating, 0 to 1.</param>
/// <param name="MedianOfViewers">Half of the people have rated no more than this.</param>
/// <param name="MedianOfFilms">Half of the rated films have no more ratings than this.</param>
/// <param name="Distribution">Ratings with half a star to five: ten counts.</param>
/// <param name="Tail">Share of all ratings that the best known films have together, at every hundredth of the rated films: 101 numbers from 0 to 1.</param>
public sealed record DataFigures(
    int Films, int HiddenFilms, int RatedFilms, int Viewers, long Ratings, double Density, double MeanStars, int MedianOfViewers, int MedianOfFilms,
    IReadOnlyList<long> Distribution, IReadOnlyList<double> Tail);

/// <summary>Reckons the data in figures, once for each state of the ratings.</summary>
public sealed class DataStatistics(Store store, MovieCatalog catalog)
{
    const int TailSteps = 100;
    volatile Known? _known;

    sealed record Known(long Revision, DataFigures Figures);

    public async Task<DataFigures> ReadAsync(Caller caller, CancellationToken cancellationToken = default)
    {
        caller.RequireAdmin();
        var revision = await store.ReadAsync(db => db.ReadStateAsync(StoreState.RatingsRevision, cancellationToken), cancellationToken);
        var known = _known;
        if (known?.Revision != revision)
        {
            var (distribution, perViewer) = await store.ReadSnapshotAsync(async db => (
                await db.Ratings.GroupBy(rating => rating.HalfStars).Select(group => new { group.Key, Count = group.LongCount() }).ToDictionaryAsync(group => (int)group.Key, group => group.Count, cancellationToken),
                await db.Ratings.GroupBy(rating => rating.ViewerId).Select(group => group.Count()).ToListAsync(cancellationToken)), cancellationToken);
            _known = known = new(revision, Of([.. Enumerable.Range(1, 10).Select(half => distribution.GetValueOrDefault(half))], perViewer, [.. catalog.Films.Select(film => film.RatingCount).Where(count => count > 0)]));
        }
        return known.Figures with { Films = catalog.Films.Count, HiddenFilms = catalog.Films.Count(film => film.IsHidden) };
    }

    internal static DataFigures Of(long[] distribution, List<int> perViewer, int[] perFilm)
    {
        var ratings = distribution.Sum();
        Array.Sort(perFilm, (a, b) => b.CompareTo(a));
        perViewer.Sort();
        var tail = new double[TailSteps + 1];
        var together = 0L;
        for (int step = 1, film = 0; step <= TailSteps; step++)
        {
            for (; film < (long)perFilm.Length * step / TailSteps; film++) together += perFilm[film];
            tail[step] = together / (double)Math.Max(1, perFilm.Sum(count => (long)count));
        }
        return new(0, 0, perFilm.Length, perViewer.Count, ratings,
            ratings / Math.Max(1.0, (double)perFilm.Length * perViewer.Count),
            ratings == 0 ? 0 : distribution.Select((count, half) => count * (half + 1) / 2.0).Sum() / ratings,
            perViewer.Count == 0 ? 0 : perViewer[(perViewer.Count - 1) / 2], perFilm.Length == 0 ? 0 : perFilm[perFilm.Length / 2], distribution, tail);
    }
}
