using System.IO.Compression;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.SignalR;
using MovieRecommender.Web.Api;
using MovieRecommender.Web.Shell.Languages;
using MovieRecommender.Web.Shell.Protection;
using MudBlazor;
using MudBlazor.Services;
using BadHttpRequestException = Microsoft.AspNetCore.Http.BadHttpRequestException;

namespace MovieRecommender.Web.Shell;

/// <summary>Pages, their services and the middleware in front of them.</summary>
static class ShellSetup
{
    /// <summary>Largest body of a request that sets no limit of its own, in bytes: several times the longest history the API takes.</summary>
    const long LargestBody = 2 << 20;

    /// <summary>Largest message of an open page, in bytes; files come in pieces of this size.</summary>
    const long LargestMessage = 32 << 10;

    public static IServiceCollection AddShell(this IServiceCollection services)
    {
        services.AddRazorComponents().AddInteractiveServerComponents().AddHubOptions(options =>
        {
            options.MaximumReceiveMessageSize = LargestMessage;
            options.AddFilter<EventLimit>();
        });
        services.Configure<KestrelServerOptions>(options =>
        {
            options.AddServerHeader = false;
            options.Limits.MaxRequestBodySize = LargestBody;
        });
        services.AddSingleton<EventLimit>();
        services.AddProxy();
        services.AddLimits();
        // Under HTTPS too: what a stranger could place in a page never stands beside a secret that stays the same, and cookies stay with this site.
        services.AddResponseCompression(options => options.EnableForHttps = true);
        services.Configure<BrotliCompressionProviderOptions>(options => options.Level = CompressionLevel.Optimal);
        services.AddHsts(options => options.MaxAge = TimeSpan.FromDays(180));
        services.AddAntiforgery(options =>
        {
            options.Cookie.Name = "mr_form";
            options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        });
        services.AddCascadingAuthenticationState();
        services.AddMudServices(options =>
        {
            options.SnackbarConfiguration.PositionClass = Defaults.Classes.Position.BottomCenter;
            options.SnackbarConfiguration.MaxDisplayedSnackbars = 1;
            options.SnackbarConfiguration.MaximumOpacity = 100;
            options.SnackbarConfiguration.ShowTransitionDuration = 150;
            options.SnackbarConfiguration.HideTransitionDuration = 150;
        });
        services.AddTransient<MudLocalizer, MudWords>();
        services.AddScoped<ViewerSession>();
        services.AddScoped<MyRatings>();
        services.AddSingleton<Features.Admin.DashboardCounts>();
        services.AddSingleton<Features.Admin.DashboardHealth>();
        services.AddScoped<Features.Admin.InstallationCheck>();
        services.AddSingleton<Features.Admin.OpenPages>();
        services.AddSingleton<Microsoft.AspNetCore.Components.Server.Circuits.CircuitHandler>(provider => provider.GetRequiredService<Features.Admin.OpenPages>());
        return services;
    }

    public static void UseShell(this WebApplication app)
    {
        // HEAD is GET without the body, which the server leaves out by itself.
        app.Use((context, next) =>
        {
            if (HttpMethods.IsHead(context.Request.Method)) context.Request.Method = HttpMethods.Get;
            return next(context);
        });
        // Who asks and how comes first, then what every answer says, then what is not listened to at all.
        app.UseProxy();
        app.UseHsts();
        // Outside of what answers errors, so that those pages speak it too.
        app.UseLanguages();
        app.UseWhen(context => !ApiRefusal.IsApi(context.Request.Path), pages => pages.UseResponseCompression());
        app.UseResponseHeaders();
        app.UseSameOrigin();
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandlingPath = "/error",
            CreateScopeForErrors = true,
            // A form that cannot be read is its sender's fault.
            StatusCodeSelector = error => error switch
            {
                AntiforgeryValidationException => StatusCodes.Status400BadRequest,
                BadHttpRequestException bad => bad.StatusCode,
                _ => StatusCodes.Status500InternalServerError,
            },
            // The framework keeps quiet about all that a handler answers, faults of the program too, and speaks of what senders do wrong.
            SuppressDiagnosticsCallback = failed => failed.Exception is BadHttpRequestException
                || (failed.ExceptionHandledBy == ExceptionHandledType.ExceptionHandlerService && ProblemExceptionHandler.IsRefusal(failed.Exception)),
        });
        app.UseWhen(context => !ApiRefusal.IsForPrograms(context.Request.Path),
            pages => pages.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true));
        app.UseWhen(context => ApiRefusal.IsForPrograms(context.Request.Path), programs => programs.UseApiRefusals());
        app.UseEmptyParameters();
        // Pages that tell of an error are read, whatever was being done.
        app.Use((context, next) =>
        {
            if (context.Features.Get<IStatusCodeReExecuteFeature>() is not null || context.Features.Get<IExceptionHandlerPathFeature>() is not null) context.Request.Method = HttpMethods.Get;
            return next(context);
        });
        // Below the status pages, so that their second pass finds its page too.
        app.UseRouting();
        app.UseAuthentication();
        app.UseLimits();
        app.UseAuthorization();
        app.UseAntiforgery();
    }

    public static void MapShell(this WebApplication app)
    {
        app.MapStaticAssets();
        app.MapLanguageChoice();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode();
    }
}
