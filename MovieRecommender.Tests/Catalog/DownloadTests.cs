using System.Net;
using System.Security.Cryptography;
using System.Text;
using MovieRecommender.Domain;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Catalog;
using MovieRecommender.Domain.Catalog.MovieLens;
using MovieRecommender.Domain.Imports;
using MovieRecommender.Tests.Imports;

namespace MovieRecommender.Tests.Catalog;

/// <summary>Downloads from a mirror on this machine: checked before use, fetched once, told as they go.</summary>
public sealed class DownloadTests : IAsyncLifetime
{
    readonly SmallData _data = new();
    readonly HttpListener _listener = new();
    readonly List<string> _asked = [];
    readonly Dictionary<string, byte[]> _files = [];
    byte[] _zip = [];
    Task _serving = Task.CompletedTask;
    bool _breakOff;

    string Mirror { get; set; } = "";

    public Task InitializeAsync()
    {
        _zip = File.ReadAllBytes(_data.Zip(SmallData.Under("ml-latest-small/", SmallData.Csv)));
        _files["/ml-latest-small.zip"] = _zip;
        Mirror = Listen();
        _serving = ServeAsync();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task AZipWithTheExpectedHashIsImportedAndKept()
    {
        await using var store = await NewStoreAsync(Convert.ToHexString(SHA256.HashData(_zip)));
        Assert.Equal(5, (await store.ImportAsync("ml-latest-small")).Ratings);
        Assert.Equal(5, (await store.ImportAsync("ml-latest-small")).Ratings);
        Assert.Equal(["/ml-latest-small.zip"], _asked);
        Assert.Equal(_zip, await File.ReadAllBytesAsync(Assert.Single(Directory.GetFiles(store.Paths.Downloads))));
    }

    [Fact]
    public async Task AKeptZipThatChangedIsFetchedAgain()
    {
        await using var store = await NewStoreAsync(Convert.ToHexString(SHA256.HashData(_zip)));
        Directory.CreateDirectory(store.Paths.Downloads);
        await File.WriteAllTextAsync(Path.Combine(store.Paths.Downloads, "ml-latest-small.zip"), "something else");
        Assert.Equal(5, (await store.ImportAsync("ml-latest-small")).Ratings);
        Assert.Single(_asked);
    }

    [Fact]
    public async Task ProgressIsTold()
    {
        await using var store = await NewStoreAsync(Convert.ToHexString(SHA256.HashData(_zip)));
        var told = new List<string>();
        using var data = await store.Get<DataSources>().OpenAsync("ml-latest-small", new Told<Wording>(step => told.Add(step.ToString())));
        Assert.Equal(["Downloading ml-latest-small", "Downloading ml-latest-small: 100%"], told);
    }

    [Fact]
    public Task AnyOtherZipIsRefused()
        => IsRefusedAsync("", $"SHA-256 is {Convert.ToHexStringLower(SHA256.HashData(_zip))} instead of 696d65a3dfceac7c45750ad32df2c259311949efec81f0f144fdfb91ebc9e436");

    [Fact]
    public Task ADownloadThatBreaksOffIsRefused()
    {
        _breakOff = true;
        return IsRefusedAsync("", "ml-latest-small could not be downloaded from http://");
    }

    [Fact]
    public Task AMirrorWithoutTheFileIsNamed()
    {
        Mirror += "elsewhere/";
        return IsRefusedAsync("", "404");
    }

    [Fact]
    public Task AMirrorThatIsNoAddressIsNamed()
    {
        Mirror = "my mirror";
        return IsRefusedAsync("", "Catalog:DownloadFrom is 'my mirror'");
    }

    [Theory]
    [InlineData("ml-25m", "{0}  ml-25m.zip\n")]
    [InlineData("ml-20m", "MD5 (ml-20m.zip) = {0}\n")]
    [InlineData("ml-latest", "{0}")]
    public async Task ASetWithoutAKnownHashIsCheckedByTheMd5BesideIt(string name, string published)
    {
        (_files[$"/{name}.zip"], _files[$"/{name}.zip.md5"]) = (_zip, Text(published, Md5Of(_zip)));
        await using var store = await NewStoreAsync("");
        Assert.Equal(5, (await store.ImportAsync(name)).Ratings);
        Assert.Equal([$"/{name}.zip.md5", $"/{name}.zip"], _asked);
        Assert.Equal(5, (await store.ImportAsync(name)).Ratings);
        Assert.Equal([$"/{name}.zip.md5", $"/{name}.zip", $"/{name}.zip.md5"], _asked);
    }

    [Theory]
    [InlineData("ml-100k", "HundredK")]
    [InlineData("ml-1m", "Dat")]
    [InlineData("ml-10m", "Dat")]
    [InlineData("ml-32m", "Csv")]
    public async Task EverySetIsReadInItsOwnLayout(string name, string layout)
    {
        using var data = new SmallData();
        var zip = await File.ReadAllBytesAsync(data.Zip(SmallData.Under("ml-any/", layout switch { "HundredK" => SmallData.HundredK, "Dat" => SmallData.Dat, _ => SmallData.Csv })));
        (_files[$"/{name}.zip"], _files[$"/{name}.zip.md5"]) = (zip, Text("{0}", Md5Of(zip)));
        await using var store = await NewStoreAsync("");
        Assert.Equal(5, (await store.ImportAsync(name)).Ratings);
    }

    [Theory]
    [InlineData("nothing of use", "ml-1m.zip.md5 holds no MD5. Give the hash that ml-1m must have.")]
    [InlineData("00000000000000000000000000000000", "is not the ml-1m that is published: its MD5 is ")]
    [InlineData(null, "ml-1m.zip.md5 cannot be had (404), so there is nothing to check ml-1m by. Give the hash that it must have.")]
    public Task WhatDoesNotFitTheMd5BesideItIsRefused(string? published, string said)
    {
        _files["/ml-1m.zip"] = _zip;
        if (published is not null) _files["/ml-1m.zip.md5"] = Text(published, "");
        return IsRefusedAsync("", said, "ml-1m");
    }

    [Fact]
    public async Task AHashThatIsGivenDecidesAndIsCheckedItself()
    {
        _files["/ml-1m.zip"] = _zip;
        await using var store = await NewStoreAsync(new string('0', 64));
        foreach (var hash in new[] { Convert.ToHexString(SHA256.HashData(_zip)), Md5Of(_zip) })
            (await store.Get<DataSources>().OpenAsync("ml-1m", hash: hash)).Dispose();
        Assert.Equal(["/ml-1m.zip"], _asked);
        var wrong = await Assert.ThrowsAsync<WrongDownloadException>(() => store.Get<DataSources>().OpenAsync("ml-1m", hash: new string('a', 32)));
        Assert.Contains($"that was asked for: its MD5 is {Md5Of(_zip)} instead of aaaa", wrong.Message, StringComparison.Ordinal);
        Assert.False(wrong.MayBeReissued);
    }

    [Fact]
    public async Task TermsAreAcceptedBeforeAnythingIsFetched()
    {
        await using var store = await NewStoreAsync("");
        var before = store.Dump();
        foreach (var known in KnownDataSets.All)
        {
            var error = await Assert.ThrowsAsync<InvalidInputException>(() => store.Get<ImportService>().RequestAsync(Caller.Operator, known.Name));
            Assert.StartsWith($"The terms are not accepted. {known.Name} may be used for research.", error.Message, StringComparison.Ordinal);
        }
        var hash = await Assert.ThrowsAsync<InvalidInputException>(() => store.Get<ImportService>().RequestAsync(Caller.Operator, "ml-1m", download: new(AcceptTerms: true, "abc")));
        Assert.Equal("hash is 'abc'; allowed is an MD5 (32 hex digits) or a SHA-256 (64).", hash.Message);
        Assert.Equal(before, store.Dump());
        Assert.Empty(_asked);
    }

    [Fact]
    public async Task ALatestSetThatWasIssuedAnewIsImportedOnceAnAdminConfirmsIt()
    {
        await using var store = await NewStoreAsync("");
        var failed = await CarryOutAsync(store, new(AcceptTerms: true));
        Assert.Equal((ImportState.Failed, Convert.ToHexStringLower(SHA256.HashData(_zip))), (failed.State, failed.Reissued));
        Assert.Contains("if you trust it, import it again with its SHA-256", failed.Outcome, StringComparison.Ordinal);
        Assert.Equal(0, store.Count("SELECT COUNT(*) FROM Ratings"));
        var confirmed = await CarryOutAsync(store, new(AcceptTerms: true, failed.Reissued));
        Assert.Equal((ImportState.Done, null), (confirmed.State, confirmed.Reissued));
        Assert.Contains((await store.Get<AdminActions>().ListAsync(Caller.Operator)), line => line is { What: "asked for an import of", On: "ml-latest-small, accepting its terms" });

        // Between the two requests another file came: the confirmation was not meant for that one.
        _files["/ml-latest-small.zip"] = [.. _zip, 0];
        File.Delete(Assert.Single(Directory.GetFiles(store.Paths.Downloads)));
        Assert.Equal(ImportState.Failed, (await CarryOutAsync(store, new(AcceptTerms: true, failed.Reissued))).State);
    }

    public async Task DisposeAsync()
    {
        _listener.Close();
        await _serving;
        _data.Dispose();
    }

    Task<TestStore> NewStoreAsync(string sha256) => TestStore.CreateAsync($"Catalog:DownloadFrom={Mirror}", $"Catalog:Sha256={sha256}");

    static async Task<ImportJob> CarryOutAsync(TestStore store, DownloadChoice choice)
    {
        var job = await store.Get<ImportService>().RequestAsync(Caller.Operator, "ml-latest-small", download: choice);
        await store.Get<ImportWorker>().CarryOutAsync(job, CancellationToken.None);
        return await store.Get<ImportService>().GetAsync(Caller.Operator, job.Id);
    }

    static string Md5Of(byte[] zip) => Convert.ToHexStringLower(CryptographicOperations.HashData(HashAlgorithmName.MD5, zip));

    static byte[] Text(string format, string md5) => Encoding.ASCII.GetBytes(format.Replace("{0}", md5, StringComparison.Ordinal));

    async Task IsRefusedAsync(string sha256, string said, string name = "ml-latest-small")
    {
        await using var store = await NewStoreAsync(sha256);
        var before = store.Dump();
        var error = await Assert.ThrowsAnyAsync<InvalidInputException>(() => store.ImportAsync(name));
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.Equal(before, store.Dump());
        Assert.False(Directory.Exists(store.Paths.Downloads) && Directory.EnumerateFiles(store.Paths.Downloads).Any(), "A file that was refused stayed behind.");
    }

    /// <summary>HttpListener cannot choose a port itself, so ports are asked for until one is free.</summary>
    string Listen()
    {
        while (true)
        {
            using var probe = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
            probe.Start();
            var address = $"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}/";
            probe.Stop();
            _listener.Prefixes.Clear();
            _listener.Prefixes.Add(address);
            try
            {
                _listener.Start();
                return address;
            }
            catch (HttpListenerException)
            {
                // Someone else took the port in between.
            }
        }
    }

    async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception error) when (error is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
            _asked.Add(context.Request.Url!.AbsolutePath);
            if (!_files.TryGetValue(context.Request.Url.AbsolutePath, out var file))
            {
                context.Response.StatusCode = 404;
                context.Response.Close();
                continue;
            }
            context.Response.ContentLength64 = file.Length;
            await context.Response.OutputStream.WriteAsync(_breakOff ? file.AsMemory(0, file.Length / 2) : file);
            await context.Response.OutputStream.FlushAsync();
            if (_breakOff) context.Response.Abort();
            else context.Response.Close();
        }
    }
}
