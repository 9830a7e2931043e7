using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Ratings;

namespace MovieRecommender.Web.Features.Account;

/// <summary>What a person types to sign in or up.</summary>
sealed class Credentials
{
    [Required(ErrorMessage = "Type your e-mail address."), EmailAddress(ErrorMessage = "This is not an e-mail address."), StringLength(254, ErrorMessage = "This is longer than it may be.")]
    public string Email { get; set; } = "";

    [Required(ErrorMessage = "Type a password."), StringLength(200, ErrorMessage = "This is longer than it may be.")]
    public string Password { get; set; } = "";
}

static class SignedIn
{
    /// <summary>Sets the member's cookie, brings the guest's ratings along and lets the guest's cookie go.</summary>
    public static async Task AsAsync(HttpContext context, SignInManager<Domain.Storage.Account> signIn, RatingService ratings, Domain.Storage.Account account, Caller guest)
    {
        await signIn.SignInAsync(account, isPersistent: true);
        var member = Caller.From(new ClaimsPrincipal(new ClaimsIdentity(
            [new Claim(Caller.ViewerClaim, account.ViewerId.ToString(CultureInfo.InvariantCulture))], IdentityConstants.ApplicationScheme)));
        await ratings.AdoptAsync(guest, member, context.RequestAborted);
        if (guest.IsGuest) await context.SignOutAsync(GuestIdentity.Scheme);
    }
}

/// <summary>Return addresses that cannot lead away from this site.</summary>
static class Address
{
    public static string Local(string? returnUrl)
        // Browsers read a backslash as a slash and drop control characters.
        => returnUrl is ['/', ..] and not ['/', '/' or '\\', ..] && !returnUrl.Any(char.IsControl) ? returnUrl : "/";

    public static string Of(string page, string? returnUrl)
        => returnUrl is null ? page : $"{page}?returnUrl={Uri.EscapeDataString(Local(returnUrl))}";
}
