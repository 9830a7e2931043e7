using Microsoft.AspNetCore.Identity;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Domain.Accounts;

/// <summary>What an authenticator app needs to know.</summary>
/// <param name="Key">To type in, where there is no camera.</param>
/// <param name="Address">The same, to be shown as a QR code.</param>
public sealed record AuthenticatorKey(string Key, string Address);

/// <summary>
/// A code from an authenticator app (TOTP, RFC 6238) besides the password. Recovery codes stand in for a lost phone, once each.
/// Passkeys need none, as they ask for a fingerprint or PIN themselves; tokens are not asked either.
/// </summary>
public sealed class SecondFactor(UserManager<Account> users, AppDbContext db, UnknownAddresses turns, ChangeFeed changes, TimeProvider time)
{
    public const int RecoveryCodes = 10;
    const string Wrong = "This code is not right, or no longer. Type the one the app shows now.";

    /// <summary>How many recovery codes the caller has left; null while a password is enough.</summary>
    public async Task<int?> MineAsync(Caller caller)
    {
        var account = await users.MemberAsync(caller);
        return account.TwoFactorEnabled ? await users.CountRecoveryCodesAsync(account) : null;
    }

    /// <summary>The caller's key, made at the first time; a first code of it turns the second factor on.</summary>
    /// <exception cref="ConflictException">It is on already.</exception>
    public async Task<AuthenticatorKey> BeginAsync(Caller caller)
    {
        var account = await users.MemberAsync(caller);
        // A key that counts is never shown again.
        if (account.TwoFactorEnabled) throw new ConflictException("The second step is on already.");
        if (await users.GetAuthenticatorKeyAsync(account) is null) AccountService.Check(await users.ResetAuthenticatorKeyAsync(account));
        var key = await users.GetAuthenticatorKeyAsync(account) ?? "";
        return new(key, $"otpauth://totp/MovieRecommender:{Uri.EscapeDataString(account.Email ?? "")}?secret={key}&issuer=MovieRecommender&digits=6");
    }

    /// <summary>Turns it on with a first code, and ends every session but the one that signs in anew.</summary>
    /// <returns>The recovery codes; this is the only time they can be read.</returns>
    /// <exception cref="InvalidInputException">The code is wrong.</exception>
    public async Task<(Account Account, IReadOnlyList<string> Codes)> TurnOnAsync(Caller caller, string code)
    {
        var account = await users.MemberAsync(caller);
        if (account.TwoFactorEnabled) throw new ConflictException("The second step is on already.");
        if (!await TakeAsync(account, code)) throw new InvalidInputException(Wrong);
        AccountService.Check(await users.SetTwoFactorEnabledAsync(account, true));
        var codes = await users.GenerateNewTwoFactorRecoveryCodesAsync(account, RecoveryCodes) ?? [];
        changes.Publish(Sessions.Topic(account.ViewerId));
        return (account, [.. codes]);
    }

    /// <summary>Turns it off with a code or recovery code, and ends every session but the one that signs in anew.</summary>
    /// <exception cref="InvalidInputException">The code is wrong, or too many were.</exception>
    public async Task<Account> TurnOffAsync(Caller caller, string code, CancellationToken cancellationToken = default)
    {
        var account = await users.MemberAsync(caller);
        await CheckAsync(account, code, cancellationToken);
        account.LastCodeStep = null;
        AccountService.Check(await users.SetTwoFactorEnabledAsync(account, false));
        AccountService.Check(await users.ResetAuthenticatorKeyAsync(account));
        changes.Publish(Sessions.Topic(account.ViewerId));
        return account;
    }

    /// <summary>Takes a code or a recovery code of somebody whose password was right. Wrong ones count as wrong passwords do.</summary>
    /// <exception cref="InvalidInputException">The code is wrong, or too many were.</exception>
    public async Task CheckAsync(Account account, string code, CancellationToken cancellationToken = default)
    {
        using var turn = await turns.TakeTurnAsync(account.Email ?? "", cancellationToken);
        // As it is now that it is this one's turn: wrong codes sent side by side would count as one, and a right one could be used by each.
        await db.Entry(account).ReloadAsync(cancellationToken);
        await users.RequireOpenAsync(account);
        if (await TakeAsync(account, code)
            || (code.Trim() is { Length: > 0 } recovery && (await users.RedeemTwoFactorRecoveryCodeAsync(account, recovery)).Succeeded))
        {
            await users.ResetAccessFailedCountAsync(account);
            return;
        }
        await users.AccessFailedAsync(account);
        throw new InvalidInputException(await users.IsLockedOutAsync(account) ? PasswordCheck.Locked : Wrong);
    }

    /// <summary>Uses a code up; one that has been used, or is older than one that has, is wrong.</summary>
    async Task<bool> TakeAsync(Account account, string code)
    {
        // Apps show a code in two groups.
        if (await users.GetAuthenticatorKeyAsync(account) is not { } key || TimeCode.StepOf(key, code.Replace(" ", "", StringComparison.Ordinal), time.GetUtcNow()) is not { } step) return false;
        if (step <= account.LastCodeStep) return false;
        account.LastCodeStep = step;
        // Fails when another process has just taken a code of this account.
        return (await users.UpdateAsync(account)).Succeeded;
    }
}
