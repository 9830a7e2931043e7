using System.Net;
using System.Net.Sockets;
using System.Text;
using MovieRecommender.Domain.Catalog;
using MovieRecommender.Domain.Catalog.MovieLens;

namespace MovieRecommender.Tests.Catalog;

/// <summary>The way out of the app, against a small server on this machine: where it may lead, how much may come and how long it may take.</summary>
public sealed class OutboundGuardTests : IDisposable
{
    readonly TcpListener _mirror = new(IPAddress.Loopback, 0);
    readonly TcpListener _elsewhere = new(IPAddress.Loopback, 0);

    public OutboundGuardTests()
    {
        _mirror.Start();
        _elsewhere.Start();
    }

    string Mirror => $"http://127.0.0.1:{PortOf(_mirror)}/sets/";

    [Fact]
    public async Task WhatTheMirrorHasIsFetchedAlsoFromAnotherOfItsFolders()
    {
        var answers = AnswerAsync(["HTTP/1.1 302 Found\r\nLocation: /new/ml.zip\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfilms"]);
        Assert.Equal("films", await FetchAsync(Mirror + "ml.zip"));
        Assert.Equal(["GET /sets/ml.zip HTTP/1.1", "GET /new/ml.zip HTTP/1.1"], await answers);
    }

    [Theory]
    [InlineData("http://localhost:{0}/", "")]
    // Allowed by name, but it is this machine; so is the mirror's own host by another port.
    [InlineData("http://localhost:{0}/", "localhost")]
    [InlineData("http://127.0.0.1:{0}/", "")]
    [InlineData("http://[::1]:{0}/", "[::1]")]
    [InlineData("http://169.254.169.254/latest/meta-data", "")]
    [InlineData("https://example.org/", "example.com")]
    [InlineData("ftp://127.0.0.1/", "")]
    [InlineData("file:///etc/passwd", "")]
    public async Task ItLeadsNowhereElse(string location, string redirectHosts)
    {
        var answers = AnswerAsync([$"HTTP/1.1 301 Moved\r\nLocation: {string.Format(null, location, PortOf(_elsewhere))}\r\nContent-Length: 0\r\n\r\n"]);
        var error = await Assert.ThrowsAsync<HttpRequestException>(() => FetchAsync(Mirror + "ml.zip", redirectHosts));
        Assert.Contains("it leads to", error.ToString(), StringComparison.Ordinal);
        Assert.False(_elsewhere.Pending());
        await answers;
    }

    [Fact]
    public async Task ItLeadsOnAFewTimesOnly()
    {
        var answers = AnswerAsync(Enumerable.Repeat("HTTP/1.1 302 Found\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n", 6));
        Assert.Contains("more than 5 times", (await Assert.ThrowsAsync<HttpRequestException>(() => FetchAsync(Mirror + "ml.zip"))).Message, StringComparison.Ordinal);
        await answers;
    }

    [Fact]
    public async Task AnAddressThatIsNotTheMirrorsIsNotAsked()
        => await Assert.ThrowsAsync<HttpRequestException>(() => FetchAsync($"http://localhost:{PortOf(_elsewhere)}/"));

