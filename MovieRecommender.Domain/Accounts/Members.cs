using System.Globalization;
using Microsoft.AspNetCore.Identity;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Domain.Accounts;

static class Members
{
    /// <summary>The account of a caller who is a member in person.</summary>
    /// <exception cref="AccessDeniedException">A guest, a token or nobody asks, or the account is gone.</exception>
    internal static async Task<Account> MemberAsync(this UserManager<Account> users, Caller caller)
        => await users.FindByIdAsync(caller.RequireMember().ToString(CultureInfo.InvariantCulture)) ?? throw new AccessDeniedException(signedIn: false);
}
