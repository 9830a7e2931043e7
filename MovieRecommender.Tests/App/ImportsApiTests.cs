using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace MovieRecommender.Tests.App;

/// <summary>Imports over HTTP, with ids of their own so that the demo stays as it is.</summary>
[Collection(DemoAppTests.Name)]
public sealed class ImportsApiTests(DemoApp demo)
{
    const string Imports = "/api/v1/admin/imports";
    const string Movies = "movieId,title,genres\n900001,Lanterns (1999),Drama\n900002,Harbour (1954),Film-Noir\n";

    const string Ratings = "userId,movieId,rating,timestamp\n"
        + "900001,900001,4.5,1000000001\n"
        + "900001,900002,=HYPERLINK(1),1000000002\n"
        + "900002,900001,9,1000000003\n"
        + "900002,900002,3.0,1000000004\n"
        + "900003,999999,3.0,1000000005\n"
        + "900003,900001,3.0\n"
        + "@cmd,900001,3.0,1000000006\n"
        + "900003,900002,1.0,1000000007\n";

    [Fact]
    public async Task AnUploadedZipArrivesAndTheLinesOfItsBrokenRowsComeBack()
    {
        using var admin = demo.App.NewClient(demo.AdminToken);
        using var answer = await admin.PostAsync(Imports, Form("../évil.zip", Zip()));
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var job = await OverAsync(admin, answer.Headers.Location);
        Assert.Equal(("done", 100, 3), (job["state"]!.GetValue<string>(), job["percent"]!.GetValue<int>(), job["rows"]!.GetValue<int>()));
        Assert.Equal(("évil.zip", 2, 3), (job["source"]!.GetValue<string>(), job["films"]!.GetValue<int>(), job["changed"]!.GetValue<int>()));
        Assert.Equal(
            ["3 rating", "4 rating", "6 movieId", "7 timestamp", "8 userId"],
            job["errors"]!.AsArray().Select(bad => $"{bad!["line"]} {bad["column"]}"));

        using var film = await admin.GetAsync("/api/v1/movies/900001");
        Assert.Equal(HttpStatusCode.OK, film.StatusCode);
        var csv = await admin.GetStringAsync($"{answer.Headers.Location}/rejected.csv");
        Assert.Equal(6, csv.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("ratings.csv,4,rating,'9' is not between 0.5 and 5 in halves", csv, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ASourceIsNamedInJson()
    {
        using var admin = demo.App.NewClient(demo.AdminToken);
        using var answer = await admin.PostAsJsonAsync(Imports, new { source = "demo" });
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var job = await OverAsync(admin, answer.Headers.Location);
        Assert.Equal(("done", 0), (job["state"]!.GetValue<string>(), job["changed"]!.GetValue<int>()));
        Assert.Equal(job["id"]!.GetValue<int>(), (await admin.GetFromJsonAsync<JsonArray>(Imports))![0]!["id"]!.GetValue<int>());
    }

    [Theory]
    [InlineData("{\"source\":\"nowhere\"}", "There is no data source 'nowhere'")]
    [InlineData("{\"source\":\"file:///etc/passwd\"}", "There is no data source")]
    [InlineData("{}", "source is missing")]
    public async Task ABadSourceIsNamed(string body, string said)
    {
        using var admin = demo.App.NewClient(demo.AdminToken);
        await AssertRefusedAsync(admin, new StringContent(body, Encoding.UTF8, "application/json"), HttpStatusCode.BadRequest, said);
    }

    [Fact]
    public async Task ABadUploadIsRefused()
    {
        using var admin = demo.App.NewClient(demo.AdminToken);
        await AssertRefusedAsync(admin, Form("x.zip", Zip()[..60]), HttpStatusCode.BadRequest, "is not a zip file");
        await AssertRefusedAsync(admin, Form("x.csv", "a,b\n"u8.ToArray()), HttpStatusCode.BadRequest, "its first line is 'a,b'");
        await AssertRefusedAsync(admin, new MultipartFormDataContent { { new StringContent("x"), "other" } }, HttpStatusCode.BadRequest, "no part named 'file'");
        await AssertRefusedAsync(admin, new StringContent("<a/>", Encoding.UTF8, "application/xml"), HttpStatusCode.UnsupportedMediaType, "is not read here");
        // The last boundary is missing: the sender went away.
        var cut = new ByteArrayContent(Encoding.UTF8.GetBytes($"--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"r.csv\"\r\n\r\n{Movies}"));
        cut.Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data; boundary=b");
        await AssertRefusedAsync(admin, cut, HttpStatusCode.BadRequest, "ended early");
    }

    [Fact]
    public async Task OnlyAdminsMaySendAnything()
    {
        using var nobody = demo.App.NewClient();
        await AssertRefusedAsync(nobody, Form("x.zip", Zip()), HttpStatusCode.Unauthorized, "Sign in");
        using var guest = demo.App.NewClient();
        using var begun = await guest.PostAsync("/guest", null);
        await AssertRefusedAsync(guest, Form("x.zip", Zip()), HttpStatusCode.Forbidden, "admins only");
    }

    static MultipartFormDataContent Form(string name, byte[] content) => new() { { new ByteArrayContent(content), "file", name } };

    static byte[] Zip()
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, text) in new[] { ("movies.csv", Movies), ("ratings.csv", Ratings) })
            {
                using var entry = zip.CreateEntry(name).Open();
                entry.Write(Encoding.UTF8.GetBytes(text));
            }
        }
        return bytes.ToArray();
    }

    static async Task<JsonObject> OverAsync(HttpClient admin, Uri? address)
    {
        var job = new JsonObject();
        await AppProcess.UntilAsync(async () => (job = (await admin.GetFromJsonAsync<JsonObject>(address))!)["state"]!.GetValue<string>() is not ("queued" or "running"));
        return job;
    }

    static async Task AssertRefusedAsync(HttpClient client, HttpContent body, HttpStatusCode status, string said)
    {
        using (body)
        {
            using var answer = await client.PostAsync(Imports, body);
            var problem = await answer.Content.ReadAsStringAsync();
            Assert.True(answer.StatusCode == status, $"{answer.StatusCode} {problem}");
            Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
            Assert.Contains(said, JsonNode.Parse(problem)!["detail"]?.GetValue<string>() ?? problem, StringComparison.Ordinal);
        }
    }
}
