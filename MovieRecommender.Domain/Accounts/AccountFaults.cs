using Microsoft.AspNetCore.Identity;

namespace MovieRecommender.Domain.Accounts;

/// <summary>What Identity objects to, in words of our own that can be said in another language.</summary>
sealed class AccountFaults : IdentityErrorDescriber
{
    public override IdentityError DuplicateUserName(string userName) => Taken(userName);

    public override IdentityError DuplicateEmail(string email) => Taken(email);

    public override IdentityError InvalidUserName(string? userName) => NoAddress(userName);

    public override IdentityError InvalidEmail(string? email) => NoAddress(email);

    public override IdentityError PasswordTooShort(int length) => AccountFault.Of(nameof(PasswordTooShort), "Type a password.");

    static AccountFault Taken(string email) => AccountFault.Of(nameof(DuplicateEmail), $"The address '{email}' is already taken.");

    static AccountFault NoAddress(string? email) => AccountFault.Of(nameof(InvalidEmail), $"'{email}' is not an e-mail address.");
}

sealed class AccountFault : IdentityError
{
    public required Wording Wording { get; init; }

    public static AccountFault Of(string code, Wording wording) => new() { Code = code, Description = wording.ToString(), Wording = wording };
}
