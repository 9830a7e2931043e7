using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using MovieRecommender.Domain;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Tests.Accounts;

/// <summary>Signing up and in, tokens and sessions, over a real store.</summary>
public sealed class AccountTests : IAsyncLifetime
{
    const string Email = "ana@example.org";
    const string Password = "a quiet seat at the back";
    TestStore _store = null!;

    public async Task InitializeAsync() => _store = await TestStore.CreateAsync();

    [Theory]
    [InlineData("too short")]
    [InlineData("password123")]
    [InlineData("P@ssw0rd!!!!")]
    [InlineData("passwordpassword")]
    [InlineData("Qwertyuiop1")]
    [InlineData("aaaaaaaaaaaa")]
    [InlineData("abcabcabcabc")]
    [InlineData("1234567890")]
    [InlineData("9876543210")]
    [InlineData("abcdefghijkl")]
    [InlineData("movierecommender")]
    [InlineData("anabelle-2026")]
    public async Task PasswordsThatGuessingStartsWithAreRefused(string password)
    {
        await Assert.ThrowsAsync<InvalidInputException>(() => SignUpAsync("anabelle@example.org", password));
        Assert.Equal(0, _store.Count("SELECT COUNT(*) FROM AspNetUsers"));
    }

    [Theory]
    [InlineData("lights down please")]
    [InlineData("kxqvnrtwpz")]
    [InlineData("seventeen 17 sailors")]
    public async Task LongOnesNeedNoDigitsOrCapitals(string password) => Assert.Equal(Email, (await SignUpAsync(Email, password)).Email);

