using System.Threading.RateLimiting;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Options;
using MovieRecommender.Domain.Accounts;

namespace MovieRecommender.Web.Shell.Protection;

/// <summary>
/// Slows somebody's open pages down that send more events than a person can make, all of them together: by account, else by address.
/// What is too much waits its turn, and with it everything behind it on that connection.
/// </summary>
sealed class EventLimit : IHubFilter, IDisposable
{
    /// <summary>Seconds of events that may come at once.</summary>
    const int Burst = 4;

    /// <summary>What clicks and keys arrive as, and going to another page. The rest are answers, and pieces of files.</summary>
    static readonly HashSet<string> Events = new(StringComparer.Ordinal) { "BeginInvokeDotNetFromJS", "OnLocationChanged", "UpdateRootComponents" };

    readonly PartitionedRateLimiter<string> _limiter;

    public EventLimit(IOptions<LimitOptions> options)
    {
        var perSecond = options.Value.EventsPerSecond;
        _limiter = PartitionedRateLimiter.Create<string, string>(key => RateLimitPartition.GetTokenBucketLimiter(key, _ => new()
        {
            TokenLimit = Burst * perSecond,
            TokensPerPeriod = perSecond,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            // A connection sends its next event once this one is done, so as many wait as pages are open.
            QueueLimit = int.MaxValue,
        }));
    }

    public async ValueTask<object?> InvokeMethodAsync(HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        if (!Events.Contains(invocationContext.HubMethodName)) return await next(invocationContext);
        var connection = invocationContext.Context;
        if (connection.GetHttpContext() is { } context)
        {
            using var lease = await _limiter.AcquireAsync(RequestLimits.KeyOf(context, Caller.From(context.User)), 1, connection.ConnectionAborted);
        }
        return await next(invocationContext);
    }

    public void Dispose() => _limiter.Dispose();
}
