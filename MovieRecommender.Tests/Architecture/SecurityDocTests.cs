using System.Text.RegularExpressions;

namespace MovieRecommender.Tests.Architecture;

/// <summary>Holds docs/security.md to the tests it names: what a line claims must be shown by something that runs.</summary>
public sealed partial class SecurityDocTests
{
    static readonly Dictionary<string, HashSet<string>> Tests = typeof(SecurityDocTests).Assembly.GetTypes().Where(type => type.IsPublic && type.Name.EndsWith("Tests", StringComparison.Ordinal))
        .GroupBy(type => type.Name, StringComparer.Ordinal)
        .ToDictionary(types => types.Key, types => types.SelectMany(type => type.GetMethods())
            .Where(method => method.IsDefined(typeof(FactAttribute), inherit: true)).Select(method => method.Name).ToHashSet(StringComparer.Ordinal), StringComparer.Ordinal);

    static string Text => File.ReadAllText(Path.Combine(Repository.Root, "docs", "security.md"));

    [Fact]
    public void EveryTestThatIsNamedExists() => Assert.Empty(MissingIn(Text));

    [Fact]
    public void ANameThatIsNoTestIsFound()
        => Assert.Equal(["NoSuchTests", "SecurityDocTests.Nothing"], MissingIn("`NoSuchTests` `SecurityDocTests.Nothing` `SecurityDocTests.EveryTestThatIsNamedExists` `SecurityDocTests`"));

    [Fact]
    public void EveryMitigationNamesATest()
    {
        var rows = Text.Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal) && !line.StartsWith("| threat", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(rows);
        Assert.All(rows, row => Assert.Matches(Name(), row.Split('|')[^2]));
    }

    /// <summary>The matrices print them too.</summary>
    [Fact]
    public void TheEvidenceHasTheCountsOfTheMatrices()
    {
        var evidence = File.ReadAllText(Path.Combine(Repository.Root, "docs", "security-evidence.md"));
        Assert.Contains(App.AuthorizationMatrixTests.Counts, evidence, StringComparison.Ordinal);
        Assert.Contains(Accounts.ServiceMatrixTests.Counts, evidence, StringComparison.Ordinal);
    }

    static IEnumerable<string> MissingIn(string text)
        => Name().Matches(text).Select(match => match.Groups).Where(name => !Tests.TryGetValue(name["class"].Value, out var known)
                || (name["method"].Success && !known.Contains(name["method"].Value)))
            .Select(name => name[0].Value.Trim('`'));

    [GeneratedRegex(@"`(?<class>\w+Tests)(\.(?<method>\w+))?`", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Name();
}
