using System.Globalization;
using Microsoft.AspNetCore.Identity;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Domain.Accounts;

/// <summary>A passkey as its owner sees it.</summary>
/// <param name="Id">In letters that fit into an address.</param>
public sealed record PasskeyView(string Id, string Name, DateTimeOffset AddedAt);

/// <summary>The passkeys of an account. Whether one is genuine is found out where the browser's answer arrives.</summary>
public sealed class Passkeys(UserManager<Account> users)
{
    public const int LongestName = 60;
    public const int MostPerAccount = 20;

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
        if (await users.FindByPasskeyIdAsync(passkey.CredentialId) is { } owner && owner.Id != account.Id) throw new InvalidInputException("This passkey belongs to another account.");
        AccountService.Check(await users.AddOrUpdatePasskeyAsync(account, passkey));
    }

    /// <exception cref="NotFoundException">The caller has no such passkey.</exception>
    public async Task RemoveAsync(Caller caller, string id)
    {
        var account = await users.MemberAsync(caller);
        var passkey = (await users.GetPasskeysAsync(account)).FirstOrDefault(known => string.Equals(Convert.ToHexStringLower(known.CredentialId), id, StringComparison.Ordinal))
            ?? throw new NotFoundException("You have no such passkey.");
        AccountService.Check(await users.RemovePasskeyAsync(account, passkey.CredentialId));
    }

    /// <summary>Notes that a passkey has just been used, so that a copy of it would be noticed.</summary>
    /// <exception cref="InvalidInputException">The account is locked.</exception>
    public async Task UsedAsync(Account account, UserPasskeyInfo passkey)
    {
        if (await users.IsLockedOutAsync(account)) throw new InvalidInputException(PasswordCheck.Locked);
        AccountService.Check(await users.AddOrUpdatePasskeyAsync(account, passkey));
    }
}
