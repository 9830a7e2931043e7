using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Domain.Accounts;

/// <summary>Whether a session still holds: its account has not signed out everywhere, its guest has not been forgotten.</summary>
public sealed class Sessions(Store store, TimeProvider time)
{
    static readonly string StampClaim = new ClaimsIdentityOptions().SecurityStampClaimType;

    /// <summary>Topic of the change feed: sessions of this viewer may have ended.</summary>
    public static string Topic(int viewerId) => $"sessions-{viewerId}";

    /// <summary>Looks the session up, and notes that its guest or member was here (once a day is enough).</summary>
    public async Task<bool> HoldsAsync(ClaimsPrincipal principal, CancellationToken cancellationToken = default)
    {
        var caller = Caller.From(principal);
        if (caller.AccountId is { } account)
        {
            var stamp = principal.FindFirstValue(StampClaim);
            return stamp is not null && await IsHereAsync(db =>
                from user in db.Users
                join row in db.Viewers on user.ViewerId equals row.Id
                where user.Id == account && user.SecurityStamp == stamp && user.LockedUtc == null
                select row, cancellationToken);
        }
        if (!caller.IsGuest || caller.ViewerId is not { } viewer) return false;
        return await IsHereAsync(db => db.Viewers.Where(row => row.Id == viewer && row.Kind == ViewerKind.Guest), cancellationToken);
    }

    async Task<bool> IsHereAsync(Func<AppDbContext, IQueryable<Viewer>> find, CancellationToken cancellationToken)
    {
        if (await store.ReadAsync(db => find(db).FirstOrDefaultAsync(cancellationToken), cancellationToken) is not { } viewer) return false;
        var now = time.GetUtcNow().UtcDateTime;
        if (viewer.LastSeenUtc is not { } seen || now - seen > TimeSpan.FromDays(1))
        {
            await store.WriteAsync(db => db.Viewers.Where(row => row.Id == viewer.Id)
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.LastSeenUtc, now), cancellationToken), cancellationToken);
        }
        return true;
    }
}
