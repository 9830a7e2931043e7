using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;

namespace MovieRecommender.Tests.App;

/// <summary>Holes that other programs of this kind have had, one test each. An ownership check is in <c>AccountTests</c> and <c>HistoryServiceTests</c>.</summary>
[Collection(DemoAppTests.Name)]
public sealed class KnownHoleTests(DemoApp demo)
{
    [Fact]
    public async Task AnAddressInTheSourceFieldIsNeverFetched()
    {
        using var canary = new TcpListener(IPAddress.Loopback, 0);
        canary.Start();
        using var admin = demo.App.NewClient(demo.AdminToken);
        foreach (var source in new[] { $"http://127.0.0.1:{((IPEndPoint)canary.LocalEndpoint).Port}/ml-latest-small.zip", "file:///etc/passwd", "ftp://127.0.0.1/x.zip", @"\\127.0.0.1\share\x.zip" })
        {
            using var answer = await admin.PostAsJsonAsync("/api/v1/admin/imports", new { source });
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        }
        Assert.False(canary.Pending());
    }

    [Theory]
    [InlineData("../../{0}.zip")]
    [InlineData("/tmp/{0}.zip")]
    [InlineData("..\\..\\{0}.zip")]
    public async Task AnUploadsNameIsNoPath(string pattern)
    {
        var mark = $"escaped-{Guid.NewGuid():N}";
        using var admin = demo.App.NewClient(demo.AdminToken);
        using var form = new MultipartFormDataContent();
        form.Add(new ByteArrayContent(Ratings.HistoryFiles.Zip(("ratings.csv", "userId,movieId,rating,timestamp\n1,1,4.0,1000000000\n"))), "file", string.Format(null, pattern, mark));
        using var answer = await admin.PostAsync("/api/v1/admin/imports", form);
        Assert.Contains(answer.StatusCode, new[] { HttpStatusCode.Accepted, HttpStatusCode.BadRequest });
        Assert.Empty(Directory.EnumerateFiles(Path.GetTempPath(), $"*{mark}*"));
        Assert.Empty(Directory.EnumerateFiles(demo.App.Store, $"*{mark}*", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("http://127.0.0.1/backup.zip")]
    public async Task ABackupIsNotRestoredFromAnAddress(string source)
    {
        var (exit, _, error) = await AppProcess.RunAsync(["restore", source, $"--Storage:Directory={AppProcess.NewStore()}"]);
        Assert.Equal(1, exit);
        Assert.Contains(source, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SetUpIsClosedOnceItIsDone()
    {
        using var client = demo.App.NewClient();
        using var page = await client.GetAsync("/setup?code=0123456789abcdef0123456789abcdef");
        Assert.Equal(HttpStatusCode.NotFound, page.StatusCode);
        using var form = await client.PostAsync("/setup?code=0123456789abcdef0123456789abcdef", new FormUrlEncodedContent(
            [new("_handler", "setup"), new("Input.Email", "late@example.org"), new("Input.Password", "a quiet seat at the back")]));
        Assert.Contains(form.StatusCode, new[] { HttpStatusCode.BadRequest, HttpStatusCode.NotFound });
    }
}
