using Microsoft.EntityFrameworkCore;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Catalog;
using MovieRecommender.Domain.Imports;
using MovieRecommender.Domain.Ratings;
using MovieRecommender.Domain.Ratings.Histories;
using MovieRecommender.Domain.Ratings.Showings;
using MovieRecommender.Domain.Recommendations.Nights;
using MovieRecommender.Domain.Storage;
using MovieRecommender.Domain.Training;

namespace MovieRecommender.Domain.Privacy;

/// <summary>How much of each kind is stored about a person.</summary>
/// <param name="Shown">Films that were on their lists of late.</param>
/// <param name="Browsers">That they are signed in with.</param>
public sealed record StoredAboutMe(string? Email, int Ratings, int Marks, int Shown, int Imports, int Nights, bool SharesWatchlist, int Tokens, int Browsers, DateTime SinceUtc);

/// <summary>
/// What is stored about a person, and forgetting all of it. A model holds films only, so there is nothing of a person in it to forget;
/// the next one is trained without their ratings.
/// </summary>
public sealed class PrivacyService(Store store, MovieCatalog catalog, AdminActions actions, ChangeFeed changes, TimeProvider time)
{
    const string FormerAdmin = "a former admin";

    /// <summary>Null for someone of whom nothing is stored.</summary>
    public Task<StoredAboutMe?> MineAsync(Caller caller, CancellationToken cancellationToken = default)
        => caller.ViewerId is null ? Task.FromResult<StoredAboutMe?>(null) : store.ReadSnapshotAsync(async db =>
        {
            var id = caller.RequireViewer();
            if (await db.Viewers.FirstOrDefaultAsync(row => row.Id == id, cancellationToken) is not { } viewer) return null;
            var account = await db.Users.FirstOrDefaultAsync(row => row.ViewerId == id, cancellationToken);
            return new StoredAboutMe(account?.Email,
                await db.Ratings.CountAsync(row => row.ViewerId == id, cancellationToken),
                await db.Marks.CountAsync(row => row.ViewerId == id, cancellationToken),
                await db.Showings.Where(row => row.ViewerId == id).Select(row => row.MovieId).Distinct().CountAsync(cancellationToken),
                await db.HistoryImports.CountAsync(row => row.ViewerId == id, cancellationToken),
                await db.NightGuests.CountAsync(row => row.ViewerId == id, cancellationToken),
                await db.WatchlistShares.AnyAsync(row => row.ViewerId == id, cancellationToken),
                account is null ? 0 : await db.Set<ApiToken>().CountAsync(row => row.AccountId == account.Id, cancellationToken),
                account is null ? 0 : await db.Set<Session>().CountAsync(row => row.AccountId == account.Id && row.Stamp == account.SecurityStamp, cancellationToken),
                viewer.CreatedUtc);
        }, cancellationToken);

    /// <summary>Forgets the caller at once: a guest's or member's ratings, marks, imports, links, nights, tokens and account.</summary>
    /// <exception cref="AccessDeniedException">Nobody, or a token, asks.</exception>
    /// <exception cref="InvalidInputException">The caller is the only admin.</exception>
    public async Task ForgetMeAsync(Caller caller, CancellationToken cancellationToken = default)
    {
        var viewer = caller.IsGuest ? caller.RequireViewer() : RequireMember(caller);
        Tell(viewer, await store.WriteAsync(async db =>
        {
            var kind = await db.Viewers.Where(row => row.Id == viewer).Select(row => (ViewerKind?)row.Kind).FirstOrDefaultAsync(cancellationToken);
            // An old guest's cookie does not speak for the member the guest has become.
            if (kind != (caller.IsGuest ? ViewerKind.Guest : ViewerKind.Member)) throw new AccessDeniedException(signedIn: false);
            if (caller.AccountId is { } account) await db.RequireOtherAdminAsync(await db.AccountAsync(account, cancellationToken), cancellationToken);
            return await ForgetAsync(db, viewer, cancellationToken);
        }, cancellationToken));
    }

