using Microsoft.EntityFrameworkCore;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Models;
using MovieRecommender.Domain.Ratings;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Domain.Recommendations;

/// <summary>One person's top 10 by a version, beside the one by the version that serves.</summary>
/// <param name="Ratings">How many of the person's ratings count.</param>
/// <param name="Live">Null while popularity serves.</param>
public sealed record PreviewedLists(int Ratings, RecommendationList Version, RecommendationList Live);

/// <summary>
/// Shows an admin what a version would change. Whose list it is can be chosen among people nobody knows, those who came with a data set,
/// and oneself: what members and guests like is not for admins to see.
/// </summary>
public sealed class VersionPreview(Store store, ModelShelf shelf, RatingService ratings, MarkService marks, RecommendationService recommendations)
{
    const int Examples = 5;

    /// <summary>A few people of a data set with ratings, to choose from.</summary>
    public Task<List<int>> ExamplesAsync(Caller caller, CancellationToken cancellationToken = default)
    {
        caller.RequireAdmin();
        return store.ReadAsync(db => db.Viewers.Where(viewer => viewer.Id < Viewer.FirstLocalId && db.Set<Rating>().Any(rating => rating.ViewerId == viewer.Id))
            .OrderBy(viewer => viewer.Id).Select(viewer => viewer.Id).Take(Examples).ToListAsync(cancellationToken), cancellationToken);
    }

    /// <param name="viewerId">Somebody of a data set, by their number there; null for the caller.</param>
    /// <exception cref="NotFoundException">There is no such version or no such person.</exception>
    /// <exception cref="InvalidInputException">The version's file cannot be read.</exception>
    public async Task<PreviewedLists> CompareAsync(Caller caller, int version, int? viewerId, CancellationToken cancellationToken = default)
    {
        caller.RequireAdmin();
        if (viewerId is { } wanted && (wanted >= Viewer.FirstLocalId || !await store.ReadAsync(db => db.Viewers.AnyAsync(viewer => viewer.Id == wanted, cancellationToken), cancellationToken)))
            throw new NotFoundException($"There is no person {wanted} in the data set. Lists of people who use the app are theirs alone.");
        var history = viewerId is { } imported ? await ratings.OfAsync(imported, cancellationToken) : await ratings.MineAsync(caller, cancellationToken);
        var query = new RecommendationQuery();
        if (viewerId is null) query = query.With(await marks.MineAsync(caller, cancellationToken));
        var model = await shelf.OpenAsync(version, cancellationToken);
        return new(history.Count, recommendations.By(model, history, query), recommendations.For(history, query));
    }
}
