using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Domain.Accounts;

/// <summary>A code that sets a new password.</summary>
/// <param name="Code">This is the only time it can be read.</param>
public sealed record ResetCode(string Code, DateTime ExpiresUtc);

/// <summary>
/// A new password for somebody who forgot theirs: an admin makes a link and hands it over by whatever way they talk to each other,
/// so no mail server is needed; where there is one, people ask for the link themselves.
/// </summary>
public sealed class PasswordResets(Store store, UserManager<Account> users, AdminActions actions, ChangeFeed changes, TimeProvider time)
{
    /// <summary>How long a link is good.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);

    /// <summary>How old a person's link must be before another is mailed.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMinutes(15);

    const string NoGood = "This link has been used already, or its day is over. Ask the admin for a new one.";

    /// <summary>
    /// Makes a person's link; one made before is no good any more. The password stays until the link is used.
    /// For an admin in person: whoever has the link can become that person, and a token must not open that door.
    /// </summary>
    /// <exception cref="NotFoundException">There is no such account.</exception>
    /// <exception cref="ConflictException">The account is locked.</exception>
    public Task<ResetCode> LinkAsync(Caller caller, int accountId, CancellationToken cancellationToken = default)
    {
        caller.RequireMember();
        caller.RequireAdmin();
        var made = New();
        return store.WriteAsync(async db =>
        {
            var account = await db.AccountAsync(accountId, cancellationToken);
            if (account.LockedUtc is not null) throw new ConflictException($"{account.Email} is locked. Unlock the account first.");
            await ReplaceAsync(db, accountId, made, cancellationToken);
            actions.RecordOnPerson(db, caller, "made a password link for", accountId);
            return made;
        }, cancellationToken);
    }

    /// <summary>
    /// Makes the link of the person with this address and has it sent to them. Whoever asks may be anybody, so they are told nothing and
    /// only the person's own mailbox gets it. Nothing happens for an address without an account, for a locked account, and while the
    /// person's last link is younger than <see cref="Pause"/>: nobody's mailbox is filled, and no link is undone that was made just now.
    /// </summary>
    /// <param name="send">Given the address as the account has it. When it throws, the link is no good.</param>
    public async Task MailAsync(string address, Func<string, ResetCode, Task> send, CancellationToken cancellationToken = default)
    {
        var (name, made) = (users.NormalizeEmail(address.Trim()), New());
        var email = await store.WriteAsync(async db =>
        {
            var account = await db.Users.FirstOrDefaultAsync(account => account.NormalizedEmail == name && account.LockedUtc == null, cancellationToken);
            if (account is null || await db.Set<ResetLink>().AnyAsync(link => link.AccountId == account.Id && link.ExpiresUtc > made.ExpiresUtc - Pause, cancellationToken)) return null;
            await ReplaceAsync(db, account.Id, made, cancellationToken);
            return account.Email;
        }, cancellationToken);
        if (email is null) return;
        try
        {
            await send(email, made);
        }
        catch
        {
            var hash = Secret.HashOf(made.Code);
            await store.WriteAsync(db => db.Set<ResetLink>().Where(link => link.Hash == hash).ExecuteDeleteAsync(CancellationToken.None), CancellationToken.None);
            throw;
        }
    }

    /// <summary>Whose link it is, or null when it is no good.</summary>
    /// <returns>The e-mail address.</returns>
    public async Task<string?> OwnerAsync(string code, CancellationToken cancellationToken = default)
        => await store.ReadAsync(db => Good(db, code).Select(account => account.Email).FirstOrDefaultAsync(cancellationToken), cancellationToken);

    /// <summary>Sets a new password, once: the link is used up, every session ends, and wrong passwords typed before are forgiven.</summary>
    /// <exception cref="InvalidInputException">The link is no good, or the password cannot be used; then the link stays good.</exception>
    public async Task ResetAsync(string code, string password, CancellationToken cancellationToken = default)
    {
        var owner = await store.ReadAsync(db => Good(db, code).FirstOrDefaultAsync(cancellationToken), cancellationToken) ?? throw new InvalidInputException(NoGood);
        foreach (var validator in users.PasswordValidators) AccountService.Check(await validator.ValidateAsync(users, owner, password));
        // Slow on purpose, so not while others wait to write.
        var hash = users.PasswordHasher.HashPassword(owner, password);
        await store.WriteAsync(async db =>
        {
            // Looked up again: of two who use it at once, one finds it gone.
            var account = await Good(db, code).AsTracking().FirstOrDefaultAsync(cancellationToken) ?? throw new InvalidInputException(NoGood);
            await db.Set<ResetLink>().Where(link => link.AccountId == account.Id).ExecuteDeleteAsync(cancellationToken);
            (account.PasswordHash, account.LockoutEnd, account.AccessFailedCount) = (hash, null, 0);
            account.EndSessions();
        }, cancellationToken);
        changes.Publish(Sessions.Topic(owner.ViewerId));
    }

    ResetCode New() => new(Secret.New(), time.GetUtcNow().UtcDateTime + Lifetime);

    static async Task ReplaceAsync(AppDbContext db, int accountId, ResetCode made, CancellationToken cancellationToken)
    {
        await db.Set<ResetLink>().Where(link => link.AccountId == accountId).ExecuteDeleteAsync(cancellationToken);
        db.Add(new ResetLink { AccountId = accountId, Hash = Secret.HashOf(made.Code), ExpiresUtc = made.ExpiresUtc });
    }

    IQueryable<Account> Good(AppDbContext db, string code)
    {
        var (hash, now) = (Secret.HashOf(code), time.GetUtcNow().UtcDateTime);
        return db.Users.Where(account => account.LockedUtc == null
            && db.Set<ResetLink>().Any(link => link.AccountId == account.Id && link.Hash == hash && link.ExpiresUtc > now));
    }
}