    [Fact]
    public async Task TenWrongPasswordsLockAndAnUnknownAddressIsToldTheSame()
    {
        await SignUpAsync(Email, Password);
        var known = new List<string>();
        var unknown = new List<string>();
        for (var i = 0; i < AccountSetup.MostWrongPasswords + 1; i++)
        {
            known.Add(await RefusalAsync(Email, "wrong wrong wrong"));
            unknown.Add(await RefusalAsync("nobody@example.org", "wrong wrong wrong"));
        }
        Assert.Equal(known, unknown);
        Assert.Contains("do not belong together", known[0], StringComparison.Ordinal);
        Assert.Contains("do not belong together", known[AccountSetup.MostWrongPasswords - 2], StringComparison.Ordinal);
        Assert.Contains("Wait ten minutes", known[AccountSetup.MostWrongPasswords - 1], StringComparison.Ordinal);
        Assert.Contains("Wait ten minutes", await RefusalAsync(Email, Password), StringComparison.Ordinal);
        _store.Clock.Now += AccountSetup.LockedFor;
        Assert.Contains("do not belong together", await RefusalAsync("nobody@example.org", Password), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ManyWrongPasswordsAtOnceAllCount()
    {
        await SignUpAsync(Email, Password);
        var refusals = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => RefusalAsync(Email, "wrong wrong wrong"))));
        Assert.Equal(AccountSetup.MostWrongPasswords - 1, refusals.Count(refusal => refusal.Contains("do not belong together", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task RegistrationClosesOnceThereIsAnAdmin()
    {
        await SignUpAsync(Email, Password);
        var firstAdmin = _store.Get<FirstAdmin>();
        await firstAdmin.CreateAsync(Caller.Nobody, firstAdmin.Code, "admin@example.org", Password);
        var error = await Assert.ThrowsAsync<InvalidInputException>(() => SignUpAsync("ben@example.org", Password));
        Assert.Contains("Nobody can sign up", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnInvitationLetsOnePersonIn()
    {
        await using var store = await TestStore.CreateAsync("Accounts:Registration=invite");
        var firstAdmin = store.Get<FirstAdmin>();
        var admin = await CallerAsync(store, await firstAdmin.CreateAsync(Caller.Nobody, firstAdmin.Code, "admin@example.org", Password));
        await using var scope = store.Services.CreateAsyncScope();
        var accounts = scope.ServiceProvider.GetRequiredService<AccountService>();
        await Assert.ThrowsAsync<InvalidInputException>(() => accounts.SignUpAsync(Caller.Nobody, Email, Password));
        await Assert.ThrowsAsync<AccessDeniedException>(() => accounts.InviteAsync(Caller.Nobody));
        var code = await accounts.InviteAsync(admin);
        Assert.DoesNotContain(code, store.Dump(), StringComparison.Ordinal);
        // A password that is refused does not use the invitation up.
        await Assert.ThrowsAsync<InvalidInputException>(() => accounts.SignUpAsync(Caller.Nobody, Email, "password123", code));
        var member = await accounts.SignUpAsync(Caller.Nobody, Email, Password, code);
        await Assert.ThrowsAsync<InvalidInputException>(() => accounts.SignUpAsync(Caller.Nobody, "ben@example.org", Password, code));
        await Assert.ThrowsAsync<AccessDeniedException>(async () => await accounts.InviteAsync(await CallerAsync(store, member)));

        var late = await accounts.InviteAsync(admin);
        store.Clock.Now += AccountService.InvitationLifetime;
        await Assert.ThrowsAsync<InvalidInputException>(() => accounts.SignUpAsync(Caller.Nobody, "ben@example.org", Password, late));
    }

    [Fact]
    public async Task ARevokedInvitationLetsNobodyIn()
    {
        await using var store = await TestStore.CreateAsync("Accounts:Registration=invite");
        var firstAdmin = store.Get<FirstAdmin>();
        var admin = await CallerAsync(store, await firstAdmin.CreateAsync(Caller.Nobody, firstAdmin.Code, "admin@example.org", Password));
        await using var scope = store.Services.CreateAsyncScope();
        var accounts = scope.ServiceProvider.GetRequiredService<AccountService>();
        var (first, second) = (await accounts.InviteAsync(admin), await accounts.InviteAsync(admin));
        var listed = await accounts.InvitationsAsync(admin);
        Assert.Equal(2, listed.Count);
        Assert.Equal((store.Clock.Now.UtcDateTime, store.Clock.Now.UtcDateTime + AccountService.InvitationLifetime), (listed[0].CreatedUtc, listed[0].ExpiresUtc));

        // The newest is listed first.
        await accounts.RevokeInvitationAsync(admin, listed[0].Id);
        await Assert.ThrowsAsync<InvalidInputException>(() => accounts.SignUpAsync(Caller.Nobody, Email, Password, second));
        await Assert.ThrowsAsync<NotFoundException>(() => accounts.RevokeInvitationAsync(admin, listed[0].Id));
        Assert.Equal(Email, (await accounts.SignUpAsync(Caller.Nobody, Email, Password, first)).Email);
        Assert.Empty(await accounts.InvitationsAsync(admin));
        Assert.Contains("revoked an invitation", (await store.Get<AdminActions>().ListAsync(admin)).Select(line => line.What));

        await accounts.InviteAsync(admin);
        store.Clock.Now += AccountService.InvitationLifetime;
        Assert.Empty(await accounts.InvitationsAsync(admin));
    }

    /// <summary>Whether an address has an account shows neither in the words nor in the work: each attempt hashes a password once, a locked one never.</summary>
    [Fact]
    public async Task AnUnknownAddressCostsTheSameWorkAsAWrongPassword()
    {
        await SignUpAsync(Email, Password);
        await using (var scope = _store.Services.CreateAsyncScope())
        {
            var passkeys = scope.ServiceProvider.GetRequiredService<Passkeys>();
            await passkeys.SignUpAsync(Caller.Nobody, new([1], [1], DateTimeOffset.UnixEpoch, 0, [], true, false, false, [], []), await passkeys.BeginSignUpAsync(Caller.Nobody, "no-password@example.org"));
        }
        foreach (var address in (string[])[Email, "nobody@example.org", "no-password@example.org"])
        {
            for (var i = 0; i < AccountSetup.MostWrongPasswords; i++) Assert.Equal(1, await WorkAsync(address));
            Assert.Equal(0, await WorkAsync(address));
        }

        async Task<int> WorkAsync(string email)
        {
            await using var scope = _store.Services.CreateAsyncScope();
            var users = scope.ServiceProvider.GetRequiredService<UserManager<Account>>();
            var counted = new CountedHasher(users.PasswordHasher);
            users.PasswordHasher = counted;
            await Assert.ThrowsAsync<InvalidInputException>(() => scope.ServiceProvider.GetRequiredService<PasswordCheck>().FindAsync(email, "wrong wrong wrong"));
            return counted.Hashes;
        }
    }

    sealed class CountedHasher(IPasswordHasher<Account> inner) : IPasswordHasher<Account>
    {
        public int Hashes { get; private set; }

        public string HashPassword(Account user, string password)
        {
            Hashes++;
            return inner.HashPassword(user, password);
        }

        public PasswordVerificationResult VerifyHashedPassword(Account user, string hashedPassword, string providedPassword)
        {
            Hashes++;
            return inner.VerifyHashedPassword(user, hashedPassword, providedPassword);
        }
    }

    [Fact]
    public async Task APasskeyBringsNobodyInWhereAPasswordWouldNot()
    {
        await using var store = await TestStore.CreateAsync("Accounts:Registration=invite");
        var firstAdmin = store.Get<FirstAdmin>();
        var admin = await CallerAsync(store, await firstAdmin.CreateAsync(Caller.Nobody, firstAdmin.Code, "admin@example.org", Password));
        await using var scope = store.Services.CreateAsyncScope();
        var (accounts, passkeys) = (scope.ServiceProvider.GetRequiredService<AccountService>(), scope.ServiceProvider.GetRequiredService<Passkeys>());
        await Assert.ThrowsAsync<InvalidInputException>(() => passkeys.BeginSignUpAsync(Caller.Nobody, Email));
        var code = await accounts.InviteAsync(admin);
        await Assert.ThrowsAsync<InvalidInputException>(() => passkeys.BeginSignUpAsync(Caller.Nobody, "admin@example.org", code));
        var newcomer = await passkeys.BeginSignUpAsync(Caller.Nobody, Email, code);
        // No row is left of an account id that is kept, and it is kept for one.
        Assert.Equal(1, store.Count("SELECT COUNT(*) FROM AspNetUsers"));
        Assert.NotEqual(newcomer.Account, (await passkeys.BeginSignUpAsync(Caller.Nobody, "ben@example.org", code)).Account);

        await Assert.ThrowsAsync<InvalidInputException>(() => passkeys.SignUpAsync(Caller.Nobody, PasskeyOf(1), newcomer));
        // One that was made for an account that exists makes no other.
        await Assert.ThrowsAsync<InvalidInputException>(() => passkeys.SignUpAsync(Caller.Nobody, PasskeyOf(1), new(admin.AccountId!.Value, "eve@example.org"), code));
        var account = await passkeys.SignUpAsync(Caller.Nobody, PasskeyOf(1), newcomer, code);
        Assert.Equal((newcomer.Account, Email), (account.Id, account.Email));
        await Assert.ThrowsAsync<InvalidInputException>(() => passkeys.SignUpAsync(Caller.Nobody, PasskeyOf(2), newcomer, code));
        Assert.Equal(2, store.Count("SELECT COUNT(*) FROM AspNetUsers"));
        // No password signs in to it, and a first one can be set.
        await Assert.ThrowsAsync<InvalidInputException>(() => scope.ServiceProvider.GetRequiredService<PasswordCheck>().FindAsync(Email, ""));
        await accounts.ChangePasswordAsync(await CallerAsync(store, account), "", Password);
        Assert.Equal(account.Id, (await scope.ServiceProvider.GetRequiredService<PasswordCheck>().FindAsync(Email, Password)).Id);

        static UserPasskeyInfo PasskeyOf(byte id) => new([id], [1], DateTimeOffset.UnixEpoch, 0, [], true, false, false, [], []);
    }

    [Fact]
    public async Task SigningOutEverywhereAndANewPasswordEndEverySession()
    {
        var account = await SignUpAsync(Email, Password);
        var sessions = _store.Get<Sessions>();
        await using var scope = _store.Services.CreateAsyncScope();
        var accounts = scope.ServiceProvider.GetRequiredService<AccountService>();
        var ended = 0;
        using var listening = _store.Get<ChangeFeed>().Subscribe(Sessions.Topic(account.ViewerId), () => ended++);

        var first = await PrincipalAsync(_store, account.Id);
        Assert.True(await sessions.HoldsAsync(first));
        await accounts.SignOutEverywhereAsync(Caller.From(first));
        Assert.False(await sessions.HoldsAsync(first));

        var second = await PrincipalAsync(_store, account.Id);
        await Assert.ThrowsAsync<InvalidInputException>(() => accounts.ChangePasswordAsync(Caller.From(second), "not my password", "another quiet seat"));
        Assert.True(await sessions.HoldsAsync(second));
        await accounts.ChangePasswordAsync(Caller.From(second), Password, "another quiet seat");
        Assert.False(await sessions.HoldsAsync(second));
        Assert.Equal(2, ended);
    }

    [Fact]
    public async Task ATokenDoesWhatItsScopesSayUntilItEnds()
    {
        var firstAdmin = _store.Get<FirstAdmin>();
        var admin = await CallerAsync(_store, await firstAdmin.CreateAsync(Caller.Nobody, firstAdmin.Code, Email, Password));
        await using var scope = _store.Services.CreateAsyncScope();
        var tokens = scope.ServiceProvider.GetRequiredService<ApiTokens>();

        var read = Caller.From((await tokens.RecogniseAsync(await tokens.AddMineAsync(admin, "reader", TokenScopes.Read, null)))!);
        Assert.Equal(admin.ViewerId, read.RequireViewer());
        Assert.Throws<AccessDeniedException>(() => read.RequireRater());
        Assert.Throws<AccessDeniedException>(read.RequireAdmin);
        Assert.Throws<AccessDeniedException>(() => read.RequireMember());
        await Assert.ThrowsAsync<AccessDeniedException>(() => tokens.AddMineAsync(read, "more", TokenScopes.All, null));

        var rate = Caller.From((await tokens.RecogniseAsync(await tokens.AddMineAsync(admin, "rater", TokenScopes.Rate, null)))!);
        Assert.Equal(admin.ViewerId, rate.RequireRater());
        Assert.Throws<AccessDeniedException>(rate.RequireAdmin);

        var train = await tokens.AddMineAsync(admin, "trainer", TokenScopes.Admin, TimeSpan.FromDays(30));
        var trainer = Caller.From((await tokens.RecogniseAsync(train))!);
        trainer.RequireAdmin();
        Assert.Throws<AccessDeniedException>(() => trainer.RequireViewer());
        Assert.Equal(_store.Clock.Now.UtcDateTime, (await tokens.MineAsync(admin))[0].LastUsedUtc);
        _store.Clock.Now += TimeSpan.FromDays(30);
        Assert.Null(await tokens.RecogniseAsync(train));
    }

    [Fact]
    public async Task NobodyRevokesAnothersToken()
    {
        var ana = await CallerAsync(_store, await SignUpAsync(Email, Password));
        var ben = await CallerAsync(_store, await SignUpAsync("ben@example.org", Password));
        await using var scope = _store.Services.CreateAsyncScope();
        var tokens = scope.ServiceProvider.GetRequiredService<ApiTokens>();
        var token = await tokens.AddMineAsync(ana, "mine", TokenScopes.Read, null);
        var id = (await tokens.MineAsync(ana))[0].Id;
        await Assert.ThrowsAsync<NotFoundException>(() => tokens.RevokeAsync(ben, id));
        Assert.NotNull(await tokens.RecogniseAsync(token));
        await Assert.ThrowsAsync<AccessDeniedException>(() => tokens.AddMineAsync(ben, "too much", TokenScopes.Admin, null));
        await tokens.RevokeAsync(ana, id);
        Assert.Null(await tokens.RecogniseAsync(token));
    }

    public async Task DisposeAsync() => await _store.DisposeAsync();

    /// <summary>Who signs in, in a browser of their own.</summary>
    internal static async Task<System.Security.Claims.ClaimsPrincipal> PrincipalAsync(TestStore store, int accountId, string? browser = null)
    {
        await using var scope = store.Services.CreateAsyncScope();
        var account = await scope.ServiceProvider.GetRequiredService<UserManager<Account>>().FindByIdAsync(accountId.ToString(System.Globalization.CultureInfo.InvariantCulture));
        var principal = await scope.ServiceProvider.GetRequiredService<IUserClaimsPrincipalFactory<Account>>().CreateAsync(account!);
        await store.Get<Sessions>().BeginAsync(principal, browser);
        return principal;
    }

    internal static async Task<Caller> CallerAsync(TestStore store, Account account) => Caller.From(await PrincipalAsync(store, account.Id));

    async Task<Account> SignUpAsync(string email, string password)
    {
        await using var scope = _store.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<AccountService>().SignUpAsync(Caller.Nobody, email, password);
    }

    async Task<string> RefusalAsync(string email, string password)
    {
        await using var scope = _store.Services.CreateAsyncScope();
        return (await Assert.ThrowsAsync<InvalidInputException>(() => scope.ServiceProvider.GetRequiredService<PasswordCheck>().FindAsync(email, password))).Message;
    }
}
