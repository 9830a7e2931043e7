using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using MovieRecommender.Domain;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Tests.Accounts;

/// <summary>A locked account lets nobody in by any door, and a code opens one once.</summary>
public sealed class LockoutTests : IAsyncLifetime
{
    const string Email = "ana@example.org";
    TestStore _store = null!;
    Caller _member = null!;

    public async Task InitializeAsync()
    {
        _store = await TestStore.CreateAsync();
        _member = await WithAsync<AccountService, Caller>(async accounts => await AccountTests.CallerAsync(_store, await accounts.SignUpAsync(Caller.Nobody, Email, "a quiet seat at the back")));
    }

    [Fact]
    public async Task ATokenOfALockedAccountIsRefusedUntilItIsOpenAgain()
    {
        var token = await WithAsync<ApiTokens, string>(tokens => tokens.AddMineAsync(_member, "mine", TokenScopes.Read, null));
        await LockAsync(DateTimeOffset.MaxValue);
        Assert.Null(await WithAsync<ApiTokens, object?>(async tokens => await tokens.RecogniseAsync(token)));
        await LockAsync(null);
        Assert.NotNull(await WithAsync<ApiTokens, object?>(async tokens => await tokens.RecogniseAsync(token)));
    }

    [Fact]
    public async Task ACodeIsTakenOnceAndNoOlderOneAfterIt()
    {
        var key = await TurnOnAsync();
        var first = AuthenticatorApp.CodeOf(key, _store.Clock.Now);
        _store.Clock.Now += TimeSpan.FromSeconds(30);
        var second = AuthenticatorApp.CodeOf(key, _store.Clock.Now);
        _store.Clock.Now += TimeSpan.FromSeconds(30);
        // Turning the second step on took the first one.
        Assert.Contains("no longer", await CheckAsync(first), StringComparison.Ordinal);
        Assert.Equal("", await CheckAsync(AuthenticatorApp.CodeOf(key, _store.Clock.Now)));
        Assert.Contains("no longer", await CheckAsync(AuthenticatorApp.CodeOf(key, _store.Clock.Now)), StringComparison.Ordinal);
        Assert.Contains("no longer", await CheckAsync(second), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ACodeSentByManyAtOnceLetsOneIn()
    {
        var key = await TurnOnAsync();
        _store.Clock.Now += TimeSpan.FromSeconds(30);
        var answers = await SideBySideAsync(8, AuthenticatorApp.CodeOf(key, _store.Clock.Now));
        Assert.Equal(1, answers.Count(answer => answer.Length == 0));
    }

    [Fact]
    public async Task ManyWrongCodesAtOnceAllCount()
    {
        await TurnOnAsync();
        var answers = await SideBySideAsync(20, "no code");
        Assert.Equal(AccountSetup.MostWrongPasswords - 1, answers.Count(answer => answer.Contains("not right", StringComparison.Ordinal)));
    }

    public async Task DisposeAsync() => await _store.DisposeAsync();

    /// <summary>Everybody has given the password, and been looked up, before the first code comes.</summary>
    async Task<string[]> SideBySideAsync(int many, string code)
    {
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var all = Enumerable.Range(0, many).Select(_ => Task.Run(() => CheckAsync(code, ready.Task))).ToList();
        ready.SetResult();
        return await Task.WhenAll(all);
    }

    /// <returns>Why the code was refused, or nothing.</returns>
    async Task<string> CheckAsync(string code, Task? ready = null)
    {
        await using var scope = _store.Services.CreateAsyncScope();
        var account = (await scope.ServiceProvider.GetRequiredService<UserManager<Account>>().FindByEmailAsync(Email))!;
        if (ready is not null) await ready;
        try
        {
            await scope.ServiceProvider.GetRequiredService<SecondFactor>().CheckAsync(account, code);
            return "";
        }
        catch (InvalidInputException error)
        {
            return error.Message;
        }
    }

    async Task<string> TurnOnAsync()
    {
        var key = await WithAsync<SecondFactor, string>(async second => (await second.BeginAsync(_member)).Key);
        await WithAsync<SecondFactor, object>(async second => await second.TurnOnAsync(_member, AuthenticatorApp.CodeOf(key, _store.Clock.Now)));
        return key;
    }

    Task LockAsync(DateTimeOffset? until)
        => WithAsync<UserManager<Account>, IdentityResult>(async users => await users.SetLockoutEndDateAsync((await users.FindByEmailAsync(Email))!, until));

    async Task<TResult> WithAsync<TService, TResult>(Func<TService, Task<TResult>> use) where TService : notnull
    {
        await using var scope = _store.Services.CreateAsyncScope();
        return await use(scope.ServiceProvider.GetRequiredService<TService>());
    }
}
