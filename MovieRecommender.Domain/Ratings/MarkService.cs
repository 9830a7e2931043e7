using Microsoft.EntityFrameworkCore;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Catalog;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Domain.Ratings;

/// <summary>A viewer's watchlist, "not for me" and "seen it". What it returns is on disk.</summary>
public sealed class MarkService(Store store, MovieCatalog catalog, ChangeFeed changes, TimeProvider time)
{
    // Compiled, as a viewer's ratings are: every list asks for both.
    static readonly Func<AppDbContext, int, IAsyncEnumerable<KeyValuePair<int, MarkKind>>> _marks = EF.CompileAsyncQuery((AppDbContext db, int viewer) =>
        db.Set<Mark>().Where(mark => mark.ViewerId == viewer).Select(mark => KeyValuePair.Create(mark.MovieId, mark.Kind)));

    /// <summary>The caller's marks by film; empty for someone who has not begun.</summary>
    public Task<Dictionary<int, MarkKind>> MineAsync(Caller caller, CancellationToken cancellationToken = default)
        => caller.ViewerId is { } viewer ? OfAsync(viewer, cancellationToken) : Task.FromResult(new Dictionary<int, MarkKind>());

    /// <summary>Puts a mark on a film, or takes it off when <paramref name="kind"/> is null.</summary>
    /// <returns>The mark it had before, or null.</returns>
    /// <exception cref="AccessDeniedException">The caller is no viewer yet.</exception>
    /// <exception cref="NotFoundException">There is no such film.</exception>
    public async Task<MarkKind?> SetAsync(Caller caller, int movieId, MarkKind? kind, CancellationToken cancellationToken = default)
    {
        var viewer = caller.RequireRater();
        movieId = catalog.Get(movieId).Id;
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        var before = await store.WriteAsync(async db =>
        {
            var mark = await db.Marks.FirstOrDefaultAsync(row => row.ViewerId == viewer && row.MovieId == movieId, cancellationToken);
            var old = mark?.Kind;
            if (kind is not { } wanted)
            {
                if (mark is not null) db.Remove(mark);
            }
            else if (mark is null)
            {
                db.Add(new Mark { ViewerId = viewer, MovieId = movieId, Kind = wanted, MarkedAt = now });
            }
            else
            {
                (mark.Kind, mark.MarkedAt) = (wanted, now);
            }
            return old;
        }, cancellationToken);
        if (before != kind) changes.Publish(ChangeFeed.Viewer(viewer));
        return before;
    }

    internal Task<Dictionary<int, MarkKind>> OfAsync(int viewer, CancellationToken cancellationToken)
        => store.ReadAsync(db => _marks(db, viewer).ToDictionaryAsync(cancellationToken: cancellationToken).AsTask(), cancellationToken);
}
