using System.Globalization;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Domain.Accounts;

static class Members
{
    internal const string Locked = "An admin has locked this account. Ask them about it.";

    /// <summary>The account of a caller who is a member in person.</summary>
    /// <exception cref="AccessDeniedException">A guest, a token or nobody asks, or the account is gone.</exception>
    internal static async Task<Account> MemberAsync(this UserManager<Account> users, Caller caller)
        => await users.FindByIdAsync(caller.RequireMember().ToString(CultureInfo.InvariantCulture)) ?? throw new AccessDeniedException(signedIn: false);

    /// <exception cref="NotFoundException">There is no such account.</exception>
    internal static async Task<Account> AccountAsync(this AppDbContext db, int accountId, CancellationToken cancellationToken)
        => await db.Users.FirstOrDefaultAsync(account => account.Id == accountId, cancellationToken) ?? throw new NotFoundException($"There is no person {accountId}.");

    /// <summary>The accounts of admins who are not locked out.</summary>
    internal static IQueryable<Account> ActiveAdmins(this AppDbContext db)
        => from account in db.Users
           where account.LockedUtc == null && db.UserRoles.Any(row => row.UserId == account.Id && db.Roles.Any(role => role.Id == row.RoleId && role.Name == Caller.AdminRole))
           select account;

    /// <summary>Somebody else must be able to do an admin's work before an admin's account is locked, deleted or no admin's any more.</summary>
    /// <exception cref="ConflictException">Nobody else can.</exception>
    internal static async Task RequireOtherAdminAsync(this AppDbContext db, Account account, CancellationToken cancellationToken)
    {
        var admins = await db.ActiveAdmins().Select(admin => admin.Id).ToListAsync(cancellationToken);
        if (admins is [var only] && only == account.Id) throw new ConflictException($"{account.Email} is the only admin. Make somebody else an admin first.");
    }

    /// <summary>Every cookie of the account is void from now on.</summary>
    internal static void EndSessions(this Account account)
        => (account.SecurityStamp, account.ConcurrencyStamp) = (Guid.NewGuid().ToString("N"), Guid.NewGuid().ToString());

    /// <summary>For who has shown that the account is theirs.</summary>
    /// <exception cref="InvalidInputException">Too many wrong passwords or codes, or an admin keeps the account out.</exception>
    internal static async Task RequireOpenAsync(this UserManager<Account> users, Account account)
    {
        if (await users.IsLockedOutAsync(account)) throw new InvalidInputException(PasswordCheck.Locked);
        account.RequireUnlocked();
    }

    /// <exception cref="InvalidInputException">An admin keeps the account out. Only said to who has shown that it is theirs.</exception>
    internal static void RequireUnlocked(this Account account)
    {
        if (account.LockedUtc is not null) throw new InvalidInputException(Locked);
    }
}
