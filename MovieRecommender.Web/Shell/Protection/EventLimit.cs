using System.Threading.RateLimiting;
using Microsoft.AspNetCore.SignalR;

namespace MovieRecommender.Web.Shell.Protection;

/// <summary>
/// Slows an open page down that sends more events than a person can make: what is too much waits its turn,
/// and with it everything behind it on that connection.
/// </summary>
sealed class EventLimit : IHubFilter
{
    /// <summary>What clicks and keys arrive as.</summary>
    const string Event = "BeginInvokeDotNetFromJS";

    static readonly TokenBucketRateLimiterOptions Options = new()
    {
        TokenLimit = 200,
        TokensPerPeriod = 50,
        ReplenishmentPeriod = TimeSpan.FromSeconds(1),
        QueueLimit = int.MaxValue,
    };

    public async ValueTask<object?> InvokeMethodAsync(HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        if (invocationContext.HubMethodName != Event || invocationContext.Context.Items[this] is not RateLimiter limiter) return await next(invocationContext);
        using var lease = await limiter.AcquireAsync(1, invocationContext.Context.ConnectionAborted);
        return await next(invocationContext);
    }

    public Task OnConnectedAsync(HubLifetimeContext context, Func<HubLifetimeContext, Task> next)
    {
        context.Context.Items[this] = new TokenBucketRateLimiter(Options);
        return next(context);
    }

    public async Task OnDisconnectedAsync(HubLifetimeContext context, Exception? exception, Func<HubLifetimeContext, Exception?, Task> next)
    {
        await next(context, exception);
        if (context.Context.Items.Remove(this, out var limiter)) await ((RateLimiter)limiter!).DisposeAsync();
    }
}
