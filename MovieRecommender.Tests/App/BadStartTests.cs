namespace MovieRecommender.Tests.App;

/// <summary>Bad input on the command line: one clear line, the right exit code.</summary>
public sealed class BadStartTests
{
    [Theory]
    [InlineData(1, "nonsense", "--Catalog:Source=nonsense")]
    [InlineData(1, "Training:Schedule", "--Training:Schedule=every now and then")]
    [InlineData(1, "no-such", "train", "--data", "demo", "--algorithm", "no-such")]
    [InlineData(1, "nowhere", "import", "nowhere")]
    [InlineData(2, "--task", "evaluate", "--data", "demo")]
    public async Task IsSaidInOneLine(int exitCode, string named, params string[] arguments)
    {
        var store = AppProcess.NewStore();
        var (exit, _, error) = await AppProcess.RunAsync([.. arguments, $"--Storage:Directory={store}", "--urls", "http://127.0.0.1:0"]);
        Assert.Equal(exitCode, exit);
        Assert.Contains(named, error, StringComparison.Ordinal);
        Directory.Delete(store, recursive: true);
    }
}
