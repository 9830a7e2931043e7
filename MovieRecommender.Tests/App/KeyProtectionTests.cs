using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;

namespace MovieRecommender.Tests.App;

/// <summary>The keys that seal cookies outlive the app, and are sealed themselves where a certificate is given.</summary>
public sealed class KeyProtectionTests(TrainedStore trained) : IClassFixture<TrainedStore>, IDisposable
{
    const string Secret = "of the certificate";
    readonly string _folder = Directory.CreateTempSubdirectory("movierecommender-keys-").FullName;
    readonly string _store = trained.Copy();

    [Fact]
    public async Task KeysOutliveTheAppAndACertificateSealsThemWithoutSigningAnybodyOut()
    {
        string cookie;
        await using (var app = await StartAsync())
        {
            using var browser = app.NewClient();
            using var guest = await browser.PostAsync("/guest", null);
            cookie = guest.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
            await app.KillAsync();
        }
        Assert.Equal(0, SealedKeys());

        foreach (var attempt in (string[])["sealed now", "read sealed"])
        {
            await using var app = await StartAsync($"--Keys:Certificate={Certificate()}", $"--Keys:Password={Secret}");
            Assert.True(await IsKnownAsync(app, cookie), attempt);
            await app.KillAsync();
            Assert.Equal(Count("SELECT COUNT(*) FROM DataProtectionKeys"), SealedKeys());
        }

        // Who has the store alone cannot read them, and so neither knows old cookies nor makes any.
        await using var thief = await StartAsync();
        Assert.False(await IsKnownAsync(thief, cookie));
    }

    [Fact]
    public async Task TheCheckTellsHowKeysLie()
    {
        await using (var open = await StartAsync())
        {
            var (state, says) = await KeysAsync(open);
            Assert.Equal("look", state);
            Assert.Contains("in the clear", says, StringComparison.Ordinal);
            await open.KillAsync();
        }
        await using var closed = await StartAsync($"--Keys:Certificate={Certificate()}", $"--Keys:Password={Secret}");
        var after = await KeysAsync(closed);
        Assert.Equal("fine", after.State);
        Assert.Contains("sealed by a certificate", after.Says, StringComparison.Ordinal);

        async Task<(string State, string Says)> KeysAsync(AppProcess app)
        {
            using (var browser = app.NewClient()) (await browser.PostAsync("/guest", null)).Dispose();
            using var program = app.NewClient(trained.AdminToken);
            var line = (await program.GetFromJsonAsync<JsonArray>("/api/v1/admin/check"))!.Single(line => line!["name"]!.GetValue<string>() == "Store and keys")!;
            return (line["state"]!.GetValue<string>(), line["says"]!.GetValue<string>());
        }
    }

    [Theory]
    [InlineData("nowhere.pfx", Secret, "cannot be read")]
    [InlineData("keys.pfx", "another", "cannot be read")]
    public async Task ACertificateThatCannotBeUsedIsSaidInOneLine(string file, string password, string said)
    {
        Certificate();
        var path = Path.Combine(_folder, file);
        var (exit, _, error) = await AppProcess.RunAsync(["serve", $"--Storage:Directory={_store}", "--urls=http://127.0.0.1:0", $"--Keys:Certificate={path}", $"--Keys:Password={password}"]);
        Assert.Equal(1, exit);
        Assert.StartsWith($"Keys:Certificate '{path}' {said}", error, StringComparison.Ordinal);
        Assert.Single(error.Trim().Split('\n'));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    Task<AppProcess> StartAsync(params IEnumerable<string> settings) => AppProcess.StartAsync(_store, ["--Training:Schedule=", "--Training:AfterChanges=0", .. settings]);

    string Certificate()
    {
        var path = Path.Combine(_folder, "keys.pfx");
        if (File.Exists(path)) return path;
        using var key = RSA.Create(2048);
        using var certificate = new CertificateRequest("CN=keys", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        File.WriteAllBytes(path, certificate.Export(X509ContentType.Pfx, Secret));
        return path;
    }

    static async Task<bool> IsKnownAsync(AppProcess app, string cookie)
    {
        using var browser = app.NewClient();
        browser.DefaultRequestHeaders.Add("Cookie", cookie);
        using var answer = await browser.GetAsync("/api/v1/me/ratings");
        return answer.StatusCode == HttpStatusCode.OK;
    }

    long SealedKeys() => Count("SELECT COUNT(*) FROM DataProtectionKeys WHERE Xml LIKE '%encryptedSecret%' AND Xml NOT LIKE '%<masterKey%'");

    long Count(string sql) => StoreFile.Count(Path.Combine(_store, "movierecommender.db"), sql);
}
