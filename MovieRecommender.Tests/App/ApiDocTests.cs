using System.Diagnostics;
using System.Text.RegularExpressions;
using MovieRecommender.Tests.Imports;

namespace MovieRecommender.Tests.App;

/// <summary>The lines of docs/api.md, run by a shell as they stand.</summary>
public sealed partial class ApiDocTests(TrainedStore trained) : IClassFixture<TrainedStore>
{
    [Fact]
    public async Task TheLinesWorkAsWritten()
    {
        using var data = new SmallData();
        await using var app = await AppProcess.StartAsync(trained.Copy(), "--Training:AfterChanges=0", "--Training:Schedule=", "--Serving:Enabled=true");
        await app.WaitUntilReadyAsync();
        var document = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "api.md"));
        var script = string.Concat(Block().Matches(document).Select(block => block.Groups["lines"].Value));

        var start = new ProcessStartInfo("bash") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var option in new[] { "-e", "-o", "pipefail" }) start.ArgumentList.Add(option);
        start.Environment["APP"] = app.Address.ToString().TrimEnd('/');
        start.Environment["TOKEN"] = trained.AdminToken;
        // Films and people of their own: the demo's stay as they are.
        start.Environment["DATA"] = data.Zip(("movies.csv", "movieId,title,genres\n900001,Lanterns (1999),Drama\n"), ("ratings.csv", "userId,movieId,rating,timestamp\n900001,900001,4.5,1\n900002,900001,9,1\n"));
        using var shell = Process.Start(start)!;
        var output = shell.StandardOutput.ReadToEndAsync();
        var error = shell.StandardError.ReadToEndAsync();
        await shell.StandardInput.WriteAsync(script);
        shell.StandardInput.Close();
        await shell.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(5));
        Assert.True(shell.ExitCode == 0, $"{await output}\n{await error}");

        var said = await output;
        Assert.Contains("\"line\":3,\"column\":\"rating\"", said, StringComparison.Ordinal);
        Assert.Contains("ratings.csv,3,rating,", said, StringComparison.Ordinal);
        Assert.Contains("\"state\":\"published\"", said, StringComparison.Ordinal);
        Assert.Contains("\"version\":1,\"live\":true", said, StringComparison.Ordinal);
        Assert.Matches("\"predictions\":\\[\\[0\\.\\d+\\],\\[0\\.\\d+\\]\\]", said);
        Assert.Matches("\"outputs\":\\[\\[0\\.\\d+\\],\\[0\\.\\d+\\]\\]", said);
        Assert.Contains("movierecommender_model_version", said, StringComparison.Ordinal);
        using var client = app.NewClient();
        Assert.Equal(1, await AppHealth.VersionAsync(client));
    }

    [GeneratedRegex("^```sh\n(?<lines>.*?)^```", RegexOptions.ExplicitCapture | RegexOptions.Singleline | RegexOptions.Multiline, 1000)]
    private static partial Regex Block();
}
