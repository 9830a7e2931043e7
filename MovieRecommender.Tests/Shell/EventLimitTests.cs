using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Web.Shell.Protection;

namespace MovieRecommender.Tests.Shell;

/// <summary>Clicks on open pages, ratings among them: somebody who sends more than a person can make waits, on all their pages together, and nobody else does.</summary>
public sealed class EventLimitTests : IDisposable
{
    const string Click = "BeginInvokeDotNetFromJS";
    const int Many = 1000;
    readonly EventLimit _limit = new(Options.Create(new LimitOptions { EventsPerSecond = 1 }));
    int _done;

    [Fact]
    public async Task TooManyClicksWaitAndNobodyElses()
    {
        using var closing = new CancellationTokenSource();
        var (first, second) = (new Connection("1.2.3.4", 5, closing.Token), new Connection("1.2.3.4", 5, closing.Token));
        var clicks = Enumerable.Range(0, Many).Select(i => SendAsync(i % 2 == 0 ? first : second, Click)).ToList();
        // A burst goes through at once; the rest, on both pages, waits for its second.
        var (waiting, done) = (clicks.Find(click => !click.IsCompleted), _done);
        Assert.NotNull(waiting);
        Assert.InRange(done, 4, Many - 1);

        // What the page answers, and other people's clicks, from the same address too, do not wait behind them.
        Assert.True(SendAsync(first, "OnRenderCompleted").IsCompletedSuccessfully);
        Assert.True(SendAsync(new Connection("1.2.3.4", 6, closing.Token), Click).IsCompletedSuccessfully);
        Assert.True(SendAsync(new Connection("1.2.3.4", null, closing.Token), Click).IsCompletedSuccessfully);

        await closing.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(clicks));
    }

    [Fact]
    public async Task GuestsOfOneAddressCountTogether()
    {
        using var closing = new CancellationTokenSource();
        var clicks = Enumerable.Range(0, Many).Select(_ => SendAsync(new Connection("1.2.3.4", null, closing.Token), Click)).ToList();
        Assert.Contains(clicks, click => !click.IsCompleted);
        Assert.True(SendAsync(new Connection("1.2.3.5", null, closing.Token), Click).IsCompletedSuccessfully);
        await closing.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(clicks));
    }

    public void Dispose() => _limit.Dispose();

    async Task SendAsync(Connection connection, string method)
    {
        await _limit.InvokeMethodAsync(new(connection, new ServiceCollection().BuildServiceProvider(), new Page(), typeof(Page).GetMethod(method)!, []), _ => ValueTask.FromResult<object?>(++_done));
    }

    sealed class Page : Hub
    {
        public static void BeginInvokeDotNetFromJS() { }

        public static void OnRenderCompleted() { }
    }

    sealed class Connection : HubCallerContext
    {
        readonly CancellationToken _aborted;

        public Connection(string address, int? account, CancellationToken aborted)
        {
            _aborted = aborted;
            var context = new DefaultHttpContext { Connection = { RemoteIpAddress = IPAddress.Parse(address) } };
            if (account is not null)
                context.User = new(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, $"{account}"), new Claim(Caller.ViewerClaim, $"{account}")], IdentityConstants.ApplicationScheme));
            Features.Set<IHttpContextFeature>(new Its { HttpContext = context });
        }

        public override string ConnectionId => "1";

        public override string? UserIdentifier => null;

        public override ClaimsPrincipal? User => null;

        public override IDictionary<object, object?> Items { get; } = new Dictionary<object, object?>();

        public override IFeatureCollection Features { get; } = new FeatureCollection();

        public override CancellationToken ConnectionAborted => _aborted;

        public override void Abort() { }

        sealed class Its : IHttpContextFeature
        {
            public HttpContext? HttpContext { get; set; }
        }
    }
}
