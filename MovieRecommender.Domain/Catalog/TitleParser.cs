using System.Globalization;
using System.Text.RegularExpressions;

namespace MovieRecommender.Domain.Catalog;

/// <summary>A title taken apart.</summary>
/// <param name="Title">As spoken: "The Matrix".</param>
/// <param name="OtherTitles">Further titles that stood in brackets, as spoken.</param>
/// <param name="Year">The trailing year, if there was one.</param>
public readonly record struct ParsedTitle(string Title, IReadOnlyList<string> OtherTitles, int? Year);

/// <summary>Reads MovieLens's way of writing titles: <c>City of Lost Children, The (Cité des enfants perdus, La) (1995)</c>.</summary>
public static partial class TitleParser
{
    static readonly HashSet<string> Articles = new(StringComparer.OrdinalIgnoreCase)
    {
        "The", "A", "An", "Le", "La", "Les", "L'", "Un", "Une", "El", "Los", "Las", "Una", "Il", "Lo", "Gli", "I",
        "Der", "Die", "Das", "Ein", "Eine", "Den", "Det", "De", "Het", "O", "Os", "As", "Um", "Uma",
    };

    public static ParsedTitle Parse(string raw)
    {
        var rest = raw.Trim();
        int? year = null;
        if (TrailingYear().Match(rest) is { Success: true } match)
        {
            year = int.Parse(match.Groups["year"].ValueSpan, CultureInfo.InvariantCulture);
            rest = rest[..match.Index].TrimEnd();
        }
        var others = new List<string>();
        while (rest.EndsWith(')') && TrailingBrackets().Match(rest) is { Success: true, Index: > 0 } brackets)
        {
            var inner = brackets.Groups["inner"].Value.Trim();
            if (inner.StartsWith("a.k.a.", StringComparison.OrdinalIgnoreCase)) inner = inner[6..].Trim();
            if (inner.Length > 0) others.Insert(0, AsSpoken(inner));
            rest = rest[..brackets.Index].TrimEnd();
        }
        return rest.Length == 0 ? new(raw.Trim(), [], year) : new(AsSpoken(rest), others, year);
    }

    /// <summary>"Matrix, The" becomes "The Matrix"; anything else stays.</summary>
    static string AsSpoken(string title)
    {
        var comma = title.LastIndexOf(", ", StringComparison.Ordinal);
        if (comma <= 0) return title;
        var article = title[(comma + 2)..].Trim();
        if (!Articles.Contains(article)) return title;
        return article.EndsWith('\'') ? article + title[..comma] : $"{article} {title[..comma]}";
    }

    [GeneratedRegex(@"\((?<year>1[89]\d\d|20\d\d)(?:[-–]\d{0,4})?\)\s*$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex TrailingYear();

    [GeneratedRegex(@"\((?<inner>[^()]*)\)$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex TrailingBrackets();
}
