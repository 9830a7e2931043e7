namespace MovieRecommender.Tests;

/// <summary>Where the tests find the repository they belong to, and the real data beside it.</summary>
static class Repository
{
    public static string Root { get; } = Find();

    /// <summary>The program as <c>dotnet run</c> starts it, of the same configuration as these tests.</summary>
    public static string Program { get; } = Path.Combine(Root, "MovieRecommender.Web", "bin",
        AppContext.BaseDirectory.Contains($"{Path.DirectorySeparatorChar}Release{Path.DirectorySeparatorChar}", StringComparison.Ordinal) ? "Release" : "Debug",
        "net10.0", "MovieRecommender.Web.dll");

    static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "MovieRecommender.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException($"No MovieRecommender.sln above {AppContext.BaseDirectory}.");
    }
}
