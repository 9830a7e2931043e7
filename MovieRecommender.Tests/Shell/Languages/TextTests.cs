using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using MovieRecommender.Domain;
using MovieRecommender.Web.Shell;
using MovieRecommender.Web.Shell.Languages;

namespace MovieRecommender.Tests.Shell.Languages;

/// <summary>What the sources say and what the German file holds are the same sentences.</summary>
public sealed partial class TextTests
{
    static readonly string Folder = Path.Combine(Repository.Root, "MovieRecommender.Web");
    static readonly Dictionary<string, string> German = Read("Text.de.resx");

    [Fact]
    public void EverySentenceThatPagesSayIsTranslatedAndNoOther()
    {
        var said = Sources().SelectMany(file => SentencesIn(File.ReadAllText(file))).ToHashSet(StringComparer.Ordinal);
        Assert.Empty(said.Except(German.Keys, StringComparer.Ordinal));
        Assert.Empty(German.Keys.Except(said, StringComparer.Ordinal).Except(LiteralTests.SaidByServices(), StringComparer.Ordinal));
    }

    /// <summary>A sentence that is put together or looked up would be missing here and come out in English.</summary>
    [Fact]
    public void EverySentenceIsWrittenOutWhereItIsSaid()
    {
        Assert.Matches(PutTogether(), "T($\"{count} films\")");
        Assert.Empty(Sources().Where(file => Path.GetFileName(file) != "Text.cs").SelectMany(file => PutTogether().Matches(File.ReadAllText(file)).Select(match => $"{Path.GetFileName(file)}: {match.Value}")));
    }

    /// <summary>Two keys that differ in capitals only would be one to the compiler, and one of them English.</summary>
    [Fact]
    public void EveryTranslationIsFound()
        => Assert.Empty(In("de", () => German.Where(pair => Text.T(pair.Key) != pair.Value).ToList()));

    [Fact]
    public void TranslationsNameTheSameValuesAndLinks()
    {
        static string Slots(string text) => string.Join(' ', Slot().Matches(text).Select(match => match.Groups["slot"].Value).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
        Assert.Empty(German.Where(pair => Slots(pair.Key) != Slots(pair.Value)).Select(pair => pair.Key));
    }

    [Fact]
    public void EveryGenreHasAName()
        => Assert.Empty(File.ReadLines(Path.Combine(Repository.Root, "MovieRecommender.Domain", "Catalog", "Demo", "films.csv")).Skip(1)
            .SelectMany(line => GenreColumn().Match(line).Groups["genres"].Value.Split('|', StringSplitOptions.RemoveEmptyEntries))
            .Append("IMAX").Append("War").Append("Film-Noir").Distinct(StringComparer.Ordinal).Except(Read("Genres.de.resx").Keys, StringComparer.Ordinal));

    [Fact]
    public void NumbersAndDatesFollowTheLanguageOfWhoReadsAndNothingElseDoes()
    {
        In("de", () =>
        {
            Assert.Equal("4,2", Words.Tenths(4.2));
            Assert.Equal("5. März 2026", Words.Day(new(2026, 3, 5, 0, 0, 0, DateTimeKind.Utc)));
            Assert.Equal("9.742 Filme", Text.T("Search {0:N0} films", 9742));
            Assert.Equal("4.2", $"{4.2}");
            return 0;
        });
        Assert.Equal("5 March 2026", In("en", () => Words.Day(new(2026, 3, 5, 0, 0, 0, DateTimeKind.Utc))));
    }

    [Fact]
    public void AnExceptionIsSaidInTheLanguageOfWhoReadsItAndKeptInEnglish()
    {
        var name = "{0}";
        var error = new InvalidInputException($"'{name}' has {1234:N0} films");
        Assert.Equal("'{0}' has 1,234 films", error.Message);
        Assert.Equal("'{0}' has 1.234 films", In("de", () => Text.Said(error)));
    }

    static T In<T>(string language, Func<T> act)
    {
        var before = CultureInfo.CurrentUICulture;
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(language);
        try
        {
            return act();
        }
        finally
        {
            CultureInfo.CurrentUICulture = before;
        }
    }

    internal static Dictionary<string, string> Read(string file)
        => XDocument.Load(Path.Combine(Folder, "Shell", "Languages", file)).Root!.Elements("data").ToDictionary(data => data.Attribute("name")!.Value, data => data.Element("value")!.Value, StringComparer.Ordinal);

    static IEnumerable<string> Sources()
        => Directory.EnumerateFiles(Folder, "*.*", SearchOption.AllDirectories).Where(file => (file.EndsWith(".razor", StringComparison.Ordinal) || file.EndsWith(".cs", StringComparison.Ordinal))
            && !file.Contains(Path.DirectorySeparatorChar + "obj" + Path.DirectorySeparatorChar, StringComparison.Ordinal));

    static IEnumerable<string> SentencesIn(string source)
        => Said().Matches(source).SelectMany(match => match.Groups["sentence"].Captures.Select(capture => capture.Value));

    [GeneratedRegex("""\b(T\(|Counted\("(?<sentence>[^"]*)", |ErrorMessage = )"(?<sentence>[^"]*)"[,)]""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Said();

    [GeneratedRegex("""\b(T|Counted)\((?!"[^"]*"[,)]).*""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex PutTogether();

    [GeneratedRegex(@"\{(?<slot>\d)[^}]*\}|(?<slot>[\[\]])", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Slot();

    [GeneratedRegex("""^\d+,("[^"]*"|[^",]*),\d*,(?<genres>[^,]*),""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex GenreColumn();
}
