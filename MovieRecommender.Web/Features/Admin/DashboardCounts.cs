using Microsoft.EntityFrameworkCore;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Catalog;
using MovieRecommender.Domain.Ratings;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Web.Features.Admin;

/// <summary>How much there is.</summary>
sealed class DashboardCounts(Store store)
{
    public sealed record Numbers(int Films, int Viewers, int Ratings);

    public Task<Numbers> ReadAsync(Caller caller)
    {
        caller.RequireAdmin();
        return store.ReadAsync(async db => new Numbers(await db.Movies.CountAsync(movie => movie.MergedIntoId == null), await db.Viewers.CountAsync(), await db.Ratings.CountAsync()));
    }
}
