using System.Net;
using System.Net.Sockets;
using MovieRecommender.Tests.Imports;

namespace MovieRecommender.Tests.App;

/// <summary>What cannot work is said in one line that names the value and what is allowed, with the right exit code, and nothing is changed.</summary>
public sealed class BadStartTests : IDisposable
{
    readonly SmallData _data = new();
    readonly string _store = AppProcess.NewStore();

    [Theory]
    [InlineData("There is no data source 'nonsense'. Allowed are 'demo', 'ml-latest-small', 'ml-100k', 'ml-1m', 'ml-10m', 'ml-20m', 'ml-25m', 'ml-32m', 'ml-latest', or the path", "--Catalog:Source=nonsense")]
    [InlineData("There is no data source '/no/such/folder'", "--Catalog:Source=/no/such/folder")]
    [InlineData("Training:Schedule is 'every now and then'; allowed is a cron expression", "--Training:Schedule=every now and then")]
    [InlineData("Training:TimeZone is 'Middle-Earth'; allowed is an IANA time zone", "--Training:TimeZone=Middle-Earth")]
    [InlineData("Training:AfterChanges is -1; allowed is 0", "--Training:AfterChanges=-1")]
    [InlineData("'many' at 'Training:AfterChanges'", "--Training:AfterChanges=many")]
    [InlineData("Training:Algorithms names 'magic'; allowed are popularity", "--Training:Algorithms:0=magic")]
    [InlineData("OpenIdConnect:Authority is 'http://example.org'; allowed is an https address", "--OpenIdConnect:Authority=http://example.org")]
    [InlineData("OpenIdConnect:ClientId is empty", "--OpenIdConnect:Authority=https://example.org")]
    [InlineData("Mail:Host is 'smtp://mail.example.org'; allowed is the name or IP address", "--Mail:Host=smtp://mail.example.org")]
    [InlineData("Mail:Port is 0; allowed is 1 to 65535", "--Mail:Host=mail.example.org", "--Mail:Port=0")]
    [InlineData("Mail:User is 'movies' and Mail:Password is empty; allowed are both or neither", "--Mail:Host=mail.example.org", "--Mail:User=movies")]
    [InlineData("Mail:User is '' and Mail:Password is set; allowed are both or neither", "--Mail:Host=mail.example.org", "--Mail:Password=secret")]
    [InlineData("Mail:From is 'Movies'; allowed is an address such as movies@example.org", "--Mail:Host=mail.example.org", "--Mail:From=Movies")]
    [InlineData("Mail:Site is ''; allowed is the address people open this app at", "--Mail:Host=mail.example.org", "--Mail:From=movies@example.org")]
    [InlineData("Imports:MostRows is 5; allowed is 1,000 to 2,000,000,000 rows", "--Imports:MostRows=5")]
    [InlineData("Storage:Directory is empty", "--Storage:Directory=")]
    [InlineData("'http://192.0.2.1:0'", "--urls=http://192.0.2.1:0")]
    [InlineData("'nonsense'", "--urls=nonsense")]
    [InlineData("There is no algorithm 'no-such'; allowed are popularity", "train", "--data", "demo", "--algorithm", "no-such")]
    [InlineData("There is no data source 'nowhere'", "train", "--data", "nowhere")]
    [InlineData("There is no data source 'nowhere'", "import", "nowhere")]
    [InlineData("There is no hold-out file 'nowhere'", "evaluate", "--data", "demo", "--task", "rating", "--holdout", "nowhere")]
    [InlineData("There is no store in '/no/such/store'", "backup", "backup.zip", "--Storage:Directory=/no/such/store")]
    [InlineData("n is 0; allowed is 1 to 100", "recommend", "--rate", "Alien=5", "-n", "0")]
    [InlineData("'Alien' is not TITLE=STARS", "recommend", "--rate", "Alien")]
    [InlineData("No account has the address 'nobody@example.org'", "tokens", "add", "nobody@example.org")]
    [InlineData("No password came on standard input", "users", "add", "a@example.org", "--password-stdin")]
    public Task OfAValue(string said, params string[] arguments) => FailsAsync(1, said, arguments);

    [Theory]
    [InlineData("no-such-verb", "no-such-verb")]
    [InlineData("--no-such-option", "train", "--no-such-option")]
    [InlineData("--task", "evaluate", "--data", "demo", "--holdout", "rows.txt")]
    [InlineData("guess", "evaluate", "--data", "demo", "--holdout", "rows.txt", "--task", "guess")]
    [InlineData("source", "import")]
    [InlineData("many", "recommend", "--rate", "Alien=5", "-n", "many")]
    public Task OfTheUsage(string said, params string[] arguments) => FailsAsync(2, said, arguments);

    [Theory]
    [InlineData("user,film,stars\n1,1,4\n", "ratings.csv starts with 'user,film,stars', not with 'userId,movieId,rating,timestamp'")]
    [InlineData("userId,movieId,rating,timestamp\n1,1,good,1\n", "ratings.csv, line 2, column rating: 'good' is not a number")]
    [InlineData("userId,movieId,rating,timestamp\n1,1,7,1\n", "ratings.csv, line 2, column rating: '7' is not between 0.5 and 5 in halves")]
    public async Task OfData(string ratings, string said)
    {
        var source = _data.Folder(SmallData.CsvWith("ratings.csv", ratings));
        await FailsAsync(1, said, $"--Catalog:Source={source}");
        await FailsAsync(1, said, "import", source);
        await FailsAsync(1, said, "train", "--data", source);
    }

