using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Domain.Accounts;

/// <summary>A session as its owner sees it.</summary>
/// <param name="IsThis">Whether the owner looks at it from within.</param>
public sealed record SessionView(int Id, string? Browser, DateTime StartedUtc, DateTime LastSeenUtc, bool IsThis);

/// <summary>The browsers somebody is signed in with, and whether one of them still is: it has not been ended, its account has not signed out everywhere, its guest has not been forgotten.</summary>
public sealed class Sessions(Store store, ChangeFeed changes, TimeProvider time)
{
    /// <summary>A browser that stays away for so long has to sign in anew.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);

    public const int LongestBrowser = 60;

    static readonly string StampClaim = new ClaimsIdentityOptions().SecurityStampClaimType;

    /// <summary>Topic of the change feed: all sessions of this viewer may have ended.</summary>
    public static string Topic(int viewerId) => $"sessions-{viewerId}";

    /// <summary>Topic of the change feed: this session has ended.</summary>
    public static string TopicOf(int sessionId) => $"session-{sessionId}";

    /// <summary>Begins a session for a member who is being signed in; its number goes into the principal, and so into the cookie.</summary>
    /// <param name="browser">What kind, in at most <see cref="LongestBrowser"/> characters; null for unknown.</param>
    /// <param name="instead">The session that the browser has until then: it ends, as a browser is listed once.</param>
    public async Task BeginAsync(ClaimsPrincipal principal, string? browser, int? instead = null, CancellationToken cancellationToken = default)
    {
        var account = Caller.From(principal).AccountId ?? throw new ArgumentException("Only members have sessions.", nameof(principal));
        var now = time.GetUtcNow().UtcDateTime;
        var session = new Session { AccountId = account, Stamp = principal.FindFirstValue(StampClaim) ?? "", Browser = browser, StartedUtc = now, LastSeenUtc = now };
        await store.WriteAsync(async db =>
        {
            await db.Set<Session>().Where(row => row.AccountId == account && (row.Stamp != session.Stamp || row.LastSeenUtc < now - Lifetime || row.Id == instead)).ExecuteDeleteAsync(cancellationToken);
            db.Add(session);
        }, cancellationToken);
        ((ClaimsIdentity)principal.Identity!).AddClaim(new(Caller.SessionClaim, session.Id.ToString(CultureInfo.InvariantCulture)));
    }

    /// <summary>The browsers the caller is signed in with, the last seen first.</summary>
    public Task<List<SessionView>> MineAsync(Caller caller, CancellationToken cancellationToken = default)
    {
        var account = caller.RequireMember();
        var since = time.GetUtcNow().UtcDateTime - Lifetime;
        return store.ReadAsync(db => Live(db).Where(session => session.AccountId == account && session.LastSeenUtc >= since)
            .OrderByDescending(session => session.LastSeenUtc).ThenByDescending(session => session.Id)
            .Select(session => new SessionView(session.Id, session.Browser, session.StartedUtc, session.LastSeenUtc, session.Id == caller.SessionId))
            .ToListAsync(cancellationToken), cancellationToken);
    }

    /// <summary>Signs one of the caller's browsers out at once; somebody else's does not exist for them.</summary>
    /// <exception cref="NotFoundException">The caller has no such session.</exception>
    public async Task EndAsync(Caller caller, int id, CancellationToken cancellationToken = default)
    {
        var account = caller.RequireMember();
        var ended = await store.WriteAsync(db => db.Set<Session>().Where(session => session.Id == id && session.AccountId == account).ExecuteDeleteAsync(cancellationToken), cancellationToken);
        if (ended == 0) throw new NotFoundException($"You are not signed in with a browser {id}.");
        changes.Publish(TopicOf(id));
    }

    /// <summary>Looks the session up, and notes that it and its guest or member were here (once an hour and once a day are enough).</summary>
    public async Task<bool> HoldsAsync(ClaimsPrincipal principal, CancellationToken cancellationToken = default)
    {
        var caller = Caller.From(principal);
        if (caller.AccountId is { } account)
        {
            if (caller.SessionId is not { } id) return false;
            var found = await store.ReadAsync(db => (
                from session in Live(db)
                where session.Id == id && session.AccountId == account
                join user in db.Users on session.AccountId equals user.Id
                join viewer in db.Viewers on user.ViewerId equals viewer.Id
                where user.LockedUtc == null
                select new { session.LastSeenUtc, Viewer = viewer }).FirstOrDefaultAsync(cancellationToken), cancellationToken);
            if (found is null) return false;
            var now = time.GetUtcNow().UtcDateTime;
            if (now - found.LastSeenUtc > TimeSpan.FromHours(1))
            {
                await store.WriteAsync(db => db.Set<Session>().Where(row => row.Id == id)
                    .ExecuteUpdateAsync(set => set.SetProperty(row => row.LastSeenUtc, now), cancellationToken), cancellationToken);
            }
            await NoteAsync(found.Viewer, now, cancellationToken);
            return true;
        }
        if (!caller.IsGuest || caller.ViewerId is not { } guest) return false;
        if (await store.ReadAsync(db => db.Viewers.FirstOrDefaultAsync(row => row.Id == guest && row.Kind == ViewerKind.Guest, cancellationToken), cancellationToken) is not { } here) return false;
        await NoteAsync(here, time.GetUtcNow().UtcDateTime, cancellationToken);
        return true;
    }

    static IQueryable<Session> Live(AppDbContext db)
        => from session in db.Set<Session>()
           where db.Users.Any(user => user.Id == session.AccountId && user.SecurityStamp == session.Stamp)
           select session;

    async Task NoteAsync(Viewer viewer, DateTime now, CancellationToken cancellationToken)
    {
        if (viewer.LastSeenUtc is { } seen && now - seen <= TimeSpan.FromDays(1)) return;
        await store.WriteAsync(db => db.Viewers.Where(row => row.Id == viewer.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.LastSeenUtc, now), cancellationToken), cancellationToken);
    }
}
