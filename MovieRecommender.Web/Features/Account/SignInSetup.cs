using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Identity;
using MovieRecommender.Domain;
using MovieRecommender.Domain.Accounts;

namespace MovieRecommender.Web.Features.Account;

/// <summary>Who a request comes from: a token, a member's cookie or a guest's cookie, in this order.</summary>
static class SignInSetup
{
    const string AnyScheme = "Any";
    const string MemberCookie = "mr_member";
    const string GuestCookie = "mr_guest";
    const string HalfWayCookie = "mr_half_way";

    public static IServiceCollection AddSignIn(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddAuthentication(AnyScheme)
            .AddPolicyScheme(AnyScheme, null, options => options.ForwardDefaultSelector = Select)
            .AddScheme<AuthenticationSchemeOptions, TokenHandler>(TokenHandler.SchemeName, null)
            .AddCookie(GuestIdentity.Scheme, options => Configure(options, GuestCookie, TimeSpan.FromDays(365)))
            .AddCookie(IdentityConstants.ApplicationScheme, ConfigureMember)
            // What a passkey was asked, or whose code is still to come.
            .AddCookie(IdentityConstants.TwoFactorUserIdScheme, options =>
            {
                options.Cookie.Name = HalfWayCookie;
                options.Cookie.HttpOnly = true;
                options.Cookie.SameSite = SameSiteMode.Strict;
                options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
                options.ExpireTimeSpan = TimeSpan.FromMinutes(5);
            })
            .AddOpenId(configuration);
        services.AddAuthorization();
        services.AddResetMail(configuration);
        services.AddScoped<SignInManager<Domain.Storage.Account>>();
        // Found without a name, and as good as two factors: the device asks for a fingerprint or PIN.
        services.Configure<IdentityPasskeyOptions>(options => (options.UserVerificationRequirement, options.ResidentKeyRequirement) = ("required", "required"));
        services.AddScoped<IPasskeyHandler<Domain.Storage.Account>, PasskeyHandler<Domain.Storage.Account>>();
        services.AddScoped<AuthenticationStateProvider, CircuitSession>();
        services.AddSingleton<GuestTickets>();
        services.AddExceptionHandler<DeniedHandler>();
        return services;
    }

    static string Select(HttpContext context)
        => context.Request.Headers.Authorization.Count > 0 ? TokenHandler.SchemeName
            : context.Request.Cookies.ContainsKey(MemberCookie) ? IdentityConstants.ApplicationScheme
            : GuestIdentity.Scheme;

    static void ConfigureMember(CookieAuthenticationOptions options)
    {
        Configure(options, MemberCookie, Sessions.Lifetime);
        // Whatever way somebody comes in by, and out.
        options.Events.OnSigningIn = context => SessionsOf(context.HttpContext)
            .BeginAsync(context.Principal!, BrowserName.Of(context.Request.Headers.UserAgent.ToString()), Caller.From(context.HttpContext.User).SessionId, context.HttpContext.RequestAborted);
        options.Events.OnSigningOut = async context =>
        {
            var caller = Caller.From(context.HttpContext.User);
            if (caller is not { SessionId: { } session, IsToken: false }) return;
            try
            {
                await SessionsOf(context.HttpContext).EndAsync(caller, session, context.HttpContext.RequestAborted);
            }
            catch (NotFoundException)
            {
                // It has been ended from elsewhere.
            }
        };
    }

    static Sessions SessionsOf(HttpContext context) => context.RequestServices.GetRequiredService<Sessions>();

    static void Configure(CookieAuthenticationOptions options, string name, TimeSpan lifetime)
    {
        options.Cookie.Name = name;
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        options.ExpireTimeSpan = lifetime;
        options.SlidingExpiration = true;
        options.LoginPath = "/account/sign-in";
        options.AccessDeniedPath = "/account/sign-in";
        options.Events.OnValidatePrincipal = async context =>
        {
            if (context.Principal is not null && await SessionsOf(context.HttpContext).HoldsAsync(context.Principal, context.HttpContext.RequestAborted)) return;
            context.RejectPrincipal();
            await context.HttpContext.SignOutAsync(context.Scheme.Name);
        };
    }
}
