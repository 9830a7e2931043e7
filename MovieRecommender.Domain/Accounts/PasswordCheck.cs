using System.Collections.Concurrent;
using Microsoft.AspNetCore.Identity;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Domain.Accounts;

/// <summary>
/// Signing in by password: ten wrong ones lock the address for ten minutes. An address without an account is treated just so,
/// in words and in work, so that nobody learns who has one.
/// </summary>
public sealed class PasswordCheck(UserManager<Account> users, AppDbContext db, UnknownAddresses unknown)
{
    const string Wrong = "This e-mail and password do not belong together.";
    internal const string Locked = "Too many wrong passwords. Wait ten minutes and try again.";

    /// <exception cref="InvalidInputException">They do not belong together, or were tried too often; the message says which.</exception>
    public async Task<Account> FindAsync(string email, string password, CancellationToken cancellationToken = default)
    {
        email = email.Trim();
        // One after the other for an address: attempts side by side would count as one.
        using var turn = await unknown.TakeTurnAsync(email, cancellationToken);
        if (await users.FindByEmailAsync(email) is not { } account)
        {
            if (unknown.IsLocked(email)) throw new InvalidInputException(Locked);
            // Costs what a real comparison costs.
            users.PasswordHasher.HashPassword(new(), password);
            throw new InvalidInputException(unknown.Fail(email) ? Locked : Wrong);
        }
        // Who is signed in may have been looked up before it was their turn.
        await db.Entry(account).ReloadAsync(cancellationToken);
        if (await users.IsLockedOutAsync(account)) throw new InvalidInputException(Locked);
        // Who has no password costs the same too, or the time would tell.
        if (account.PasswordHash is null) users.PasswordHasher.HashPassword(account, password);
        if (await users.CheckPasswordAsync(account, password))
        {
            account.RequireUnlocked();
            // Where a code is still to come, only the code ends the counting; else the password alone would give endless tries at it.
            if (!account.TwoFactorEnabled) await users.ResetAccessFailedCountAsync(account);
            return account;
        }
        await users.AccessFailedAsync(account);
        throw new InvalidInputException(await users.IsLockedOutAsync(account) ? Locked : Wrong);
    }
}

/// <summary>Counts wrong passwords for addresses without an account, in memory and bounded.</summary>
public sealed class UnknownAddresses(TimeProvider time) : IDisposable
{
    const int Most = 10_000;
    readonly SemaphoreSlim[] _turns = [.. Enumerable.Range(0, 32).Select(_ => new SemaphoreSlim(1, 1))];
    readonly ConcurrentDictionary<string, (int Failures, DateTimeOffset Last)> _failures = new(StringComparer.OrdinalIgnoreCase);

    public async Task<IDisposable> TakeTurnAsync(string email, CancellationToken cancellationToken)
    {
        var turn = _turns[(uint)StringComparer.OrdinalIgnoreCase.GetHashCode(email) % (uint)_turns.Length];
        await turn.WaitAsync(cancellationToken);
        return new Turn(turn);
    }

    internal bool IsLocked(string email) => Count(email) >= AccountSetup.MostWrongPasswords;

    internal bool Fail(string email)
    {
        var failures = Count(email) + 1;
        if (_failures.Count >= Most) _failures.Clear();
        _failures[email] = (failures, time.GetUtcNow());
        return failures >= AccountSetup.MostWrongPasswords;
    }

    int Count(string email) => _failures.TryGetValue(email, out var known) && time.GetUtcNow() - known.Last < AccountSetup.LockedFor ? known.Failures : 0;

    public void Dispose()
    {
        foreach (var turn in _turns) turn.Dispose();
    }

    sealed class Turn(SemaphoreSlim turn) : IDisposable
    {
        public void Dispose() => turn.Release();
    }
}