    [Fact]
    public async Task AnHttpsMirrorDoesNotLeadToPlainHttp()
    {
        using var client = new HttpClient(new OutboundGuard(new() { DownloadFrom = "https://127.0.0.1/" }, OutboundLimits.Default));
        Assert.Contains("it leads to http://127.0.0.1", (await Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync(new Uri(Mirror)))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Content-Length: 100\r\n")]
    // Whoever does not say how much it is, is counted.
    [InlineData("Connection: close\r\n")]
    public async Task TooMuchIsStopped(string header)
    {
        var answers = AnswerAsync([$"HTTP/1.1 200 OK\r\n{header}\r\n{new string('x', 100)}"]);
        Assert.Contains("larger than 99 bytes", (await FailureAsync(new(99, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1)))).Message, StringComparison.Ordinal);
        await answers;
    }

    [Fact]
    public async Task WhatStallsIsGivenUp()
    {
        var answers = AnswerAsync(["HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"], hold: true);
        Assert.Contains("nothing came for", (await FailureAsync(new(1000, TimeSpan.FromMilliseconds(50), TimeSpan.FromMinutes(1)))).Message, StringComparison.Ordinal);
        await answers;
    }

    [Fact]
    public async Task WhatTakesTooLongIsGivenUp()
    {
        var answers = AnswerAsync(["HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"], hold: true);
        Assert.Contains("took longer than", (await FailureAsync(new(1000, TimeSpan.FromMinutes(1), TimeSpan.FromMilliseconds(50)))).Message, StringComparison.Ordinal);
        await answers;
    }

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("10.1.2.3", true)]
    [InlineData("172.31.255.255", true)]
    [InlineData("172.32.0.1", false)]
    [InlineData("192.168.0.9", true)]
    [InlineData("169.254.169.254", true)]
    [InlineData("100.64.0.1", true)]
    [InlineData("0.0.0.0", true)]
    [InlineData("255.255.255.255", true)]
    [InlineData("::1", true)]
    [InlineData("::ffff:10.0.0.1", true)]
    [InlineData("fd00::1", true)]
    [InlineData("fe80::1", true)]
    [InlineData("64:ff9b::7f00:1", true)]
    [InlineData("128.101.34.235", false)]
    [InlineData("2606:2800:220:1::1", false)]
    public void APrivateAddressIsKnown(string address, bool isPrivate) => Assert.Equal(isPrivate, OutboundGuard.IsPrivate(IPAddress.Parse(address)));

    public void Dispose()
    {
        _mirror.Dispose();
        _elsewhere.Dispose();
    }

    static int PortOf(TcpListener listener) => ((IPEndPoint)listener.LocalEndpoint).Port;

    HttpClient Client(OutboundLimits limits, string redirectHosts = "") => new(new OutboundGuard(new CatalogOptions { DownloadFrom = Mirror, RedirectHosts = redirectHosts }, limits));

    async Task<string> FetchAsync(string address, string redirectHosts = "")
    {
        using var client = Client(OutboundLimits.Default, redirectHosts);
        return await client.GetStringAsync(new Uri(address));
    }

    async Task<IOException> FailureAsync(OutboundLimits limits)
    {
        using var client = Client(limits);
        using var answer = await client.GetAsync(new Uri(Mirror + "ml.zip"), HttpCompletionOption.ResponseHeadersRead);
        await using var body = await answer.Content.ReadAsStreamAsync();
        return await Assert.ThrowsAsync<IOException>(() => body.CopyToAsync(Stream.Null));
    }

    /// <summary>Answers one request after the other, each on a connection of its own.</summary>
    /// <param name="hold">Keeps the last connection open until its other end lets go.</param>
    /// <returns>First lines of what was asked.</returns>
    async Task<List<string>> AnswerAsync(IEnumerable<string> answers, bool hold = false)
    {
        var asked = new List<string>();
        foreach (var answer in answers)
        {
            using var connection = await _mirror.AcceptTcpClientAsync();
            var stream = connection.GetStream();
            using var reader = new StreamReader(stream, leaveOpen: true);
            asked.Add((await reader.ReadLineAsync())!);
            while (await reader.ReadLineAsync() is { Length: > 0 }) { }
            await stream.WriteAsync(Encoding.ASCII.GetBytes(answer.Replace("\r\n\r\n", answer.Contains("Connection", StringComparison.Ordinal) ? "\r\n\r\n" : "\r\nConnection: close\r\n\r\n", StringComparison.Ordinal)));
            if (!hold) continue;
            try
            {
                while (await stream.ReadAsync(new byte[1]) > 0) { }
            }
            catch (IOException)
            {
                // Let go of, not politely.
            }
        }
        return asked;
    }
}