    /// <summary>Forgets a person with an account, and all they left, on behalf of an admin.</summary>
    /// <exception cref="NotFoundException">There is no such account.</exception>
    /// <exception cref="ConflictException">It is the caller's own, or nobody else is an admin.</exception>
    public async Task ForgetMemberAsync(Caller caller, int accountId, CancellationToken cancellationToken = default)
    {
        caller.RequireAdmin();
        var (viewer, ratings) = await store.WriteAsync(async db =>
        {
            var account = await db.AccountAsync(accountId, cancellationToken);
            if (accountId == caller.AccountId) throw new ConflictException("You delete your own account on your account page, with your password.");
            await db.RequireOtherAdminAsync(account, cancellationToken);
            actions.RecordOnPerson(db, caller, "deleted", null);
            return (account.ViewerId, await ForgetAsync(db, account.ViewerId, cancellationToken));
        }, cancellationToken);
        Tell(viewer, ratings);
    }

    /// <summary>Forgets the guests who were last here before a time, some at a time so that nobody waits long for the store.</summary>
    /// <returns>How many.</returns>
    public async Task<int> ForgetGuestsAsync(Caller caller, TimeSpan idle, CancellationToken cancellationToken = default)
    {
        caller.RequireAdmin();
        var before = time.GetUtcNow().UtcDateTime - idle;
        var guests = await store.ReadAsync(db => db.Viewers.Where(row => row.Kind == ViewerKind.Guest && (row.LastSeenUtc ?? row.CreatedUtc) < before)
            .Select(row => row.Id).ToListAsync(cancellationToken), cancellationToken);
        foreach (var guest in guests) Tell(guest, await store.WriteAsync(db => ForgetAsync(db, guest, cancellationToken), cancellationToken));
        return guests.Count;
    }

    static int RequireMember(Caller caller)
    {
        caller.RequireMember();
        return caller.RequireViewer();
    }

    static async Task<List<Rating>> ForgetAsync(AppDbContext db, int viewer, CancellationToken cancellationToken)
    {
        var ratings = await db.Ratings.AsNoTracking().Where(row => row.ViewerId == viewer).ToListAsync(cancellationToken);
        foreach (var rating in ratings) await RatingService.CountAsync(db, rating.MovieId, -1, -rating.HalfStars, cancellationToken);
        // A night that only they attended goes with them; from others' nights they vanish.
        var guests = db.NightGuests;
        await db.Nights.Where(night => guests.Any(guest => guest.NightCode == night.Code && guest.ViewerId == viewer)
            && !guests.Any(guest => guest.NightCode == night.Code && guest.ViewerId != null && guest.ViewerId != viewer)).ExecuteDeleteAsync(cancellationToken);
        if (await db.Users.AsNoTracking().FirstOrDefaultAsync(row => row.ViewerId == viewer, cancellationToken) is { } account)
        {
            await db.Set<TrainingRun>().Where(run => run.RequestedBy == account.UserName).ExecuteUpdateAsync(set => set.SetProperty(run => run.RequestedBy, FormerAdmin), cancellationToken);
            await db.Set<TrainingRun>().Where(run => run.Outcome!.Contains(account.UserName!)).ExecuteUpdateAsync(set => set.SetProperty(run => run.Outcome, run => run.Outcome!.Replace(account.UserName!, FormerAdmin)), cancellationToken);
            await db.ImportJobs.Where(job => job.Outcome!.Contains(account.UserName!)).ExecuteUpdateAsync(set => set.SetProperty(job => job.Outcome, job => job.Outcome!.Replace(account.UserName!, FormerAdmin)), cancellationToken);
            await db.ImportJobs.Where(job => job.RequestedBy == account.UserName).ExecuteUpdateAsync(set => set.SetProperty(job => job.RequestedBy, FormerAdmin), cancellationToken);
            // Roles, tokens, sessions and its place in the admins' log go with the account, everything else with the viewer.
            await db.Users.Where(row => row.Id == account.Id).ExecuteDeleteAsync(cancellationToken);
        }
        await db.Viewers.Where(row => row.Id == viewer).ExecuteDeleteAsync(cancellationToken);
        return ratings;
    }

    void Tell(int viewer, List<Rating> forgotten)
    {
        foreach (var rating in forgotten) catalog.Count(rating.MovieId, -1, -rating.HalfStars);
        changes.Publish(Sessions.Topic(viewer));
        changes.Publish(ChangeFeed.Viewer(viewer));
    }
}
