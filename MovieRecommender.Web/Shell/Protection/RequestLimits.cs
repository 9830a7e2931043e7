using System.Globalization;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.Extensions.Options;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Web.Api;
using MovieRecommender.Web.Features.Account;
using static MovieRecommender.Web.Shell.Languages.Text;

namespace MovieRecommender.Web.Shell.Protection;

/// <summary>
/// Lets one person or address ask for no more than <see cref="LimitOptions"/> says. Members count by their account, so that
/// nobody's flood from the same address locks them out; everyone else counts by address.
/// </summary>
static class RequestLimits
{
    static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    sealed record Limit(string Name, int Quota, PartitionedRateLimiter<string> Limiter);

    public static IServiceCollection AddLimits(this IServiceCollection services)
    {
        services.AddOptions<LimitOptions>().BindConfiguration(LimitOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        return services;
    }

    public static void UseLimits(this WebApplication app)
    {
        var options = app.Services.GetRequiredService<IOptions<LimitOptions>>().Value;
        var api = PerMinute("api", options.ApiPerMinute);
        var signIns = PerMinute("sign-in", options.SignInsPerMinute);
        var signUps = PerMinute("sign-up", options.SignUpsPerMinute);
        var guests = PerMinute("guests", options.GuestsPerMinute);
        var pages = PerMinute("pages", options.PagesPerMinute);
        var openPages = new Limit("open-pages", options.OpenPages, PartitionedRateLimiter.Create<string, string>(key =>
            RateLimitPartition.GetConcurrencyLimiter(key, _ => new() { PermitLimit = options.OpenPages })));

        app.Use(async (context, next) =>
        {
            var caller = Caller.From(context.User);
            if (LimitOf(context, caller) is not { } limit)
            {
                await next(context);
                return;
            }
            var key = KeyOf(context, caller);
            // Held to the end: of an open page, that is when it closes.
            using var lease = limit.Limiter.AttemptAcquire(key);
            if (limit != openPages)
            {
                var left = limit.Limiter.GetStatistics(key)?.CurrentAvailablePermits ?? 0;
                // At the last moment: what answers an error clears the headers set before it.
                context.Response.OnStarting(() =>
                {
                    context.Response.Headers["RateLimit-Policy"] = string.Create(CultureInfo.InvariantCulture, $"\"{limit.Name}\";q={limit.Quota};w={Window.TotalSeconds}");
                    context.Response.Headers["RateLimit"] = string.Create(CultureInfo.InvariantCulture, $"\"{limit.Name}\";r={left}");
                    return Task.CompletedTask;
                });
            }
            if (lease.IsAcquired) await next(context);
            else await RefuseAsync(context, lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : Window);
        });

        Limit? LimitOf(HttpContext context, Caller caller)
        {
            var request = context.Request;
            if (ApiRefusal.IsForPrograms(request.Path)) return api;
            if (request.Path.StartsWithSegments("/_blazor", StringComparison.OrdinalIgnoreCase)) return HttpMethods.IsGet(request.Method) ? openPages : null;
            if (request.Path.StartsWithSegments(OpenIdSetup.Begin, StringComparison.OrdinalIgnoreCase)) return signIns;
            if (!HttpMethods.IsPost(request.Method)) return caller.AccountId is null && context.GetEndpoint()?.Metadata.GetMetadata<ComponentTypeMetadata>() is not null ? pages : null;
            return request.Path.Value?.TrimEnd('/').ToLowerInvariant() switch
            {
                "/account/sign-in" or "/account/sign-in/code" or "/account/passkey/get" => signIns,
                "/account/sign-up" or "/account/passkey/sign-up" or "/account/reset" or "/account/forgot" or "/setup" => signUps,
                "/guest" => caller.ViewerId is null ? guests : null,
                _ => null,
            };
        }

        static Limit PerMinute(string name, int quota) => new(name, quota, PartitionedRateLimiter.Create<string, string>(key =>
            RateLimitPartition.GetFixedWindowLimiter(key, _ => new() { PermitLimit = quota, Window = Window })));
    }

    /// <summary>Who is counted.</summary>
    internal static string KeyOf(HttpContext context, Caller caller)
        => caller.AccountId is { } account ? string.Create(CultureInfo.InvariantCulture, $"account {account}") : AddressOf(context);

    /// <summary>One household has one IPv4 address, or the upper half of an IPv6 address with all that lie below.</summary>
    static string AddressOf(HttpContext context)
    {
        if (context.Connection.RemoteIpAddress is not { } address) return "";
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetworkV6 ? Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8)) : address.ToString();
    }

    static async Task RefuseAsync(HttpContext context, TimeSpan wait)
    {
        var seconds = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds));
        context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
        context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        if (ApiRefusal.IsForPrograms(context.Request.Path)) await ApiRefusal.WriteAsync(context, StatusCodes.Status429TooManyRequests, $"Too many requests. Wait {seconds} seconds and try again.");
        else await context.Response.WriteAsync(T("Too many requests. Wait {0} seconds and try again.", seconds), context.RequestAborted);
    }
}
