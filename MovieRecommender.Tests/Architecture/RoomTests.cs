using System.Text.RegularExpressions;

namespace MovieRecommender.Tests.Architecture;

/// <summary>Holds the map of rooms in docs/architecture.md: which room's files may name which other room.</summary>
public sealed partial class RoomTests
{
    static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Factorization"] = [],
        ["Evaluation"] = ["Factorization"],
        ["Storage"] = [],
        ["Backups"] = ["Accounts", "Storage"],
        ["Accounts"] = ["Storage"],
        ["Catalog"] = ["Storage"],
        ["Ratings"] = ["Accounts", "Catalog", "Storage"],
        ["Models"] = ["Accounts", "Factorization", "Storage"],
        ["Recommendations"] = ["Accounts", "Catalog", "Factorization", "Models", "Ratings", "Storage"],
        ["Privacy"] = ["Accounts", "Catalog", "Imports", "Ratings", "Recommendations", "Storage", "Training"],
        ["Serving"] = ["Accounts", "Factorization", "Models", "Ratings", "Storage"],
        ["Curation"] = ["Accounts", "Catalog", "Ratings", "Recommendations", "Storage", "Training"],
        ["Imports"] = ["Accounts", "Catalog", "Curation", "Models", "Storage", "Training"],
        ["Training"] = ["Accounts", "Catalog", "Evaluation", "Factorization", "Models", "Ratings", "Storage"],
    };

    [Fact]
    public void RoomsUseOnlyWhatTheMapAllows()
    {
        var violations = Allowed.Keys.SelectMany(room => Directory
            .EnumerateFiles(Path.Combine(Repository.Root, "MovieRecommender.Domain", room), "*.cs", SearchOption.AllDirectories)
            // Generated: migrations name every table's entity.
            .Where(file => !file.Contains("Migrations", StringComparison.Ordinal))
            .SelectMany(file => ViolationsIn(room, File.ReadAllText(file)).Select(other => $"{Path.GetFileName(file)} in {room} uses {other}")));
        Assert.Empty(violations);
    }

    [Fact]
    public void APlantedViolationIsFound()
    {
        Assert.Equal(["Training"], ViolationsIn("Recommendations", "using MovieRecommender.Domain.Training;"));
        Assert.Equal(["Storage"], ViolationsIn("Factorization", "var store = new MovieRecommender.Domain.Storage.Store();"));
    }

    static IEnumerable<string> ViolationsIn(string room, string code)
        => Room().Matches(code).Select(match => match.Groups["room"].Value).Distinct(StringComparer.Ordinal)
            .Where(other => other != room && !Allowed[room].Contains(other, StringComparer.Ordinal) && (Allowed.ContainsKey(other) || other == "Boot"));

    [GeneratedRegex(@"MovieRecommender\.Domain\.(?<room>\w+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Room();
}