    [Fact]
    public async Task OfABackupThatCannotBeWritten()
    {
        var (exit, _, error) = await AppProcess.RunAsync(["tokens", "add", "nobody@example.org", $"--Storage:Directory={_store}"]);
        Assert.True(exit == 1, error);
        await FailsAsync(1, "there is no folder '/no/such/folder'", "backup", "/no/such/folder/b.zip");
        await FailsAsync(1, "has no name", "backup", "");
    }

    [Fact]
    public async Task OfRowsToHoldOutThatWereRejected()
    {
        var source = _data.Folder(SmallData.CsvWith("ratings.csv", "userId,movieId,rating,timestamp\n1,1,9,1\n1,1,4,1\n1,2,3,1\n"));
        var rows = Path.Combine(source, "rows.txt");
        await File.WriteAllTextAsync(rows, "0\n");
        var (exit, output, error) = await AppProcess.RunAsync(["evaluate", "--data", source, "--task", "rating", "--holdout", rows, "--algorithm", "popularity"]);
        Assert.True(exit == 1, output);
        Assert.Contains("names only rows that were rejected, such as row 0", error, StringComparison.Ordinal);
        Assert.Contains("Rejected rows, neither learnt from nor scored: 1.", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OfAZipThatIsNotMovieLens()
    {
        var source = _data.Zip(("letter.txt", "Dear all"));
        await FailsAsync(1, "holds no MovieLens data", $"--Catalog:Source={source}");
        await FailsAsync(1, "holds no MovieLens data", "import", source);
    }

    [Fact]
    public async Task OfAFolderThatCannotBeWritten()
    {
        // Below a file there can be no folder, not even for root.
        var below = Path.Combine(_data.Folder(SmallData.Csv), "ratings.csv", "store");
        await FailsAsync(1, $"Storage:Directory '{below}' cannot be written", $"--Storage:Directory={below}");
        await FailsAsync(1, $"Storage:Directory '{below}' cannot be written", "import", "demo", $"--Storage:Directory={below}");
    }

    [Fact]
    public async Task OfADatabaseThatIsNone()
    {
        var file = Path.Combine(_store, "movierecommender.db");
        await File.WriteAllTextAsync(file, new string('?', 5000));
        await FailsAsync(1, "movierecommender.db");
        Assert.Equal(new string('?', 5000), await File.ReadAllTextAsync(file));
    }

    [Fact]
    public async Task OfAPortInUse()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var url = $"http://127.0.0.1:{((IPEndPoint)taken.LocalEndpoint).Port}";
        await FailsAsync(1, url, "--urls", url);
    }

    [Fact]
    public async Task OfATitleThatMatchesNothing()
    {
        var (exit, _, error) = await AppProcess.RunAsync(["import", "demo", $"--Storage:Directory={_store}"]);
        Assert.True(exit == 0, error);
        await FailsAsync(1, "No film is called 'Alein (1979)'. Did you mean 'Alien (1979)'", "recommend", "--rate", "Alein (1979)=5");
        await FailsAsync(1, "No film is called 'Xyzzy'.", "recommend", "--rate", "Xyzzy=5");
        await FailsAsync(1, "stars is 7; allowed are 0.5 to 5 in halves", "recommend", "--rate", "Alien (1979)=7");
    }

    public void Dispose()
    {
        _data.Dispose();
        Directory.Delete(_store, recursive: true);
    }

    async Task FailsAsync(int exitCode, string said, params string[] arguments)
    {
        var before = Content();
        var (exit, output, error) = await AppProcess.RunAsync([.. arguments, .. Defaults(arguments)]);
        // Percentages of progress may stand before it; the reason is the last line and the only other one.
        var lines = error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.True(exit == exitCode, $"Exit code {exit}: {error}{output}");
        Assert.Contains(said, lines[^1], StringComparison.Ordinal);
        Assert.All(lines[..^1], line => Assert.Contains("%", line, StringComparison.Ordinal));
        Assert.Equal(before, Content());
    }

    /// <summary>The store of this test and a free port, unless the arguments are about those.</summary>
    IEnumerable<string> Defaults(string[] arguments)
    {
        if (!arguments.Any(argument => argument.StartsWith("--Storage:", StringComparison.Ordinal))) yield return $"--Storage:Directory={_store}";
        if (!arguments.Any(argument => argument.StartsWith("--urls", StringComparison.Ordinal))) yield return "--urls=http://127.0.0.1:0";
    }

    /// <summary>What is in the store.</summary>
    string Content()
    {
        var file = Path.Combine(_store, "movierecommender.db");
        return StoreFile.IsDatabase(file) && StoreFile.Count(file, "SELECT COUNT(*) FROM Movies") > 0
            ? $"{StoreFile.Count(file, "SELECT COUNT(*) FROM Ratings")} ratings, {StoreFile.Count(file, "SELECT COUNT(*) FROM TrainingRuns")} runs"
            : "nothing";
    }
}
