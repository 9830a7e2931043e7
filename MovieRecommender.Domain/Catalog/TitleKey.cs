using System.Globalization;
using System.Text;

namespace MovieRecommender.Domain.Catalog;

/// <summary>The form in which titles are compared: lower case, without accents, punctuation or doubled spaces.</summary>
public static class TitleKey
{
    public static string Of(string text)
    {
        var key = new StringBuilder(text.Length);
        // Most titles are ASCII, which is in every normal form; a catalogue has a hundred thousand of them.
        foreach (var c in Ascii.IsValid(text) ? text : text.Normalize(NormalizationForm.FormD))
        {
            if (char.IsAsciiLetterOrDigit(c)) key.Append(char.ToLowerInvariant(c));
            else if (char.IsLetterOrDigit(c)) key.Append(Fold(char.ToLowerInvariant(c)));
            else if (c == '&') AppendWord(key, "and");
            else if (c is '\'' or '’' or '.' || CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.NonSpacingMark) continue;
            else if (key.Length > 0 && key[^1] != ' ') key.Append(' ');
        }
        if (key.Length > 0 && key[^1] == ' ') key.Length--;
        return key.ToString();
    }

    /// <summary>The key without a leading English article, so that "Matrix" finds "The Matrix".</summary>
    public static string WithoutArticle(string key)
        => key.StartsWith("the ", StringComparison.Ordinal) ? key[4..]
            : key.StartsWith("a ", StringComparison.Ordinal) ? key[2..]
            : key.StartsWith("an ", StringComparison.Ordinal) ? key[3..]
            : key;

    static void AppendWord(StringBuilder key, string word)
    {
        if (key.Length > 0 && key[^1] != ' ') key.Append(' ');
        key.Append(word).Append(' ');
    }

    // Letters that Unicode does not take apart.
    static string Fold(char c) => c switch { 'ø' => "o", 'æ' => "ae", 'œ' => "oe", 'ß' => "ss", 'ł' => "l", 'đ' => "d", 'ð' => "d", 'þ' => "th", 'ı' => "i", _ => c.ToString() };
}
