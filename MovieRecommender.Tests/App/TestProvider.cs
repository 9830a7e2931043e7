using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace MovieRecommender.Tests.App;

/// <summary>A small OpenID Connect provider on this machine. Whoever comes is signed in there at once.</summary>
public sealed class TestProvider : IAsyncDisposable
{
    public const string ClientId = "the-app";
    public const string ClientSecret = "between the app and its provider";
    readonly WebApplication _app;

    TestProvider(WebApplication app) => _app = app;

    public string Address => _app.Urls.First();

    /// <summary>Who is signed in there; null says no.</summary>
    public (string Subject, string? Email, bool Confirmed)? Person { get; set; }

    /// <summary>Where it sends whoever asks for tokens; null: it gives them.</summary>
    public string? Elsewhere { get; set; }

    /// <summary>Settings of an app that uses it.</summary>
    public string[] Settings => [$"--OpenIdConnect:Authority={Address}", $"--OpenIdConnect:ClientId={ClientId}", $"--OpenIdConnect:ClientSecret={ClientSecret}", "--OpenIdConnect:Name=The Club"];

    public static async Task<TestProvider> StartAsync()
    {
        TestProvider? provider = null;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddOpenIddict().AddServer(options =>
        {
            options.SetAuthorizationEndpointUris("/authorize").SetTokenEndpointUris("/token").SetUserInfoEndpointUris("/userinfo");
            options.AllowAuthorizationCodeFlow().RequireProofKeyForCodeExchange().RegisterScopes(Scopes.Email);
            options.AddEphemeralEncryptionKey().AddEphemeralSigningKey();
            // No database: who may ask is said below.
            options.EnableDegradedMode();
            options.UseAspNetCore().DisableTransportSecurityRequirement();
            options.AddEventHandler<OpenIddictServerEvents.ValidateAuthorizationRequestContext>(handler => handler.UseInlineHandler(context =>
            {
                if (context.ClientId != ClientId) context.Reject(Errors.InvalidClient);
                return default;
            }));
            options.AddEventHandler<OpenIddictServerEvents.ValidateTokenRequestContext>(handler => handler.UseInlineHandler(context =>
            {
                if (context.ClientId != ClientId || context.ClientSecret != ClientSecret) context.Reject(Errors.InvalidClient);
                return default;
            }));
            options.AddEventHandler<OpenIddictServerEvents.HandleAuthorizationRequestContext>(handler => handler.UseInlineHandler(context =>
            {
                if (provider?.Person is { } person) context.Principal = PrincipalOf(person, context.Request.GetScopes());
                else context.Reject(Errors.AccessDenied);
                return default;
            }));
        });
        var app = builder.Build();
        app.Use((context, next) =>
        {
            if (provider?.Elsewhere is not { } elsewhere || context.Request.Path != "/token") return next(context);
            context.Response.Redirect(elsewhere);
            return Task.CompletedTask;
        });
        app.UseAuthentication();
        provider = new(app);
        await app.StartAsync();
        return provider;
    }

    static ClaimsPrincipal PrincipalOf((string Subject, string? Email, bool Confirmed) person, IEnumerable<string> scopes)
    {
        var identity = new ClaimsIdentity("provider");
        identity.AddClaim(Claims.Subject, person.Subject);
        if (person.Email is not null) identity.AddClaim(Claims.Email, person.Email);
        identity.SetClaim(Claims.EmailVerified, person.Confirmed);
        identity.SetScopes(scopes);
        identity.SetDestinations(_ => [Destinations.AccessToken, Destinations.IdentityToken]);
        return new(identity);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
