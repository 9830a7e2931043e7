using Microsoft.Extensions.DependencyInjection;
using MovieRecommender.Domain;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Tests.Accounts;

public sealed class ExternalSignInTests : IAsyncLifetime
{
    static readonly ExternalIdentity Ana = new("https://club.example.org", "17", "ana@example.org", EmailConfirmed: true);
    TestStore _store = null!;

    public async Task InitializeAsync() => _store = await TestStore.CreateAsync("Accounts:Registration=Invite");

    [Fact]
    public async Task AnInvitationBringsOneInAndAGuestStaysTheSameViewer()
    {
        var guest = await _store.NewGuestAsync();
        await Assert.ThrowsAsync<InvalidInputException>(() => SignInAsync(guest, Ana));
        var code = await InviteAsync();
        var account = await SignInAsync(guest, Ana, code);
        Assert.Equal(guest.ViewerId, account.ViewerId);
        Assert.Equal(account.Id, (await SignInAsync(Caller.Nobody, Ana)).Id);
        await Assert.ThrowsAsync<InvalidInputException>(() => SignInAsync(Caller.Nobody, Ana with { Subject = "18", Email = "ben@example.org" }, code));
    }

    [Fact]
    public async Task AnotherProvidersSameNumberIsSomebodyElse()
    {
        await SignInAsync(Caller.Nobody, Ana, await InviteAsync());
        var error = await Assert.ThrowsAsync<InvalidInputException>(() => SignInAsync(Caller.Nobody, Ana with { Issuer = "https://other.example.org" }));
        Assert.Contains("has an account here already", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ALockedAccountIsNotOpenedByItsProvider()
    {
        var account = await SignInAsync(Caller.Nobody, Ana, await InviteAsync());
        await _store.Get<AccountRights>().LockAsync(Caller.Operator, account.Id);
        var error = await Assert.ThrowsAsync<InvalidInputException>(() => SignInAsync(Caller.Nobody, Ana));
        Assert.Contains("locked", error.Message, StringComparison.Ordinal);
    }

    async Task<Account> SignInAsync(Caller caller, ExternalIdentity identity, string? invitation = null)
    {
        await using var scope = _store.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<ExternalSignIn>().SignInAsync(caller, identity, invitation);
    }

    async Task<string> InviteAsync()
    {
        await using var scope = _store.Services.CreateAsyncScope();
        var accounts = scope.ServiceProvider.GetRequiredService<AccountService>();
        var number = _store.Count("SELECT COUNT(*) FROM AspNetUsers");
        var admin = await accounts.AddAsync(Caller.Operator, $"admin{number}@example.org", "a quiet seat at the back", admin: true);
        return await accounts.InviteAsync(await AccountTests.CallerAsync(_store, admin));
    }

    public async Task DisposeAsync() => await _store.DisposeAsync();
}
