using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using MovieRecommender.Domain;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Catalog;
using MovieRecommender.Domain.Privacy;
using MovieRecommender.Domain.Ratings;
using MovieRecommender.Domain.Storage;
using MovieRecommender.Tests.Imports;

namespace MovieRecommender.Tests.Accounts;

/// <summary>What admins may do with other people's accounts, and what they see of them, over a real store.</summary>
public sealed class PeopleTests : IAsyncLifetime
{
    const string Password = "a quiet seat at the back";
    readonly SmallData _data = new();
    TestStore _store = null!;
    Account _admin = null!;
    Account _ana = null!;
    Caller _caller = Caller.Nobody;

    PeopleService People => _store.Get<PeopleService>();

    AccountRights Rights => _store.Get<AccountRights>();

    public async Task InitializeAsync()
    {
        _store = await TestStore.CreateAsync();
        _admin = await AddAsync("admin@example.org", admin: true);
        _ana = await AddAsync("ana@example.org");
        _caller = await AccountTests.CallerAsync(_store, _admin);
    }

    [Fact]
    public async Task AreListedWithCountsAndGuestsAreOneNumber()
    {
        await _store.ImportAsync(_data.Folder(SmallData.Opposites()));
        var ana = await AccountTests.CallerAsync(_store, _ana);
        var films = _store.Get<MovieCatalog>().Films;
        for (var i = 0; i < 3; i++) await _store.Get<RatingService>().RateAsync(ana, films[i].Id, 4);
        await _store.NewGuestAsync();
        _store.Clock.Now += TimeSpan.FromDays(3);
        Assert.True(await _store.Get<Sessions>().HoldsAsync(await AccountTests.PrincipalAsync(_store, _ana.Id)));

        var page = await People.ListAsync(_caller);
        Assert.Equal((2, 1), (page.Total, page.Guests));
        var (since, now) = (_ana.CreatedUtc, _store.Clock.Now.UtcDateTime);
        Assert.Equal(
            [new Person(_admin.Id, "admin@example.org", true, since, null, 0, null, null), new Person(_ana.Id, "ana@example.org", false, since, now, 3, null, null)],
            page.People);
        Assert.Equal(page.People[1], await People.GetAsync(_caller, _ana.Id));
    }

    [Fact]
    public async Task AreFoundByPartOfTheAddressPageByPage()
    {
        for (var i = 0; i < 5; i++) await AddAsync($"guest-book-{i}@example.net");
        var page = await People.ListAsync(_caller, " Book- ", page: 2, pageSize: 2);
        Assert.Equal(5, page.Total);
        Assert.Equal(["guest-book-2@example.net", "guest-book-3@example.net"], page.People.Select(person => person.Email));
        // Signs that mean something to a database are letters like any other here.
        Assert.Empty((await People.ListAsync(_caller, "%")).People);
        await Assert.ThrowsAsync<InvalidInputException>(() => People.ListAsync(_caller, page: 0));
        await Assert.ThrowsAsync<InvalidInputException>(() => People.ListAsync(_caller, pageSize: 101));
    }

    [Fact]
    public async Task AnAdminIsMadeAndUnmadeWithTheirSessions()
    {
        await Rights.SetAdminAsync(_caller, _ana.Id, true);
        var session = await AccountTests.PrincipalAsync(_store, _ana.Id);
        Assert.True(Caller.From(session).IsAdmin);
        await Rights.SetAdminAsync(_caller, _ana.Id, false);
        // The old cookie still says admin; it must not count any more.
        Assert.False(await _store.Get<Sessions>().HoldsAsync(session));
        Assert.False((await AccountTests.CallerAsync(_store, _ana)).IsAdmin);
    }

