using System.Net;
using System.Security.Cryptography;
using MovieRecommender.Domain;
using MovieRecommender.Domain.Catalog;
using MovieRecommender.Tests.Imports;

namespace MovieRecommender.Tests.Catalog;

/// <summary>Downloads from a mirror on this machine: checked before use, fetched once, told as they go.</summary>
public sealed class DownloadTests : IAsyncLifetime
{
    readonly SmallData _data = new();
    readonly HttpListener _listener = new();
    readonly List<string> _asked = [];
    byte[] _zip = [];
    Task _serving = Task.CompletedTask;
    bool _breakOff;

    string Mirror { get; set; } = "";

    public Task InitializeAsync()
    {
        _zip = File.ReadAllBytes(_data.Zip(SmallData.Under("ml-latest-small/", SmallData.Csv)));
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

    public async Task DisposeAsync()
    {
        _listener.Close();
        await _serving;
        _data.Dispose();
    }

    Task<TestStore> NewStoreAsync(string sha256) => TestStore.CreateAsync($"Catalog:DownloadFrom={Mirror}", $"Catalog:Sha256={sha256}");

    async Task IsRefusedAsync(string sha256, string said)
    {
        await using var store = await NewStoreAsync(sha256);
        var before = store.Dump();
        var error = await Assert.ThrowsAsync<InvalidInputException>(() => store.ImportAsync("ml-latest-small"));
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
            if (context.Request.Url.AbsolutePath != "/ml-latest-small.zip")
            {
                context.Response.StatusCode = 404;
                context.Response.Close();
                continue;
            }
            context.Response.ContentLength64 = _zip.Length;
            await context.Response.OutputStream.WriteAsync(_breakOff ? _zip.AsMemory(0, _zip.Length / 2) : _zip);
            await context.Response.OutputStream.FlushAsync();
            if (_breakOff) context.Response.Abort();
            else context.Response.Close();
        }
    }
}
