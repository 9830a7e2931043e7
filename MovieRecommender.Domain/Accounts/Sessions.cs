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

    /// <summary>Looks the session up, and notes that a guest was here (once a day is enough).</summary>
    public async Task<bool> HoldsAsync(ClaimsPrincipal principal, CancellationToken cancellationToken = default)
    {
        var caller = Caller.From(principal);
        if (caller.AccountId is { } account)
        {
            var stamp = principal.FindFirstValue(StampClaim);
            return stamp is not null && await store.ReadAsync(db => db.Users.AnyAsync(user => user.Id == account && user.SecurityStamp == stamp, cancellationToken), cancellationToken);
        }
        if (!caller.IsGuest || caller.ViewerId is not { } viewer) return false;
        var guest = await store.ReadAsync(db => db.Viewers.FirstOrDefaultAsync(row => row.Id == viewer && row.Kind == ViewerKind.Guest, cancellationToken), cancellationToken);
        if (guest is null) return false;
        var now = time.GetUtcNow().UtcDateTime;
        if (now - (guest.LastSeenUtc ?? guest.CreatedUtc) > TimeSpan.FromDays(1))
        {
            await store.WriteAsync(db => db.Viewers.Where(row => row.Id == viewer)
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.LastSeenUtc, now), cancellationToken), cancellationToken);
        }
        return true;
    }
}
