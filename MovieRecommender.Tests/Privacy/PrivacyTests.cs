using Microsoft.Extensions.DependencyInjection;
using MovieRecommender.Domain;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Catalog;
using MovieRecommender.Domain.Privacy;
using MovieRecommender.Domain.Ratings;
using MovieRecommender.Domain.Ratings.Showings;
using MovieRecommender.Domain.Recommendations;
using MovieRecommender.Domain.Recommendations.Nights;
using MovieRecommender.Domain.Training;
using MovieRecommender.Tests.Accounts;
using MovieRecommender.Tests.Imports;

namespace MovieRecommender.Tests.Privacy;

/// <summary>What is stored about a person, and that forgetting leaves the store as if they had never come.</summary>
public sealed class PrivacyTests : IAsyncLifetime
{
    const string Password = "a quiet seat at the back";
    readonly SmallData _data = new();
    TestStore _store = null!;
    int _film;

    public async Task InitializeAsync()
    {
        _store = await TestStore.CreateAsync();
        await _store.ImportAsync(_data.Folder(SmallData.Opposites()));
        _film = _store.Get<MovieCatalog>().Films[0].Id;
    }

    [Fact]
    public async Task ADeletedMemberLeavesNothing()
    {
        var before = Counts();
        var admin = await AdminAsync("admin@example.org");
        var other = await AdminAsync("other@example.org");
        await UseEverythingAsync(admin);
        await _store.Get<TrainingService>().RequestAsync(admin);
        var night = await _store.Get<NightService>().OpenAsync(other, "Other");
        await _store.Get<NightService>().JoinAsync(admin, night, "The admin");
        await using var scope = _store.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<ApiTokens>().AddMineAsync(admin, "my script", TokenScopes.Read, null);

        var stored = (await _store.Get<PrivacyService>().MineAsync(admin))!;
        Assert.Equal(("admin@example.org", 1, 1, 2, 2, true, 1), (stored.Email, stored.Ratings, stored.Marks, stored.Shown, stored.Nights, stored.SharesWatchlist, stored.Tokens));

        await _store.Get<PrivacyService>().ForgetMeAsync(admin);
        var dump = _store.Dump();
        Assert.DoesNotContain("admin@example.org", dump, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(admin.ViewerId!.Value.ToString(System.Globalization.CultureInfo.InvariantCulture), dump, StringComparison.Ordinal);
        Assert.DoesNotContain("my script", dump, StringComparison.Ordinal);
        Assert.DoesNotContain("The admin", dump, StringComparison.Ordinal);
        // The other's browser stays.
        Assert.Equal(1, _store.Count("SELECT COUNT(*) FROM Sessions"));
        Assert.Null(await _store.Get<PrivacyService>().MineAsync(admin));
        Assert.Single((await _store.Get<NightService>().ViewAsync(other, night)).People);
        await _store.Get<NightService>().LeaveAsync(other, night, (await _store.Get<NightService>().ViewAsync(other, night)).People[0].Id);
        Assert.Equal(before, Counts());
        await Assert.ThrowsAsync<AccessDeniedException>(() => _store.Get<RatingService>().RateAsync(admin, _film, 4));
    }

    [Fact]
    public async Task WhatIsTakenAwayIsAllThatIsStored()
    {
        var admin = await AdminAsync("admin@example.org");
        await UseEverythingAsync(admin);
        await using var scope = _store.Services.CreateAsyncScope();
        var tokens = scope.ServiceProvider.GetRequiredService<ApiTokens>();
        var token = await tokens.AddMineAsync(admin, "my script", TokenScopes.Read, null);
        await tokens.AddMineAsync(admin, "my other script", TokenScopes.All, null);
        var all = await _store.Get<PersonalExport>().JsonAsync(admin);
        foreach (var part in (string[])["\"ratings\"", "\"marks\"", "\"shown\"", "\"watchlistLinks\"", "\"Me\"", "admin@example.org", "my script", "\"browsers\"", "made a token for"])
            Assert.Contains(part, all, StringComparison.Ordinal);
        Assert.DoesNotContain(token, all, StringComparison.Ordinal);

        // A token is told what its owner likes, and nothing of the account.
        var told = await _store.Get<PersonalExport>().JsonAsync(Caller.From((await tokens.RecogniseAsync(token))!));
        Assert.Contains("\"ratings\"", told, StringComparison.Ordinal);
        Assert.DoesNotContain("admin@example.org", told, StringComparison.Ordinal);
        var guest = await _store.NewGuestAsync();
        Assert.Contains("\"guest\"", await _store.Get<PersonalExport>().JsonAsync(guest), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheOnlyAdminStays()
    {
        var admin = await AdminAsync("admin@example.org");
        var error = await Assert.ThrowsAsync<ConflictException>(() => _store.Get<PrivacyService>().ForgetMeAsync(admin));
        Assert.Contains("only admin", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, _store.Count("SELECT COUNT(*) FROM AspNetUsers"));
    }

    [Fact]
    public async Task AGuestIsForgottenWithEverything()
    {
        var before = Counts();
        var guest = await _store.NewGuestAsync();
        await UseEverythingAsync(guest);
        Assert.True(await _store.Get<Sessions>().HoldsAsync(GuestIdentity.For(guest.ViewerId!.Value)));
        await _store.Get<PrivacyService>().ForgetMeAsync(guest);
        Assert.Equal(before, Counts());
        Assert.False(await _store.Get<Sessions>().HoldsAsync(GuestIdentity.For(guest.ViewerId.Value)));
        await Assert.ThrowsAsync<AccessDeniedException>(() => _store.Get<PrivacyService>().ForgetMeAsync(Caller.Nobody));
    }

    [Fact]
    public async Task AnOldGuestCookieCannotDeleteTheMemberTheGuestBecame()
    {
        var guest = await _store.NewGuestAsync();
        await using var scope = _store.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<AccountService>().SignUpAsync(guest, "ana@example.org", Password);
        await Assert.ThrowsAsync<AccessDeniedException>(() => _store.Get<PrivacyService>().ForgetMeAsync(guest));
        Assert.False(await _store.Get<Sessions>().HoldsAsync(GuestIdentity.For(guest.ViewerId!.Value)));
    }

    [Fact]
    public async Task IdleGuestsAreForgottenAndThoseWhoComeBackAreNot()
    {
        var idle = await _store.NewGuestAsync();
        var faithful = await _store.NewGuestAsync();
        await UseEverythingAsync(idle);
        var privacy = _store.Get<PrivacyService>();
        await Assert.ThrowsAsync<AccessDeniedException>(() => privacy.ForgetGuestsAsync(faithful, TimeSpan.Zero));
        _store.Clock.Now += TimeSpan.FromDays(20);
        Assert.True(await _store.Get<Sessions>().HoldsAsync(GuestIdentity.For(faithful.ViewerId!.Value)));
        Assert.Equal(0, await privacy.ForgetGuestsAsync(Caller.Schedule, TimeSpan.FromDays(30)));
        _store.Clock.Now += TimeSpan.FromDays(11);
        Assert.Equal(1, await privacy.ForgetGuestsAsync(Caller.Schedule, TimeSpan.FromDays(30)));
        Assert.Null(await privacy.MineAsync(idle));
        Assert.NotNull(await privacy.MineAsync(faithful));
    }

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        _data.Dispose();
    }

    async Task UseEverythingAsync(Caller caller)
    {
        await _store.Get<RatingService>().RateAsync(caller, _film, 4.5);
        await _store.Get<MarkService>().SetAsync(caller, _store.Get<MovieCatalog>().Films[1].Id, MarkKind.Watchlist);
        await _store.Get<WatchlistService>().ShareAsync(caller);
        _store.Get<ShowingLog>().Note(caller, 1, [_film, _store.Get<MovieCatalog>().Films[2].Id]);
        await _store.Get<ShowingLog>().WriteAsync(CancellationToken.None);
        await _store.Get<NightService>().OpenAsync(caller, "Me");
    }

    /// <summary>What people leave in the store, and what the films count, on disk and in memory.</summary>
    string Counts() => string.Join(' ', new[]
    {
        "Viewers WHERE Kind = 1", "Ratings", "Marks", "Showings", "WatchlistShares", "NightGuests", "HistoryImports", "ApiTokens",
    }.Select(table => _store.Count($"SELECT COUNT(*) FROM {table}")).Append(_store.Count("SELECT SUM(RatingCount) + SUM(RatingHalves) FROM Movies")).Append(_store.Get<MovieCatalog>().Films.Sum(film => film.RatingCount)));

    async Task<Caller> AdminAsync(string email)
    {
        await using var scope = _store.Services.CreateAsyncScope();
        return await AccountTests.CallerAsync(_store, await scope.ServiceProvider.GetRequiredService<AccountService>().AddAsync(Caller.Operator, email, Password, admin: true));
    }
}
