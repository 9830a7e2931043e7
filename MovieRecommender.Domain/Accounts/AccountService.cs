using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Domain.Accounts;

/// <summary>Makes viewers and accounts. Signing in and out is the web's business.</summary>
public sealed class AccountService(UserManager<Account> users, RoleManager<IdentityRole<int>> roles, Store store, TimeProvider time)
{
    /// <summary>A new guest: a viewer without an account.</summary>
    public Task<Viewer> AddGuestAsync(CancellationToken cancellationToken = default)
        => store.WriteAsync(db => db.AddViewerAsync(ViewerKind.Guest, time.GetUtcNow().UtcDateTime, cancellationToken), cancellationToken);

    /// <summary>Creates an account. A guest who signs up keeps being the same viewer, so their ratings stay theirs.</summary>
    /// <exception cref="InvalidInputException">The address or the password cannot be used; the message says why.</exception>
    public async Task<Account> SignUpAsync(Caller caller, string email, string password, CancellationToken cancellationToken = default)
        => await CreateAsync(email, password, caller.IsGuest ? caller.ViewerId : null, cancellationToken);

    /// <summary>Creates an account on behalf of an admin, or makes an existing one an admin.</summary>
    public async Task<Account> AddAsync(Caller caller, string email, string password, bool admin, CancellationToken cancellationToken = default)
    {
        caller.RequireAdmin();
        var account = await CreateAsync(email, password, null, cancellationToken);
        if (admin) await MakeAdminAsync(account);
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

    static void Check(IdentityResult result)
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
