using Microsoft.EntityFrameworkCore;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Domain.Accounts;

/// <summary>Who is an admin, and who is kept out. One admin who can sign in always stays: all of it happens one after the other, so also when two act at once.</summary>
public sealed class AccountRights(Store store, AdminActions actions, ChangeFeed changes, TimeProvider time)
{
    /// <summary>
    /// Makes somebody an admin, from their next sign-in on, or ends it at once. For an admin in person: a token that gets into wrong hands
    /// must not make its finder an admin for good.
    /// </summary>
    /// <exception cref="NotFoundException">There is no such account.</exception>
    /// <exception cref="ConflictException">Nobody else is an admin, or the account is locked.</exception>
    public async Task SetAdminAsync(Caller caller, int accountId, bool admin, CancellationToken cancellationToken = default)
    {
        caller.RequireMember();
        caller.RequireAdmin();
        var ended = await store.WriteAsync(async db =>
        {
            var account = await db.AccountAsync(accountId, cancellationToken);
            var role = await db.Roles.Where(known => known.Name == Caller.AdminRole).Select(known => known.Id).FirstAsync(cancellationToken);
            if (await db.UserRoles.AnyAsync(row => row.UserId == accountId && row.RoleId == role, cancellationToken) == admin) return null;
            if (admin)
            {
                if (account.LockedUtc is not null) throw new ConflictException($"{account.Email} is locked. Unlock the account first.");
                db.UserRoles.Add(new() { UserId = accountId, RoleId = role });
                actions.RecordOnPerson(db, caller, "made an admin of", accountId);
                return null;
            }
            await db.RequireOtherAdminAsync(account, cancellationToken);
            await db.UserRoles.Where(row => row.UserId == accountId && row.RoleId == role).ExecuteDeleteAsync(cancellationToken);
            // The cookie says who is an admin.
            account.EndSessions();
            actions.RecordOnPerson(db, caller, "took the admin's rights from", accountId);
            return account;
        }, cancellationToken);
        if (ended is not null) changes.Publish(Sessions.Topic(ended.ViewerId));
    }

    /// <summary>Keeps somebody out, with every session and token, until they are unlocked.</summary>
    /// <exception cref="NotFoundException">There is no such account.</exception>
    /// <exception cref="ConflictException">It is the caller's own, or nobody else is an admin.</exception>
    public async Task LockAsync(Caller caller, int accountId, CancellationToken cancellationToken = default)
    {
        caller.RequireAdmin();
        var account = await store.WriteAsync(async db =>
        {
            var found = await db.AccountAsync(accountId, cancellationToken);
            if (found.LockedUtc is not null) return found;
            if (accountId == caller.AccountId) throw new ConflictException("You cannot lock your own account.");
            await db.RequireOtherAdminAsync(found, cancellationToken);
            found.LockedUtc = time.GetUtcNow().UtcDateTime;
            found.EndSessions();
            actions.RecordOnPerson(db, caller, "locked", accountId);
            return found;
        }, cancellationToken);
        changes.Publish(Sessions.Topic(account.ViewerId));
    }

    /// <summary>Lets somebody in again, also after too many wrong passwords.</summary>
    /// <exception cref="NotFoundException">There is no such account.</exception>
    public Task UnlockAsync(Caller caller, int accountId, CancellationToken cancellationToken = default)
    {
        caller.RequireAdmin();
        return store.WriteAsync(async db =>
        {
            var account = await db.AccountAsync(accountId, cancellationToken);
            if (account is { LockedUtc: null, LockoutEnd: null, AccessFailedCount: 0 }) return;
            (account.LockedUtc, account.LockoutEnd, account.AccessFailedCount) = (null, null, 0);
            actions.RecordOnPerson(db, caller, "unlocked", accountId);
        }, cancellationToken);
    }
}
