using System.Text.RegularExpressions;

namespace MovieRecommender.Tests.Shell;

public partial class MarkupTests
{
    /// <summary>Razor takes a word, an @ and a word for an e-mail address, and shows the call that was meant as text.</summary>
    [Fact]
    public void NoCallIsTakenForAnAddress()
    {
        Assert.Matches(Address(), "<a>IMDb@Icon.Draw(\"arrow-up-right\")</a>");
        var files = Directory.GetFiles(Path.Combine(Repository.Root, "MovieRecommender.Web"), "*.razor", SearchOption.AllDirectories);
        Assert.NotEmpty(files);
        Assert.Empty(files.SelectMany(file => File.ReadLines(file).Where(line => Address().IsMatch(line)).Select(line => $"{Path.GetFileName(file)}: {line.Trim()}")));
    }

    /// <summary>A rule of the analyzers holds C# code to it (BannedSymbols.txt); this holds the pages.</summary>
    [Fact]
    public void NothingOfTheDataIsWrittenAsMarkup()
    {
        Assert.Contains("T:Microsoft.AspNetCore.Components.MarkupString;", File.ReadAllText(Path.Combine(Repository.Root, "BannedSymbols.txt")), StringComparison.Ordinal);
        var files = Directory.GetFiles(Path.Combine(Repository.Root, "MovieRecommender.Web"), "*.*", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal) && (file.EndsWith(".razor", StringComparison.Ordinal) || file.EndsWith(".cs", StringComparison.Ordinal)));
        Assert.Empty(files.Where(file => File.ReadAllText(file) is var text && (text.Contains("MarkupString", StringComparison.Ordinal) || text.Contains("AddMarkupContent", StringComparison.Ordinal))).Select(Path.GetFileName));
    }

    // After an @ of its own, as in @film.Title@Icon, Razor does read the second one.
    [GeneratedRegex(@"(?<![\w.@])\w+@\w+(\.\w+)*\(", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Address();
}