    [Fact]
    public async Task TheLastAdminStaysWhateverIsTried()
    {
        var before = _store.Dump();
        var someone = await AdminTokenAsync();
        foreach (var act in new[]
        {
            () => Rights.SetAdminAsync(_caller, _admin.Id, false),
            () => Rights.LockAsync(someone, _admin.Id),
            () => _store.Get<PrivacyService>().ForgetMemberAsync(someone, _admin.Id),
            () => _store.Get<PrivacyService>().ForgetMeAsync(_caller),
        })
            await Assert.ThrowsAsync<ConflictException>(act);
        Assert.True((await People.GetAsync(_caller, _admin.Id)) is { IsAdmin: true, LockedUtc: null });
        Assert.Equal(Lines(before, "AspNetUserRoles"), Lines(_store.Dump(), "AspNetUserRoles"));

        // An admin who is locked out is no help.
        await Rights.SetAdminAsync(_caller, _ana.Id, true);
        await Rights.LockAsync(_caller, _ana.Id);
        var error = await Assert.ThrowsAsync<ConflictException>(() => Rights.SetAdminAsync(_caller, _admin.Id, false));
        Assert.Contains("only admin", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OfTwoAdminsWhoUnmakeEachOtherAtOnceOneStays()
    {
        await Rights.SetAdminAsync(_caller, _ana.Id, true);
        var ana = await AccountTests.CallerAsync(_store, _ana);
        var outcomes = await Task.WhenAll(new[] { (_caller, _ana.Id), (ana, _admin.Id) }.Select(pair => Task.Run(async () =>
        {
            try
            {
                await Rights.SetAdminAsync(pair.Item1, pair.Item2, false);
                return "done";
            }
            catch (ConflictException)
            {
                return "the last one";
            }
        })));
        Assert.Equal(["done", "the last one"], outcomes.Order(StringComparer.Ordinal));
        Assert.Equal(1, _store.Count("SELECT COUNT(*) FROM AspNetUserRoles"));
    }

    [Fact]
    public async Task ALockKeepsSomebodyOutWithEverySessionAndToken()
    {
        var session = await AccountTests.PrincipalAsync(_store, _ana.Id);
        await using var scope = _store.Services.CreateAsyncScope();
        var tokens = scope.ServiceProvider.GetRequiredService<ApiTokens>();
        var token = await tokens.AddMineAsync(Caller.From(session), "a script", TokenScopes.Read, null);
        var ended = 0;
        using var listening = _store.Get<ChangeFeed>().Subscribe(Sessions.Topic(_ana.ViewerId), () => ended++);

        await Rights.LockAsync(_caller, _ana.Id);
        Assert.Equal(1, ended);
        Assert.Equal(_store.Clock.Now.UtcDateTime, (await People.GetAsync(_caller, _ana.Id)).LockedUtc);
        Assert.False(await _store.Get<Sessions>().HoldsAsync(session));
        // Nor does a session made past the password, by a passkey say.
        Assert.False(await _store.Get<Sessions>().HoldsAsync(await AccountTests.PrincipalAsync(_store, _ana.Id)));
        Assert.Null(await tokens.RecogniseAsync(token));
        Assert.Contains("locked this account", await RefusalAsync(_ana.Email!, Password), StringComparison.Ordinal);
        Assert.Contains("do not belong together", await RefusalAsync(_ana.Email!, "wrong wrong wrong"), StringComparison.Ordinal);
        await Assert.ThrowsAsync<InvalidInputException>(() => scope.ServiceProvider.GetRequiredService<Passkeys>().UsedAsync(new() { LockedUtc = DateTime.UnixEpoch }, null!));

        await Rights.UnlockAsync(_caller, _ana.Id);
        await using var later = _store.Services.CreateAsyncScope();
        Assert.NotNull(await later.ServiceProvider.GetRequiredService<ApiTokens>().RecogniseAsync(token));
        await FindAsync(_ana.Email!, Password);
        await Assert.ThrowsAsync<ConflictException>(() => Rights.LockAsync(_caller, _admin.Id));
    }

    [Fact]
    public async Task UnlockingForgivesTooManyWrongPasswords()
    {
        for (var i = 0; i < AccountSetup.MostWrongPasswords; i++) await RefusalAsync(_ana.Email!, "wrong wrong wrong");
        Assert.NotNull((await People.GetAsync(_caller, _ana.Id)).WaitsUntil);
        await Rights.UnlockAsync(_caller, _ana.Id);
        Assert.Null((await People.GetAsync(_caller, _ana.Id)).WaitsUntil);
        await FindAsync(_ana.Email!, Password);
    }

    [Fact]
    public async Task APasswordLinkWorksOnceForgivesAndEndsEverySession()
    {
        for (var i = 0; i < AccountSetup.MostWrongPasswords; i++) await RefusalAsync(_ana.Email!, "wrong wrong wrong");
        var session = await AccountTests.PrincipalAsync(_store, _ana.Id);
        await using var scope = _store.Services.CreateAsyncScope();
        var resets = scope.ServiceProvider.GetRequiredService<PasswordResets>();
        var first = await resets.LinkAsync(_caller, _ana.Id);
        var link = await resets.LinkAsync(_caller, _ana.Id);
        Assert.DoesNotContain(link.Code, _store.Dump(), StringComparison.Ordinal);
        // The newest is the only one; until it is used, nothing changes.
        Assert.Null(await resets.OwnerAsync(first.Code));
        Assert.Equal(_ana.Email, await resets.OwnerAsync(link.Code));
        Assert.True(await _store.Get<Sessions>().HoldsAsync(session));
        // A password that is refused does not use it up.
        await Assert.ThrowsAsync<InvalidInputException>(() => resets.ResetAsync(link.Code, "password123"));

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 5).Select(i => Task.Run(async () =>
        {
            await using var own = _store.Services.CreateAsyncScope();
            try
            {
                await own.ServiceProvider.GetRequiredService<PasswordResets>().ResetAsync(link.Code, $"row {i} of the balcony");
                return (int?)i;
            }
            catch (InvalidInputException)
            {
                return null;
            }
        })));
        var winner = Assert.Single(outcomes, outcome => outcome is not null);
        Assert.Null(await resets.OwnerAsync(link.Code));
        Assert.False(await _store.Get<Sessions>().HoldsAsync(session));
        await FindAsync(_ana.Email!, $"row {winner} of the balcony");
        await RefusalAsync(_ana.Email!, Password);
    }

