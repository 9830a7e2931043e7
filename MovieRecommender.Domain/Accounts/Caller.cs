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

    /// <summary>Claim that holds what a token may do.</summary>
    public const string ScopesClaim = "scopes";

    /// <summary>Claim that holds the number of a member's <see cref="Session"/>.</summary>
    public const string SessionClaim = "session";

    /// <summary>Role of those who may train models, import data and see everyone's counts.</summary>
    public const string AdminRole = "admin";

    public static readonly Caller Nobody = new();

    /// <summary>The person at this machine's command line, who can read and write the store's files anyway.</summary>
    public static readonly Caller Operator = new() { IsAdmin = true, Name = "the command line" };

    /// <summary>The app itself: when a schedule is due, at the first start, or for somebody whose wish is in the log already.</summary>
    public static readonly Caller Schedule = new() { IsAdmin = true, Name = "the schedule" };

    Caller() { }

    /// <summary>The account of a member.</summary>
    public int? AccountId { get; private init; }

    /// <summary>The browser that a member is signed in with; null for a token.</summary>
    public int? SessionId { get; private init; }

    /// <summary>What the caller's token may do; everything for who has no token.</summary>
    public TokenScopes Scopes { get; private init; } = TokenScopes.All;

    /// <summary>Whether a program asks, by a token, and not a person.</summary>
    public bool IsToken { get; private init; }

    public int? ViewerId { get; private init; }

    public bool IsAdmin { get; private init; }

    public bool IsGuest { get; private init; }

    /// <summary>E-mail address of a member.</summary>
    public string? Name { get; private init; }

    public static Caller From(ClaimsPrincipal principal)
    {
        if (principal.Identity?.IsAuthenticated != true) return Nobody;
        var viewer = principal.FindFirstValue(ViewerClaim);
        var token = principal.FindFirstValue(ScopesClaim);
        var scopes = token is null ? TokenScopes.All : Enum.Parse<TokenScopes>(token);
        return new()
        {
            AccountId = int.TryParse(principal.FindFirstValue(ClaimTypes.NameIdentifier), NumberStyles.None, CultureInfo.InvariantCulture, out var account) ? account : null,
            SessionId = int.TryParse(principal.FindFirstValue(SessionClaim), NumberStyles.None, CultureInfo.InvariantCulture, out var session) ? session : null,
            IsToken = token is not null,
            Scopes = scopes,
            // Without the right to see a person's things a token stands for nobody, wherever that is asked.
            ViewerId = (scopes & TokenScopes.Viewer) != TokenScopes.None && int.TryParse(viewer, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null,
            IsAdmin = scopes.HasFlag(TokenScopes.Admin) && principal.IsInRole(AdminRole),
            IsGuest = principal.Identity.AuthenticationType == GuestIdentity.Scheme,
            Name = principal.Identity.Name,
        };
    }

    /// <summary>Someone who sees their own things.</summary>
    /// <exception cref="AccessDeniedException">Nobody is signed in and no guest has started rating, or the token is for something else.</exception>
    public int RequireViewer() => RequireScope(TokenScopes.Viewer);

    /// <summary>Someone who changes their own things.</summary>
    /// <inheritdoc cref="RequireViewer"/>
    public int RequireRater() => RequireScope(TokenScopes.Rate);

    /// <exception cref="AccessDeniedException">The caller is no admin, or the token is for something else.</exception>
    public void RequireAdmin()
    {
        if (IsAdmin) return;
        if (!Scopes.HasFlag(TokenScopes.Admin)) throw Beyond(TokenScopes.Admin);
        throw new AccessDeniedException(signedIn: ViewerId is not null);
    }

    /// <summary>A member in person: a token neither makes tokens nor changes or ends an account.</summary>
    /// <returns>The account's id.</returns>
    /// <exception cref="AccessDeniedException">A guest, a token or nobody asks.</exception>
    public int RequireMember()
    {
        if (IsToken) throw new AccessDeniedException(signedIn: true, "A token may not do this; sign in.");
        if (ViewerId is null) throw new AccessDeniedException(signedIn: false);
        return AccountId ?? throw new AccessDeniedException(signedIn: true, "This is for people with an account.");
    }

    int RequireScope(TokenScopes either)
    {
        if ((Scopes & either) == TokenScopes.None) throw Beyond(either);
        return ViewerId ?? throw new AccessDeniedException(signedIn: false);
    }

    static AccessDeniedException Beyond(TokenScopes needed)
        => new(signedIn: true, $"This token may not do that; it needs the scope {(needed == TokenScopes.Viewer ? "read or rate" : needed.ToString().ToLowerInvariant())}.");
}

/// <summary>The caller may not do this: 401 when nobody is signed in, 403 when the wrong person is.</summary>
public sealed class AccessDeniedException : Exception
{
    public AccessDeniedException(bool signedIn, Wording? reason = null) : this(reason ?? (signedIn ? "This is for admins only." : "Sign in first, or send a token."), signedIn) { }

    AccessDeniedException(Wording wording, bool signedIn) : base(wording.ToString()) => (Wording, SignedIn) = (wording, signedIn);

    /// <summary>The message, to be said in another language.</summary>
    public Wording Wording { get; }

    public bool SignedIn { get; }
}

/// <summary>The principal of a guest: a viewer id in a protected cookie, no account.</summary>
public static class GuestIdentity
{
    public const string Scheme = "Guest";

    public static ClaimsPrincipal For(int viewerId)
        => new(new ClaimsIdentity([new Claim(Caller.ViewerClaim, viewerId.ToString(CultureInfo.InvariantCulture))], Scheme));
}
