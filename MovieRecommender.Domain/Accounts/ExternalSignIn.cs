using Microsoft.AspNetCore.Identity;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Domain.Accounts;

/// <summary>Who somebody is, in the words of a provider that they have signed in to.</summary>
/// <param name="Issuer">The provider, as its tokens name it.</param>
/// <param name="Subject">The person's number there, which never changes.</param>
/// <param name="Email">Their address, if the provider tells it.</param>
/// <param name="EmailConfirmed">Whether the provider has seen that the address is theirs.</param>
public sealed record ExternalIdentity(string Issuer, string Subject, string? Email, bool EmailConfirmed);

/// <summary>
/// Signing in through a provider (OpenID Connect). An account is found by the provider's number for the person, never by its address:
/// addresses are not confirmed here, so whoever signed up with somebody else's first would share an account with them.
/// </summary>
public sealed class ExternalSignIn(UserManager<Account> users, AccountService accounts)
{
    /// <summary>The account of somebody that the provider vouches for; made if they are new and may come in. A guest stays the same viewer.</summary>
    /// <exception cref="InvalidInputException">The account is locked, nobody may sign up, or the address cannot be used; the message says why.</exception>
    public async Task<Account> SignInAsync(Caller caller, ExternalIdentity identity, string? invitation = null, CancellationToken cancellationToken = default)
    {
        if (await users.FindByLoginAsync(identity.Issuer, identity.Subject) is { } known)
        {
            await users.RequireOpenAsync(known);
            return known;
        }
        if (identity.Email is not { } email || !identity.EmailConfirmed)
            throw new InvalidInputException("There you have no confirmed e-mail address, so no account can be made here. Confirm one there, or sign up here.");
        if (await users.FindByEmailAsync(email) is not null)
            throw new InvalidInputException($"{email} has an account here already. Sign in to it as you always do, then connect it on your account page.");
        return await accounts.AdmitAsync(invitation, async () =>
        {
            var account = await accounts.CreateAsync(email, null, AccountService.GuestOf(caller), cancellationToken);
            AccountService.Check(await users.AddLoginAsync(account, LoginOf(identity)));
            return account;
        }, cancellationToken);
    }

    /// <summary>Whether the caller can sign in through the provider.</summary>
    public async Task<bool> IsConnectedAsync(Caller caller) => (await users.GetLoginsAsync(await users.MemberAsync(caller))).Count > 0;

    /// <summary>Lets the caller sign in through the provider from now on.</summary>
    /// <exception cref="ConflictException">They sign in as somebody else there, or somebody else signs in so here.</exception>
    public async Task ConnectAsync(Caller caller, ExternalIdentity identity)
    {
        var account = await users.MemberAsync(caller);
        if (await users.FindByLoginAsync(identity.Issuer, identity.Subject) is { } owner)
        {
            if (owner.Id == account.Id) return;
            throw new ConflictException("Somebody else signs in here with that account.");
        }
        if ((await users.GetLoginsAsync(account)).Count > 0) throw new ConflictException("Your account is connected already. Disconnect it first.");
        AccountService.Check(await users.AddLoginAsync(account, LoginOf(identity)));
    }

    /// <exception cref="InvalidInputException">There is no other way into the account.</exception>
    public async Task DisconnectAsync(Caller caller)
    {
        var account = await users.MemberAsync(caller);
        if (!await users.HasPasswordAsync(account) && (await users.GetPasskeysAsync(account)).Count == 0)
            throw new InvalidInputException("This is your only way in. Set a password or add a passkey first.");
        foreach (var login in await users.GetLoginsAsync(account))
            AccountService.Check(await users.RemoveLoginAsync(account, login.LoginProvider, login.ProviderKey));
    }

    static UserLoginInfo LoginOf(ExternalIdentity identity) => new(identity.Issuer, identity.Subject, null);
}