    [Fact]
    public async Task APasswordLinkEndsAfterADayAndWithALock()
    {
        await using var scope = _store.Services.CreateAsyncScope();
        var resets = scope.ServiceProvider.GetRequiredService<PasswordResets>();
        var late = await resets.LinkAsync(_caller, _ana.Id);
        _store.Clock.Now += PasswordResets.Lifetime;
        Assert.Equal(_store.Clock.Now.UtcDateTime, late.ExpiresUtc);
        await Assert.ThrowsAsync<InvalidInputException>(() => resets.ResetAsync(late.Code, "another quiet seat"));

        var locked = await resets.LinkAsync(_caller, _ana.Id);
        await Rights.LockAsync(_caller, _ana.Id);
        await Assert.ThrowsAsync<InvalidInputException>(() => resets.ResetAsync(locked.Code, "another quiet seat"));
        await Assert.ThrowsAsync<ConflictException>(() => resets.LinkAsync(_caller, _ana.Id));
    }

    [Fact]
    public async Task AreDeletedWithAllTheyLeft()
    {
        await _store.ImportAsync(_data.Folder(SmallData.Opposites()));
        var before = _store.Count("SELECT COUNT(*) FROM Ratings");
        var ana = await AccountTests.CallerAsync(_store, _ana);
        await _store.Get<RatingService>().RateAsync(ana, _store.Get<MovieCatalog>().Films[0].Id, 4);
        var session = await AccountTests.PrincipalAsync(_store, _ana.Id);
        var privacy = _store.Get<PrivacyService>();
        await privacy.ForgetMemberAsync(_caller, _ana.Id);
        Assert.Equal(before, _store.Count("SELECT COUNT(*) FROM Ratings"));
        Assert.DoesNotContain(_ana.Email!, _store.Dump(), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(_ana.ViewerId.ToString(CultureInfo.InvariantCulture), _store.Dump(), StringComparison.Ordinal);
        Assert.False(await _store.Get<Sessions>().HoldsAsync(session));
        await Assert.ThrowsAsync<NotFoundException>(() => privacy.ForgetMemberAsync(_caller, _ana.Id));
        await Assert.ThrowsAsync<ConflictException>(() => privacy.ForgetMemberAsync(_caller, _admin.Id));
    }

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        _data.Dispose();
    }

    async Task<Account> AddAsync(string email, bool admin = false)
    {
        await using var scope = _store.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<AccountService>().AddAsync(Caller.Operator, email, Password, admin);
    }

    /// <summary>A program of the admin's, whose caller is not the admin's own session.</summary>
    async Task<Caller> AdminTokenAsync()
    {
        await using var scope = _store.Services.CreateAsyncScope();
        var tokens = scope.ServiceProvider.GetRequiredService<ApiTokens>();
        return Caller.From((await tokens.RecogniseAsync(await tokens.AddMineAsync(_caller, "admin work", TokenScopes.Admin, null)))!);
    }

    async Task<Account> FindAsync(string email, string password)
    {
        await using var scope = _store.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<PasswordCheck>().FindAsync(email, password);
    }

    async Task<string> RefusalAsync(string email, string password)
        => (await Assert.ThrowsAsync<InvalidInputException>(() => FindAsync(email, password))).Message;

    /// <summary>The rows of one table in a dump.</summary>
    static IEnumerable<string> Lines(string dump, string table)
        => dump.Split('\n').SkipWhile(line => line.Trim() != table).Skip(1).TakeWhile(line => line.StartsWith("  ", StringComparison.Ordinal));
}
