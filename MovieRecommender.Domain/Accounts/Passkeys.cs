using System.Globalization;
using Microsoft.AspNetCore.Identity;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Domain.Accounts;

/// <summary>A passkey as its owner sees it.</summary>
/// <param name="Id">In letters that fit into an address.</param>
public sealed record PasskeyView(string Id, string Name, DateTimeOffset AddedAt);

/// <summary>For whom a first passkey is made.</summary>
/// <param name="Account">The id that the account will have.</param>
public sealed record NewcomerPasskey(int Account, string Email);

/// <summary>The passkeys of an account. Whether one is genuine is found out where the browser's answer arrives.</summary>
public sealed class Passkeys(UserManager<Account> users, AccountService accounts, Store store)
{
    public const int LongestName = 60;
    public const int MostPerAccount = 20;

    const string Owned = "This passkey belongs to another account.";

    /// <summary>Signing up without a password: keeps an account id for the passkey to name, as it cannot be changed later.</summary>
    /// <exception cref="InvalidInputException">The address cannot be used, or nobody may sign up; the message says why.</exception>
    public async Task<NewcomerPasskey> BeginSignUpAsync(Caller caller, string email, string? invitation = null, CancellationToken cancellationToken = default)
    {
        await accounts.CheckAdmissionAsync(invitation, cancellationToken);
        var account = await accounts.CheckAddressAsync(email);
        // A number that was given out once is never given out again.
        await store.WriteAsync(async db =>
        {
            var kept = new Account();
            db.Add(kept);
            await db.SaveChangesAsync(cancellationToken);
            db.Remove(kept);
            account.Id = kept.Id;
        }, cancellationToken);
        return new(account.Id, account.Email ?? "");
    }

    /// <summary>Creates the account that a passkey, verified before, was made for. A guest who signs up keeps being the same viewer.</summary>
    /// <exception cref="InvalidInputException">The account cannot be made, or nobody may sign up; the message says why.</exception>
    public Task<Account> SignUpAsync(Caller caller, UserPasskeyInfo passkey, NewcomerPasskey madeFor, string? invitation = null, CancellationToken cancellationToken = default)
        => accounts.AdmitAsync(invitation, async () =>
        {
            // A passkey that an account adds to itself comes here too, if somebody sends it here.
            if (await users.FindByIdAsync(madeFor.Account.ToString(CultureInfo.InvariantCulture)) is not null || await users.FindByPasskeyIdAsync(passkey.CredentialId) is not null) throw new InvalidInputException(Owned);
            var account = await accounts.CreateAsync(madeFor.Email, null, AccountService.GuestOf(caller), cancellationToken, madeFor.Account);
            passkey.Name = "Your first passkey";
            AccountService.Check(await users.AddOrUpdatePasskeyAsync(account, passkey));
            return account;
        }, cancellationToken);

    public async Task<IReadOnlyList<PasskeyView>> MineAsync(Caller caller)
        => [.. (await users.GetPasskeysAsync(await users.MemberAsync(caller))).OrderBy(passkey => passkey.CreatedAt)
            .Select(passkey => new PasskeyView(Convert.ToHexStringLower(passkey.CredentialId), passkey.Name ?? "A passkey", passkey.CreatedAt))];

    /// <summary>Lets a passkey that has been verified sign in as the caller.</summary>
    /// <param name="madeFor">The account id the passkey was made for.</param>
    /// <exception cref="InvalidInputException">The name cannot be used, there are too many, or it was made for somebody else.</exception>
    public async Task AddAsync(Caller caller, UserPasskeyInfo passkey, string madeFor, string name)
    {
        var account = await users.MemberAsync(caller);
        if (madeFor != account.Id.ToString(CultureInfo.InvariantCulture)) throw new InvalidInputException("This passkey was made for another account.");
        passkey.Name = name.Trim() is { Length: > 0 and <= LongestName } trimmed ? trimmed : throw new InvalidInputException($"A passkey's name has 1 to {LongestName} characters.");
        if ((await users.GetPasskeysAsync(account)).Count >= MostPerAccount) throw new InvalidInputException($"You have {MostPerAccount} passkeys; remove one first.");
        if (await users.FindByPasskeyIdAsync(passkey.CredentialId) is { } owner && owner.Id != account.Id) throw new InvalidInputException(Owned);
        AccountService.Check(await users.AddOrUpdatePasskeyAsync(account, passkey));
    }

    /// <exception cref="NotFoundException">The caller has no such passkey.</exception>
    /// <exception cref="InvalidInputException">There is no other way into the account.</exception>
    public async Task RemoveAsync(Caller caller, string id)
    {
        var account = await users.MemberAsync(caller);
        var all = await users.GetPasskeysAsync(account);
        var passkey = all.FirstOrDefault(known => string.Equals(Convert.ToHexStringLower(known.CredentialId), id, StringComparison.Ordinal))
            ?? throw new NotFoundException("You have no such passkey.");
        if (all.Count == 1 && !await users.HasPasswordAsync(account) && (await users.GetLoginsAsync(account)).Count == 0)
            throw new InvalidInputException("This passkey is your only way in. Set a password first, or add another passkey.");
        AccountService.Check(await users.RemovePasskeyAsync(account, passkey.CredentialId));
    }

    /// <summary>Notes that a passkey has just been used, so that a copy of it would be noticed.</summary>
    /// <exception cref="InvalidInputException">The account is locked.</exception>
    public async Task UsedAsync(Account account, UserPasskeyInfo passkey)
    {
        await users.RequireOpenAsync(account);
        AccountService.Check(await users.AddOrUpdatePasskeyAsync(account, passkey));
    }
}
