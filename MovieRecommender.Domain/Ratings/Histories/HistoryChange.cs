using Microsoft.EntityFrameworkCore;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Domain.Ratings.Histories;

/// <summary>How one film stood before an import, and the stars and mark that the import gave it.</summary>
public sealed record HistoryStep(int MovieId, byte? Halves, long RatedAt, MarkKind? Mark, byte? NewHalves, MarkKind? NewMark);

/// <summary>Many ratings and marks of one viewer, changed in the caller's transaction.</summary>
sealed class HistoryChange
{
    readonly AppDbContext _db;
    readonly int _viewer;
    readonly Dictionary<int, Rating> _ratings;
    readonly Dictionary<int, Mark> _marks;
    readonly Dictionary<int, (int Ratings, int Halves)> _counts = [];
    readonly List<HistoryStep> _steps = [];

    HistoryChange(AppDbContext db, int viewer, Dictionary<int, Rating> ratings, Dictionary<int, Mark> marks)
        => (_db, _viewer, _ratings, _marks) = (db, viewer, ratings, marks);

    public IReadOnlyList<HistoryStep> Steps => _steps;

    /// <summary>By how much each film's number of ratings and sum of half stars changed.</summary>
    public IReadOnlyDictionary<int, (int Ratings, int Halves)> Counts => _counts;

    public static async Task<HistoryChange> BeginAsync(AppDbContext db, int viewer, CancellationToken cancellationToken) => new(db, viewer,
        await db.Ratings.Where(rating => rating.ViewerId == viewer).ToDictionaryAsync(rating => rating.MovieId, cancellationToken),
        await db.Marks.Where(mark => mark.ViewerId == viewer).ToDictionaryAsync(mark => mark.MovieId, cancellationToken));

    /// <summary>Gives a film stars, or a mark when it has neither; stars that are there give way only if <paramref name="overwrite"/>.</summary>
    public void Set(int movieId, byte? halves, MarkKind? mark, long time, bool overwrite)
    {
        var rating = _ratings.GetValueOrDefault(movieId);
        var marked = _marks.GetValueOrDefault(movieId);
        var before = new HistoryStep(movieId, rating?.HalfStars, rating?.RatedAt ?? 0, marked?.Kind, halves, halves is null ? mark : marked?.Kind);
        if (halves is { } stars)
        {
            if (rating is not null && (!overwrite || rating.HalfStars == stars)) return;
            SetStars(movieId, stars, time);
        }
        else
        {
            if (rating is not null || marked is not null || mark is not { } kind) return;
            SetMark(movieId, kind, time);
        }
        _steps.Add(before);
    }

    /// <summary>Puts a film back as it stood, if it still stands as the import left it.</summary>
    public void TakeBack(HistoryStep step)
    {
        if (step.NewHalves is { } given)
        {
            if (_ratings.GetValueOrDefault(step.MovieId)?.HalfStars == given) SetStars(step.MovieId, step.Halves, step.RatedAt);
        }
        else if (_marks.GetValueOrDefault(step.MovieId)?.Kind == step.NewMark)
        {
            SetMark(step.MovieId, step.Mark, step.RatedAt);
        }
    }

    public async Task SaveAsync(CancellationToken cancellationToken)
    {
        foreach (var (movieId, (count, halves)) in _counts)
            await RatingService.CountAsync(_db, movieId, count, halves, cancellationToken);
    }

    void SetStars(int movieId, byte? halves, long time)
    {
        var rating = _ratings.GetValueOrDefault(movieId);
        var (count, sum) = _counts.GetValueOrDefault(movieId);
        _counts[movieId] = (count + (halves is null ? 0 : 1) - (rating is null ? 0 : 1), sum + (halves ?? 0) - (rating?.HalfStars ?? 0));
        if (halves is not { } stars)
        {
            if (rating is not null) _db.Remove(rating);
        }
        else if (rating is null)
        {
            _db.Add(_ratings[movieId] = new Rating { ViewerId = _viewer, MovieId = movieId, HalfStars = stars, RatedAt = time });
        }
        else
        {
            (rating.HalfStars, rating.RatedAt) = (stars, time);
        }
    }

    void SetMark(int movieId, MarkKind? kind, long time)
    {
        var mark = _marks.GetValueOrDefault(movieId);
        if (kind is not { } wanted)
        {
            if (mark is not null) _db.Remove(mark);
        }
        else if (mark is null)
        {
            _db.Add(_marks[movieId] = new Mark { ViewerId = _viewer, MovieId = movieId, Kind = wanted, MarkedAt = time });
        }
        else
        {
            (mark.Kind, mark.MarkedAt) = (wanted, time);
        }
    }
}
