using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Domain.Accounts;

/// <summary>Makes viewers and accounts. Signing in and out is the web's business.</summary>
public sealed class AccountService(
    UserManager<Account> users, RoleManager<IdentityRole<int>> roles, Store store, AdminActions actions, ChangeFeed changes, IOptionsMonitor<AccountOptions> options, TimeProvider time)
{
    /// <summary>How long an invitation is good.</summary>
    public static readonly TimeSpan InvitationLifetime = TimeSpan.FromDays(14);

    /// <summary>A new guest: a viewer without an account.</summary>
    public Task<Viewer> AddGuestAsync(CancellationToken cancellationToken = default)
        => store.WriteAsync(db => db.AddViewerAsync(ViewerKind.Guest, time.GetUtcNow().UtcDateTime, cancellationToken), cancellationToken);

    /// <summary>Creates an account. A guest who signs up keeps being the same viewer, so their ratings stay theirs.</summary>
    /// <param name="invitation">The code of an admin's invitation, where one is needed.</param>
    /// <exception cref="InvalidInputException">The address or the password cannot be used, or nobody may sign up; the message says why.</exception>
    public async Task<Account> SignUpAsync(Caller caller, string email, string password, string? invitation = null, CancellationToken cancellationToken = default)
    {
        var mode = await RegistrationAsync();
        if (mode == Registration.Closed) throw new InvalidInputException("Nobody can sign up here now. The admin adds accounts.");
        if (mode == Registration.Open) return await CreateAsync(email, password, caller.IsGuest ? caller.ViewerId : null, cancellationToken);
        var hash = Secret.HashOf(invitation ?? "");
        var now = time.GetUtcNow().UtcDateTime;
        // Taken before the account is made, so that it brings one person in even when ten come at once; put back if no account came of it.
        var taken = await store.WriteAsync(async db =>
        {
            var found = await db.Set<Invitation>().FirstOrDefaultAsync(row => row.Hash == hash && row.ExpiresUtc > now, cancellationToken)
                ?? throw new InvalidInputException("Signing up here takes an invitation that is still good. Ask the admin for a link.");
            db.Remove(found);
            return found;
        }, cancellationToken);
        try
        {
            return await CreateAsync(email, password, caller.IsGuest ? caller.ViewerId : null, cancellationToken);
        }
        catch (InvalidInputException)
        {
            await store.WriteAsync(db =>
            {
                db.Add(new Invitation { Hash = taken.Hash, ExpiresUtc = taken.ExpiresUtc });
                return Task.CompletedTask;
            }, CancellationToken.None);
            throw;
        }
    }

    /// <summary>Who may sign up now.</summary>
    public async Task<Registration> RegistrationAsync()
        => options.CurrentValue.Registration ?? (await AnyAdminAsync() ? Registration.Closed : Registration.Open);

    /// <summary>Lets one more person in.</summary>
    /// <returns>The invitation's code; this is the only time it can be read.</returns>
    /// <exception cref="ConflictException">Nobody signs up by invitation here.</exception>
    public async Task<string> InviteAsync(Caller caller, CancellationToken cancellationToken = default)
    {
        caller.RequireMember();
        caller.RequireAdmin();
        if (await RegistrationAsync() is not Registration.Invite and var mode)
            throw new ConflictException($"An invitation works only while Accounts:Registration is invite; now it is {mode.ToString().ToLowerInvariant()}.");
        var code = Secret.New();
        var now = time.GetUtcNow().UtcDateTime;
        await store.WriteAsync(async db =>
        {
            await db.Set<Invitation>().Where(row => row.ExpiresUtc <= now).ExecuteDeleteAsync(cancellationToken);
            db.Add(new Invitation { Hash = Secret.HashOf(code), ExpiresUtc = now + InvitationLifetime });
            actions.Record(db, caller, "made an invitation", null);
        }, cancellationToken);
        return code;
    }

    /// <summary>Gives the caller a new password and ends every session but the one that signs in anew.</summary>
    /// <exception cref="InvalidInputException">The present password is another, or the new one cannot be used.</exception>
    public async Task<Account> ChangePasswordAsync(Caller caller, string present, string wanted)
    {
        var account = await users.MemberAsync(caller);
        Check(await users.ChangePasswordAsync(account, present, wanted));
        changes.Publish(Sessions.Topic(account.ViewerId));
        return account;
    }

    /// <summary>Ends every session of the caller, in every browser. Tokens stay; they are revoked one by one.</summary>
    public async Task SignOutEverywhereAsync(Caller caller)
    {
        var account = await users.MemberAsync(caller);
        Check(await users.UpdateSecurityStampAsync(account));
        changes.Publish(Sessions.Topic(account.ViewerId));
    }

    /// <summary>Creates an account on behalf of an admin, or makes an existing one an admin.</summary>
    public async Task<Account> AddAsync(Caller caller, string email, string password, bool admin, CancellationToken cancellationToken = default)
    {
        caller.RequireAdmin();
        var account = await CreateAsync(email, password, null, cancellationToken);
        if (admin) await MakeAdminAsync(account);
        await actions.RecordOnPersonAsync(caller, admin ? "added the admin" : "added the account", account.Id, cancellationToken);
        return account;
    }

    public async Task<bool> AnyAdminAsync() => (await users.GetUsersInRoleAsync(Caller.AdminRole)).Count > 0;

    internal async Task MakeAdminAsync(Account account)
    {
        if (!await roles.RoleExistsAsync(Caller.AdminRole)) Check(await roles.CreateAsync(new(Caller.AdminRole)));
        Check(await users.AddToRoleAsync(account, Caller.AdminRole));
    }

    internal async Task<Account> CreateAsync(string email, string password, int? guestViewerId, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var account = new Account { UserName = email.Trim(), Email = email.Trim(), CreatedUtc = now };
        // Everything that can refuse the account is asked before a viewer is made for it.
        foreach (var validator in users.UserValidators) Check(await validator.ValidateAsync(users, account));
        foreach (var validator in users.PasswordValidators) Check(await validator.ValidateAsync(users, account, password));

        account.ViewerId = await store.WriteAsync(async db =>
        {
            if (guestViewerId is not { } id) return (await db.AddViewerAsync(ViewerKind.Member, now, cancellationToken)).Id;
            var guests = await db.Viewers.Where(viewer => viewer.Id == id && viewer.Kind == ViewerKind.Guest)
                .ExecuteUpdateAsync(set => set.SetProperty(viewer => viewer.Kind, ViewerKind.Member), cancellationToken);
            return guests == 1 ? id : (await db.AddViewerAsync(ViewerKind.Member, now, cancellationToken)).Id;
        }, cancellationToken);
        Check(await users.CreateAsync(account, password));
        return account;
    }

    internal static void Check(IdentityResult result)
    {
        if (!result.Succeeded) throw new InvalidInputException(string.Join(" ", result.Errors.Select(error => error.Description).Distinct(StringComparer.Ordinal)));
    }
}

/// <summary>Puts the viewer's id into the sign-in cookie.</summary>
public sealed class AccountClaimsFactory(UserManager<Account> users, RoleManager<IdentityRole<int>> roles, IOptions<IdentityOptions> options)
    : UserClaimsPrincipalFactory<Account, IdentityRole<int>>(users, roles, options)
{
    protected override async Task<ClaimsIdentity> GenerateClaimsAsync(Account user)
    {
        var identity = await base.GenerateClaimsAsync(user);
        identity.AddClaim(new(Caller.ViewerClaim, user.ViewerId.ToString(CultureInfo.InvariantCulture)));
        return identity;
    }
}
