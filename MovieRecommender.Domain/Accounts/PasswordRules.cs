using System.Text;
using Microsoft.AspNetCore.Identity;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Domain.Accounts;

/// <summary>
/// Refuses the passwords that guessing starts with. What counts is that nobody guesses them; there are no rules about digits and capitals.
/// </summary>
public sealed class PasswordRules : IPasswordValidator<Account>
{
    /// <summary>As they look without digits, signs and doubling; others of their kind are long enough to stand.</summary>
    static readonly HashSet<string> Obvious = new(StringComparer.Ordinal)
    {
        "password", "passwort", "passphrase", "passcode", "qwerty", "qwertz", "azerty", "qwertyuiop", "qwertzuiop", "asdfghjkl", "asdf", "zxcvbnm", "yxcvbnm",
        "letmein", "welcome", "iloveyou", "loveyou", "sunshine", "princess", "football", "baseball", "basketball", "superman", "batman", "spiderman", "pokemon",
        "starwars", "dragon", "monkey", "master", "shadow", "trustno", "whatever", "secret", "changeme", "default", "administrator", "admin", "root", "guest",
        "login", "test", "testing", "michael", "jennifer", "charlie", "computer", "internet", "facebook", "google", "freedom", "cheese", "summer", "winter",
        "movie", "movies", "movierecommender", "recommender", "movielens", "cinema", "popcorn", "correcthorsebatterystaple",
    };

    static readonly string[] Rows = ["abcdefghijklmnopqrstuvwxyz", "01234567890123456789", "qwertyuiop", "qwertzuiop", "asdfghjkl", "zxcvbnm", "yxcvbnm"];

    public Task<IdentityResult> ValidateAsync(UserManager<Account> manager, Account user, string? password)
        => Task.FromResult(FaultOf(password ?? "", user.Email ?? "") is { } fault
            ? IdentityResult.Failed(AccountFault.Of("GuessablePassword", fault))
            : IdentityResult.Success);

    internal static Wording? FaultOf(string password, string email)
    {
        if (password.Length < AccountSetup.ShortestPassword) return $"The password has {password.Length} characters; at least {AccountSetup.ShortestPassword} are needed. A few words in a row are fine.";
        var plain = Plain(password);
        var name = Plain(email.Split('@')[0]);
        if (name.Length >= 4 && plain.Contains(name, StringComparison.Ordinal)) return "The password contains your e-mail name; anybody would try that first.";
        var kernel = Kernel(password.ToLowerInvariant());
        if (kernel.Length <= 3 || IsRow(password.ToLowerInvariant())) return "The password only repeats or counts; anybody would try that first.";
        var letters = new string([.. Plain(kernel).Where(char.IsLetter)]);
        if (!Obvious.Contains(letters) && !Obvious.Contains(Kernel(letters)) && !Obvious.Contains(new string([.. plain.Where(char.IsLetter)]))
            && !Obvious.Contains(new string([.. kernel.Where(char.IsAsciiLetterLower)]))) return null;
        return "This password is among the first that are tried; take a few words that do not belong together.";
    }

    /// <summary>The part that a text repeats: "abcabcabc" is "abc" three times.</summary>
    static string Kernel(string text)
    {
        for (var length = 1; length <= text.Length / 2; length++)
        {
            if (text.Length % length == 0 && Enumerable.Range(length, text.Length - length).All(i => text[i] == text[i - length])) return text[..length];
        }
        return text;
    }

    static bool IsRow(string text) => Rows.Any(row => row.Contains(text, StringComparison.Ordinal) || row.Contains(new string([.. text.Reverse()]), StringComparison.Ordinal));

    /// <summary>Lower case, with the digits and signs that stand for letters turned back.</summary>
    static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var letter in text.ToLowerInvariant())
            plain.Append(letter switch { '0' => 'o', '1' => 'i', '3' => 'e', '4' or '@' => 'a', '5' or '$' => 's', '7' => 't', _ => letter });
        return plain.ToString();
    }
}
