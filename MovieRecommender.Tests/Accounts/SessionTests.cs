using Microsoft.Extensions.DependencyInjection;
using MovieRecommender.Domain;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Storage;
using MovieRecommender.Web.Features.Account;

namespace MovieRecommender.Tests.Accounts;

/// <summary>The browsers somebody is signed in with: seen by their owner, ended one by one.</summary>
public sealed class SessionTests : IAsyncLifetime
{
    TestStore _store = null!;
    Account _ana = null!;

    Sessions Sessions => _store.Get<Sessions>();

    public async Task InitializeAsync()
    {
        _store = await TestStore.CreateAsync();
        _ana = await SignUpAsync("ana@example.org");
    }

    [Fact]
    public async Task AnOwnerSeesTheirBrowsersAndEndsOneOfThem()
    {
        var laptop = await AccountTests.PrincipalAsync(_store, _ana.Id, "Firefox · Linux");
        _store.Clock.Now += TimeSpan.FromDays(2);
        var phone = await AccountTests.PrincipalAsync(_store, _ana.Id, "Chrome · Android");
        var (here, there) = (Caller.From(laptop), Caller.From(phone));
        Assert.Equal([("Chrome · Android", false), ("Firefox · Linux", true)], (await Sessions.MineAsync(here)).Select(session => (session.Browser!, session.IsThis)));

        var ben = Caller.From(await AccountTests.PrincipalAsync(_store, (await SignUpAsync("ben@example.org")).Id));
        await Assert.ThrowsAsync<NotFoundException>(() => Sessions.EndAsync(ben, there.SessionId!.Value));
        Assert.True(await Sessions.HoldsAsync(phone));

        var told = 0;
        using var listening = _store.Get<ChangeFeed>().Subscribe(Sessions.TopicOf(there.SessionId!.Value), () => told++);
        await Sessions.EndAsync(here, there.SessionId.Value);
        Assert.Equal(1, told);
        Assert.False(await Sessions.HoldsAsync(phone));
        Assert.True(await Sessions.HoldsAsync(laptop));
        Assert.Single(await Sessions.MineAsync(here));
    }

    [Fact]
    public async Task WhenABrowserWasLastHereIsNotedToTheHour()
    {
        var laptop = await AccountTests.PrincipalAsync(_store, _ana.Id);
        var begun = _store.Clock.Now.UtcDateTime;
        _store.Clock.Now += TimeSpan.FromMinutes(59);
        Assert.True(await Sessions.HoldsAsync(laptop));
        Assert.Equal(begun, (await Sessions.MineAsync(Caller.From(laptop)))[0].LastSeenUtc);
        _store.Clock.Now += TimeSpan.FromMinutes(2);
        Assert.True(await Sessions.HoldsAsync(laptop));
        var seen = (await Sessions.MineAsync(Caller.From(laptop)))[0];
        Assert.Equal((begun, _store.Clock.Now.UtcDateTime), (seen.StartedUtc, seen.LastSeenUtc));
    }

    [Fact]
    public async Task SessionsThatAreOverAreNotListedAndGoWithTheNext()
    {
        await AccountTests.PrincipalAsync(_store, _ana.Id);
        _store.Clock.Now += Sessions.Lifetime + TimeSpan.FromDays(1);
        var second = Caller.From(await AccountTests.PrincipalAsync(_store, _ana.Id));
        Assert.Single(await Sessions.MineAsync(second));
        Assert.Equal(1, _store.Count("SELECT COUNT(*) FROM Sessions"));
        await using (var scope = _store.Services.CreateAsyncScope()) await scope.ServiceProvider.GetRequiredService<AccountService>().SignOutEverywhereAsync(second);
        Assert.Empty(await Sessions.MineAsync(second));
        await AccountTests.PrincipalAsync(_store, _ana.Id);
        Assert.Equal(1, _store.Count("SELECT COUNT(*) FROM Sessions"));
    }

    [Theory]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0", "Edge · Windows")]
    [InlineData("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15", "Safari · macOS")]
    [InlineData("Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36", "Chrome · Android")]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox · Linux")]
    [InlineData("<script>alert(1)</script> Firefox", "Firefox")]
    [InlineData("curl/8.0", null)]
    [InlineData("", null)]
    public void ABrowserIsToldByItsKindOnly(string userAgent, string? name) => Assert.Equal(name, BrowserName.Of(userAgent));

    public async Task DisposeAsync() => await _store.DisposeAsync();

    async Task<Account> SignUpAsync(string email)
    {
        await using var scope = _store.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<AccountService>().SignUpAsync(Caller.Nobody, email, "a quiet seat at the back");
    }
}
