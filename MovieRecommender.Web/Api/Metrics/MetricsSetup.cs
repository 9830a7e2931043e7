using MovieRecommender.Domain;
using OpenTelemetry.Metrics;

namespace MovieRecommender.Web.Api.Metrics;

/// <summary><c>/metrics</c> for Prometheus: the runtime's, the server's and the app's own figures. It names no person and no film.</summary>
static class MetricsSetup
{
    const string Path = "/metrics";

    public static IServiceCollection AddAppMetrics(this IServiceCollection services)
    {
        services.AddSingleton<StoreGauges>();
        services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .AddMeter("System.Runtime", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.AspNetCore.Components.Server.Circuits", AppMeter.Name)
            .AddPrometheusExporter());
        return services;
    }

    public static void MapMetrics(this WebApplication app)
    {
        app.UseWhen(context => context.Request.Path.Equals(Path, StringComparison.OrdinalIgnoreCase), scrape => scrape.Use(async (context, next) =>
        {
            await context.RequestServices.GetRequiredService<StoreGauges>().RefreshAsync(context.RequestAborted);
            await next(context);
        }));
        app.MapPrometheusScrapingEndpoint(Path);
    }
}
