using MovieRecommender.Web.Api;
using MudBlazor;
using MudBlazor.Services;

namespace MovieRecommender.Web.Shell;

/// <summary>Pages, their services and the middleware in front of them.</summary>
static class ShellSetup
{
    public static IServiceCollection AddShell(this IServiceCollection services)
    {
        services.AddRazorComponents().AddInteractiveServerComponents();
        services.AddCascadingAuthenticationState();
        services.AddMudServices(options =>
        {
            options.SnackbarConfiguration.PositionClass = Defaults.Classes.Position.BottomCenter;
            options.SnackbarConfiguration.MaxDisplayedSnackbars = 1;
        });
        services.AddScoped<ViewerSession>();
        services.AddScoped<MyRatings>();
        services.AddSingleton<Features.Admin.DashboardCounts>();
        services.AddSingleton<Features.Admin.DashboardHealth>();
        services.AddSingleton<Features.Admin.OpenPages>();
        services.AddSingleton<Microsoft.AspNetCore.Components.Server.Circuits.CircuitHandler>(provider => provider.GetRequiredService<Features.Admin.OpenPages>());
        return services;
    }

    public static void UseShell(this WebApplication app)
    {
        app.UseExceptionHandler("/error", createScopeForErrors: true);
        app.UseWhen(context => !ProblemExceptionHandler.IsApi(context.Request.Path),
            pages => pages.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true));
        app.UseWhen(context => ProblemExceptionHandler.IsApi(context.Request.Path), api => api.UseStatusCodePages());
        // Below the status pages, so that their second pass finds its page too.
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseAntiforgery();
    }

    public static void MapShell(this WebApplication app)
    {
        app.MapStaticAssets();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode();
    }
}
