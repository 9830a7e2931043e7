using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;

namespace MovieRecommender.Web.Features.Account;

/// <summary>Somebody whose password was right and whose code is still to come; kept in a sealed cookie for some minutes.</summary>
static class HalfWay
{
    // Claims of our own: the same cookie keeps what a passkey was asked, and that must never pass for a password.
    const string AccountClaim = "half-way";
    const string StampClaim = "half-way-stamp";

    public static Task BeginAsync(HttpContext context, Domain.Storage.Account account)
        => context.SignInAsync(IdentityConstants.TwoFactorUserIdScheme, new(new ClaimsIdentity(
            [new Claim(AccountClaim, account.Id.ToString(CultureInfo.InvariantCulture)), new Claim(StampClaim, account.SecurityStamp ?? "")], IdentityConstants.TwoFactorUserIdScheme)));

    /// <summary>Null for who has not given a password, or whose password has changed since.</summary>
    public static async Task<Domain.Storage.Account?> FindAsync(HttpContext context, UserManager<Domain.Storage.Account> users)
    {
        var principal = (await context.AuthenticateAsync(IdentityConstants.TwoFactorUserIdScheme)).Principal;
        return principal?.FindFirstValue(AccountClaim) is { } id && await users.FindByIdAsync(id) is { } account && principal.FindFirstValue(StampClaim) == (account.SecurityStamp ?? "") ? account : null;
    }

    public static Task EndAsync(HttpContext context) => context.SignOutAsync(IdentityConstants.TwoFactorUserIdScheme);
}

/// <summary>What a person types from their authenticator app.</summary>
sealed class OneTimeCode
{
    [System.ComponentModel.DataAnnotations.StringLength(100)]
    public string? Code { get; set; } = "";
}
