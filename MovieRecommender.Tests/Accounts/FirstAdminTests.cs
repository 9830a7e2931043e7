using Microsoft.Extensions.DependencyInjection;
using MovieRecommender.Domain;
using MovieRecommender.Domain.Accounts;

namespace MovieRecommender.Tests.Accounts;

/// <summary>The way in while no admin exists.</summary>
public sealed class FirstAdminTests : IAsyncLifetime
{
    const string Password = "lights down please";
    TestStore _store = null!;
    FirstAdmin _firstAdmin = null!;

    public async Task InitializeAsync()
    {
        _store = await TestStore.CreateAsync();
        _firstAdmin = _store.Get<FirstAdmin>();
    }

    [Fact]
    public async Task FiftyAtOnceMakeOneAdmin()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Task.Run(async () =>
        {
            try
            {
                await _firstAdmin.CreateAsync(Caller.Nobody, _firstAdmin.Code, $"admin{i}@example.org", Password);
                return "made";
            }
            catch (AccessDeniedException)
            {
                return "too late";
            }
        })));
        Assert.Equal(1, outcomes.Count(outcome => outcome == "made"));
        Assert.Equal(1, _store.Count("SELECT COUNT(*) FROM AspNetUsers"));
        Assert.Equal(1, _store.Count("SELECT COUNT(*) FROM AspNetUserRoles"));
        Assert.Equal(1, _store.Count("SELECT COUNT(*) FROM Viewers"));
        Assert.False(await _firstAdmin.IsOpenAsync());
    }

    [Fact]
    public async Task AWrongCodeMakesNobody()
    {
        await Assert.ThrowsAsync<InvalidInputException>(() => _firstAdmin.CreateAsync(Caller.Nobody, "", "a@example.org", Password));
        await Assert.ThrowsAsync<InvalidInputException>(() => _firstAdmin.CreateAsync(Caller.Nobody, _firstAdmin.Code[..^1] + "x", "a@example.org", Password));
        Assert.Equal(0, _store.Count("SELECT COUNT(*) FROM AspNetUsers"));
        Assert.True(await _firstAdmin.IsOpenAsync());
    }

    [Theory]
    [InlineData("a@example.org", "short")]
    [InlineData("no address", Password)]
    [InlineData("", Password)]
    public async Task WhatCannotBeAnAccountLeavesTheWayOpen(string email, string password)
    {
        await Assert.ThrowsAsync<InvalidInputException>(() => _firstAdmin.CreateAsync(Caller.Nobody, _firstAdmin.Code, email, password));
        Assert.Equal(0, _store.Count("SELECT COUNT(*) FROM Viewers"));
        await _firstAdmin.CreateAsync(Caller.Nobody, _firstAdmin.Code, "a@example.org", Password);
        Assert.False(await _firstAdmin.IsOpenAsync());
    }

    [Fact]
    public async Task AGuestWhoBecomesTheAdminStaysTheSameViewer()
    {
        var guest = await _store.NewGuestAsync();
        var account = await _firstAdmin.CreateAsync(guest, _firstAdmin.Code, "a@example.org", Password);
        Assert.Equal(guest.ViewerId, account.ViewerId);
    }

    [Fact]
    public async Task TokensAreForAdminsToGiveAndAreStoredAsHashesOnly()
    {
        await _firstAdmin.CreateAsync(Caller.Nobody, _firstAdmin.Code, "a@example.org", Password);
        await using var scope = _store.Services.CreateAsyncScope();
        var tokens = scope.ServiceProvider.GetRequiredService<ApiTokens>();
        await Assert.ThrowsAsync<AccessDeniedException>(() => tokens.AddAsync(Caller.Nobody, "a@example.org"));
        var token = await tokens.AddAsync(Caller.Operator, "a@example.org");
        Assert.DoesNotContain(token, _store.Dump(), StringComparison.Ordinal);
        Assert.True(Caller.From((await tokens.RecogniseAsync(token))!).IsAdmin);
        Assert.Null(await tokens.RecogniseAsync(token + "x"));
    }

    public async Task DisposeAsync() => await _store.DisposeAsync();
}
