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

    const int LongestAddress = 254;
    const string Closed = "Nobody can sign up here now. The admin adds accounts.";
    const string NoInvitation = "Signing up here takes an invitation that is still good. Ask the admin for a link.";

    /// <summary>A new guest: a viewer without an account.</summary>
    public Task<Viewer> AddGuestAsync(CancellationToken cancellationToken = default)
        => store.WriteAsync(db => db.AddViewerAsync(ViewerKind.Guest, time.GetUtcNow().UtcDateTime, cancellationToken), cancellationToken);

    /// <summary>Creates an account. A guest who signs up keeps being the same viewer, so their ratings stay theirs.</summary>
    /// <param name="invitation">The code of an admin's invitation, where one is needed.</param>
    /// <exception cref="InvalidInputException">The address or the password cannot be used, or nobody may sign up; the message says why.</exception>
    public Task<Account> SignUpAsync(Caller caller, string email, string password, string? invitation = null, CancellationToken cancellationToken = default)
        => AdmitAsync(invitation, () => CreateAsync(email, password, GuestOf(caller), cancellationToken), cancellationToken);

    /// <summary>Who may sign up now.</summary>
    public async Task<Registration> RegistrationAsync()
        => options.CurrentValue.Registration ?? (await AnyAdminAsync() ? Registration.Closed : Registration.Open);

    /// <summary>Makes an account for somebody new, if somebody new may come in; an invitation that is needed is used up by it.</summary>
    /// <exception cref="InvalidInputException">Nobody may sign up, or the account cannot be made; the message says why.</exception>
    internal async Task<Account> AdmitAsync(string? invitation, Func<Task<Account>> makeAsync, CancellationToken cancellationToken)
    {
        var mode = await RegistrationAsync();
        if (mode == Registration.Closed) throw new InvalidInputException(Closed);
        if (mode == Registration.Open) return await makeAsync();
        var hash = Secret.HashOf(invitation ?? "");
        var now = time.GetUtcNow().UtcDateTime;
        // Taken before the account is made, so that it brings one person in even when ten come at once; put back if no account came of it.
        var taken = await store.WriteAsync(async db =>
        {
            var found = await db.Set<Invitation>().FirstOrDefaultAsync(row => row.Hash == hash && row.ExpiresUtc > now, cancellationToken)
                ?? throw new InvalidInputException(NoInvitation);
            db.Remove(found);
            return found;
        }, cancellationToken);
        try
        {
            return await makeAsync();
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

    /// <summary>Whether somebody new would be let in, without using the invitation up.</summary>
    /// <exception cref="InvalidInputException">They would not.</exception>
    internal async Task CheckAdmissionAsync(string? invitation, CancellationToken cancellationToken)
    {
        var mode = await RegistrationAsync();
        if (mode == Registration.Closed) throw new InvalidInputException(Closed);
        if (mode == Registration.Open) return;
        if (!await IsInvitedAsync(invitation, cancellationToken)) throw new InvalidInputException(NoInvitation);
    }

    /// <summary>Whether an invitation is still good.</summary>
    public Task<bool> IsInvitedAsync(string? invitation, CancellationToken cancellationToken = default)
    {
        var hash = Secret.HashOf(invitation ?? "");
        var now = time.GetUtcNow().UtcDateTime;
        return store.ReadAsync(db => db.Set<Invitation>().AnyAsync(row => row.Hash == hash && row.ExpiresUtc > now, cancellationToken), cancellationToken);
    }

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

    /// <summary>The invitations that are out and still good, newest first. Their codes cannot be read.</summary>
    public Task<List<Invitation>> InvitationsAsync(Caller caller, CancellationToken cancellationToken = default)
    {
        caller.RequireAdmin();
        var now = time.GetUtcNow().UtcDateTime;
        return store.ReadAsync(db => db.Set<Invitation>().Where(row => row.ExpiresUtc > now).OrderByDescending(row => row.Id).ToListAsync(cancellationToken), cancellationToken);
    }

    /// <summary>Takes an invitation back: its link lets nobody in any more.</summary>
    /// <exception cref="NotFoundException">There is no such invitation; it may have been used.</exception>
    public Task RevokeInvitationAsync(Caller caller, int id, CancellationToken cancellationToken = default)
    {
        caller.RequireAdmin();
        return store.WriteAsync(async db =>
        {
            if (await db.Set<Invitation>().Where(row => row.Id == id).ExecuteDeleteAsync(cancellationToken) == 0) throw new NotFoundException($"There is no invitation {id}; it may have been used.");
            actions.Record(db, caller, "revoked an invitation", null);
        }, cancellationToken);
    }

    /// <summary>Whether the caller has a password; who signed up by a passkey or elsewhere has none.</summary>
    public async Task<bool> HasPasswordAsync(Caller caller) => await users.HasPasswordAsync(await users.MemberAsync(caller));

    /// <summary>Gives the caller a new password, or a first one, and ends every session but the one that signs in anew.</summary>
    /// <param name="present">Not looked at for who has none.</param>
    /// <exception cref="InvalidInputException">The present password is another, or the new one cannot be used.</exception>
    public async Task<Account> ChangePasswordAsync(Caller caller, string present, string wanted)
    {
        var account = await users.MemberAsync(caller);
        Check(await users.HasPasswordAsync(account) ? await users.ChangePasswordAsync(account, present, wanted) : await users.AddPasswordAsync(account, wanted));
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

    internal static int? GuestOf(Caller caller) => caller.IsGuest ? caller.ViewerId : null;

    /// <summary>An address that no account can have, or that another one has, is refused.</summary>
    internal async Task<Account> CheckAddressAsync(string email)
    {
        var account = new Account { UserName = email.Trim(), Email = email.Trim(), CreatedUtc = time.GetUtcNow().UtcDateTime };
        if (account.Email.Length > LongestAddress) throw new InvalidInputException($"An e-mail address has at most {LongestAddress} characters.");
        foreach (var validator in users.UserValidators) Check(await validator.ValidateAsync(users, account));
        return account;
    }

    /// <param name="password">Null for who comes in by another way, which the caller of this adds.</param>
    /// <param name="id">An account id kept for this; 0 for the next one.</param>
    internal async Task<Account> CreateAsync(string email, string? password, int? guestViewerId, CancellationToken cancellationToken, int id = 0)
    {
        // Everything that can refuse the account is asked before a viewer is made for it.
        var account = await CheckAddressAsync(email);
        if (password is not null)
            foreach (var validator in users.PasswordValidators) Check(await validator.ValidateAsync(users, account, password));
        account.Id = id;

        account.ViewerId = await store.WriteAsync(async db =>
        {
            if (guestViewerId is not { } guest) return (await db.AddViewerAsync(ViewerKind.Member, account.CreatedUtc, cancellationToken)).Id;
            var guests = await db.Viewers.Where(viewer => viewer.Id == guest && viewer.Kind == ViewerKind.Guest)
                .ExecuteUpdateAsync(set => set.SetProperty(viewer => viewer.Kind, ViewerKind.Member), cancellationToken);
            return guests == 1 ? guest : (await db.AddViewerAsync(ViewerKind.Member, account.CreatedUtc, cancellationToken)).Id;
        }, cancellationToken);
        Check(password is null ? await users.CreateAsync(account) : await users.CreateAsync(account, password));
        return account;
    }

    internal static void Check(IdentityResult result)
    {
        if (!result.Succeeded) throw new InvalidInputException(result.Errors.First() is AccountFault fault ? fault.Wording : result.Errors.First().Description);
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
