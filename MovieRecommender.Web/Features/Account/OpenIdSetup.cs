using System.Globalization;
using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using MovieRecommender.Domain;
using MovieRecommender.Domain.Accounts;

namespace MovieRecommender.Web.Features.Account;

/// <summary>Configuration section <c>OpenIdConnect</c>: a provider that people may sign in through. Without an authority there is none.</summary>
sealed class OpenIdOptions
{
    public const string Section = "OpenIdConnect";

    /// <summary>The provider's address, https (http on this machine only); <c>/.well-known/openid-configuration</c> lies below it.</summary>
    public string? Authority { get; set; }

    /// <summary>As registered there, with the redirect address <c>https://this.site/signin-openid</c>.</summary>
    public string? ClientId { get; set; }

    /// <summary>As given there; none for a public client.</summary>
    public string? ClientSecret { get; set; }

    /// <summary>What people call it, on the button. Default: the authority's host.</summary>
    public string? Name { get; set; }

    public bool Enabled => !string.IsNullOrWhiteSpace(Authority);

    public string DisplayName => Name is { Length: > 0 } name ? name : new Uri(Authority ?? "").Host;

    /// <exception cref="InvalidInputException">The settings make no sense together.</exception>
    public OpenIdOptions Checked()
    {
        if (!Enabled) return this;
        if (!Uri.TryCreate(Authority, UriKind.Absolute, out var address) || !(address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback)))
            throw new InvalidInputException($"OpenIdConnect:Authority is '{Authority}'; allowed is an https address, or an http one on this machine.");
        if (string.IsNullOrWhiteSpace(ClientId)) throw new InvalidInputException("OpenIdConnect:ClientId is empty; give the one registered with the provider.");
        return this;
    }
}

/// <summary>Signing in through a provider: the way there, and what comes back.</summary>
static class OpenIdSetup
{
    public const string Begin = "/account/openid";
    public const string Done = "/account/openid/done";
    const string Scheme = "OpenIdConnect";
    const string ExternalCookie = "mr_external";
    static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    public static void AddOpenId(this AuthenticationBuilder authentication, IConfiguration configuration)
    {
        var settings = (configuration.GetSection(OpenIdOptions.Section).Get<OpenIdOptions>() ?? new()).Checked();
        authentication.Services.AddSingleton(settings);
        authentication.Services.AddSingleton<ConnectTickets>();
        if (!settings.Enabled) return;
        authentication.AddCookie(IdentityConstants.ExternalScheme, options =>
        {
            options.Cookie.Name = ExternalCookie;
            options.Cookie.HttpOnly = true;
            options.Cookie.SameSite = SameSiteMode.Lax;
            options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            options.ExpireTimeSpan = Lifetime;
        });
        authentication.AddOpenIdConnect(Scheme, options =>
        {
            options.SignInScheme = IdentityConstants.ExternalScheme;
            options.Authority = settings.Authority;
            options.RequireHttpsMetadata = new Uri(settings.Authority ?? "").Scheme == Uri.UriSchemeHttps;
            options.ClientId = settings.ClientId;
            options.ClientSecret = settings.ClientSecret;
            options.CallbackPath = "/signin-openid";
            options.ResponseType = OpenIdConnectResponseType.Code;
            // People come back by a link, so that the cookies of the way there need not follow other sites' forms.
            options.ResponseMode = OpenIdConnectResponseMode.Query;
            options.CorrelationCookie.SameSite = options.NonceCookie.SameSite = SameSiteMode.Lax;
            options.CorrelationCookie.SecurePolicy = options.NonceCookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            options.Scope.Clear();
            options.Scope.Add("openid");
            options.Scope.Add("email");
            options.GetClaimsFromUserInfoEndpoint = true;
            // The addresses that the provider has told are asked, and no others that they lead to.
            options.BackchannelHttpHandler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false };
            options.ClaimActions.MapUniqueJsonKey("email", "email");
            options.ClaimActions.MapUniqueJsonKey("email_verified", "email_verified");
            options.MapInboundClaims = false;
            options.Events.OnRemoteFailure = context =>
            {
                context.Response.Redirect(Failed);
                context.HandleResponse();
                return Task.CompletedTask;
            };
        });
    }

    public static void MapOpenId(this WebApplication app)
    {
        app.MapGet(Begin, async (HttpContext context, OpenIdOptions provider, ILogger<OpenIdOptions> logger, string? returnUrl, string? invite, string? connect) =>
        {
            if (!provider.Enabled) return Results.NotFound();
            try
            {
                await context.ChallengeAsync(Scheme, new() { RedirectUri = Done + Query(returnUrl, invite, connect) });
                return Results.Empty;
            }
            // The provider is asked for its addresses here, and may not answer.
            catch (Exception error) when (error is InvalidOperationException or HttpRequestException or IOException)
            {
                logger.ProviderUnreachable(error);
                return Results.LocalRedirect(Failed);
            }
        }).ExcludeFromDescription();
    }

    public static string BeginAt(string? returnUrl, string? invite = null, string? connect = null)
        => Begin + Query(returnUrl, invite, connect);

    static string Query(string? returnUrl, string? invite, string? connect)
        => QueryString.Create(new KeyValuePair<string, string?>[] { new("returnUrl", Address.Local(returnUrl)), new("invite", invite), new("connect", connect) }.Where(field => !string.IsNullOrEmpty(field.Value))).ToString();

    /// <summary>Who has just come back from the provider; null for anybody else.</summary>
    public static async Task<ExternalIdentity?> ReadAsync(HttpContext context)
    {
        var principal = (await context.AuthenticateAsync(IdentityConstants.ExternalScheme)).Principal;
        return principal?.FindFirst("sub") is not { } subject ? null
            : new(subject.Issuer, subject.Value, principal.FindFirstValue("email"), string.Equals(principal.FindFirstValue("email_verified"), "true", StringComparison.OrdinalIgnoreCase));
    }

    public static Task EndAsync(HttpContext context) => context.SignOutAsync(IdentityConstants.ExternalScheme);

    static string Failed => "/account/sign-in?problem=provider";
}

/// <summary>
/// Shows that a member asked on their account page to connect it. Without it another site could send a member's browser round
/// through a provider where it is signed in as somebody else, who could then sign in to the member's account.
/// </summary>
sealed class ConnectTickets(IDataProtectionProvider protection)
{
    readonly ITimeLimitedDataProtector _protector = protection.CreateProtector("connect-ticket").ToTimeLimitedDataProtector();

    public string Issue(Caller caller) => _protector.Protect(caller.RequireMember().ToString(CultureInfo.InvariantCulture), TimeSpan.FromMinutes(30));

    public bool IsOf(Caller caller, string ticket)
    {
        try
        {
            return _protector.Unprotect(ticket) == caller.AccountId?.ToString(CultureInfo.InvariantCulture);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}

static partial class OpenIdLog
{
    [LoggerMessage(LogLevel.Error, "The provider to sign in through does not answer as it should")]
    public static partial void ProviderUnreachable(this ILogger logger, Exception error);
}
