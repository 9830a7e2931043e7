using System.Globalization;
using System.Security.Claims;

namespace MovieRecommender.Domain.Accounts;

/// <summary>
/// Who asks. It is made from the session's or token's principal and from nothing else;
/// services check it before they act.
/// </summary>
public sealed record Caller
{
    /// <summary>Claim that holds the viewer's id.</summary>
    public const string ViewerClaim = "viewer";

    /// <summary>Role of those who may train models, import data and see everyone's counts.</summary>
    public const string AdminRole = "admin";

    public static readonly Caller Nobody = new();

    /// <summary>The person at this machine's command line, who can read and write the store's files anyway.</summary>
    public static readonly Caller Operator = new() { IsAdmin = true, Name = "the command line" };

    /// <summary>The app itself, when a schedule is due.</summary>
    public static readonly Caller Schedule = new() { IsAdmin = true, Name = "the schedule" };

    Caller() { }

    public int? ViewerId { get; private init; }

    public bool IsAdmin { get; private init; }

    public bool IsGuest { get; private init; }

    /// <summary>E-mail address of a member.</summary>
    public string? Name { get; private init; }

    public static Caller From(ClaimsPrincipal principal)
    {
        if (principal.Identity?.IsAuthenticated != true) return Nobody;
        var viewer = principal.FindFirstValue(ViewerClaim);
        return new()
        {
            ViewerId = int.TryParse(viewer, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null,
            IsAdmin = principal.IsInRole(AdminRole),
            IsGuest = principal.Identity.AuthenticationType == GuestIdentity.Scheme,
            Name = principal.Identity.Name,
        };
    }

    /// <exception cref="AccessDeniedException">Nobody is signed in and no guest has started rating.</exception>
    public int RequireViewer() => ViewerId ?? throw new AccessDeniedException(signedIn: false);

    /// <exception cref="AccessDeniedException">The caller is no admin.</exception>
    public void RequireAdmin()
    {
        if (!IsAdmin) throw new AccessDeniedException(signedIn: ViewerId is not null);
    }
}

/// <summary>The caller may not do this: 401 when nobody is signed in, 403 when the wrong person is.</summary>
public sealed class AccessDeniedException(bool signedIn, string? reason = null)
    : Exception(reason ?? (signedIn ? "This is for admins only." : "Sign in first, or send a token."))
{
    public bool SignedIn { get; } = signedIn;
}

/// <summary>The principal of a guest: a viewer id in a protected cookie, no account.</summary>
public static class GuestIdentity
{
    public const string Scheme = "Guest";

    public static ClaimsPrincipal For(int viewerId)
        => new(new ClaimsIdentity([new Claim(Caller.ViewerClaim, viewerId.ToString(CultureInfo.InvariantCulture))], Scheme));
}
