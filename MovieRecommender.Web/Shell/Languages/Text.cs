using System.Globalization;
using System.Resources;
using MovieRecommender.Domain;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Catalog;

namespace MovieRecommender.Web.Shell.Languages;

/// <summary>
/// What people read, in the language of their request or open page. The English sentence is its own key, so pages stay readable;
/// Text.resx is empty and Text.de.resx holds the German. Numbers and dates follow the same language, and only here:
/// the culture of everything else stays invariant, so that addresses, drawings and files never depend on who reads.
/// </summary>
static class Text
{
    static readonly ResourceManager Sentences = new(typeof(Text));
    static readonly ResourceManager Genres = new("MovieRecommender.Web.Shell.Languages.Genres", typeof(Text).Assembly);

    public static string T(string english) => Sentences.GetString(english, CultureInfo.CurrentUICulture) ?? english;

    public static string T(string english, params object?[] values) => string.Format(CultureInfo.CurrentUICulture, T(english), values);

    /// <summary>One or many: the number is {0}, further values follow.</summary>
    public static string Counted(string one, string many, long count, params object?[] values)
        => T(count == 1 ? one : many, [count, .. values]);

    /// <summary>What an exception says to its reader.</summary>
    public static string Said(Exception error) => error switch
    {
        InvalidInputException invalid => Said(invalid.Wording),
        AccessDeniedException denied => Said(denied.Wording),
        _ => error.Message,
    };

    /// <summary>A row that could not be used, and why.</summary>
    public static string Said(BadRow row)
        => row.Column.Length == 0 ? T("{0}, line {1}: {2}", row.File, row.Line, Said(row.Wording))
            : T("{0}, line {1}, column {2}: {3}", row.File, row.Line, row.Column, Said(row.Wording));

    /// <summary>Also of what a form's rules say, which are sentences without values.</summary>
    public static string Said(Wording wording) => T(wording.Sentence, [.. wording.Values]);

    /// <summary>A genre as people call it; in data and addresses it keeps its English name.</summary>
    public static string GenreName(string name) => Genres.GetString(name, CultureInfo.CurrentUICulture) ?? name;
}
