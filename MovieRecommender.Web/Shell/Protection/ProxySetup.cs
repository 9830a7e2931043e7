using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using MovieRecommender.Domain;

namespace MovieRecommender.Web.Shell.Protection;

/// <summary>Whom to believe when a request says that it comes from somewhere else; configuration section <c>Proxy</c>.</summary>
static class ProxySetup
{
    /// <summary>Addresses and networks of reverse proxies, parted by commas, such as <c>127.0.0.1, 10.0.0.0/8</c>. Default empty: nobody is believed.</summary>
    public const string Key = "Proxy:Trusted";

    public static IServiceCollection AddProxy(this IServiceCollection services)
    {
        services.AddOptions<ForwardedHeadersOptions>().Configure<IConfiguration>((options, configuration) =>
        {
            options.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost;
            // As many proxies in a row as are trusted; the first one that is not ends it.
            options.ForwardLimit = null;
            options.KnownProxies.Clear();
            options.KnownIPNetworks.Clear();
            foreach (var proxy in Trusted(configuration))
            {
                if (IPAddress.TryParse(proxy, out var address)) options.KnownProxies.Add(address);
                else if (System.Net.IPNetwork.TryParse(proxy, out var network)) options.KnownIPNetworks.Add(network);
                else throw new InvalidInputException($"{Key} has '{proxy}'; allowed are IP addresses and networks such as 10.0.0.0/8, parted by commas.");
            }
        });
        return services;
    }

    public static void UseProxy(this WebApplication app)
    {
        if (Trusted(app.Configuration).Length > 0) app.UseForwardedHeaders();
    }

    static string[] Trusted(IConfiguration configuration) => (configuration[Key] ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
