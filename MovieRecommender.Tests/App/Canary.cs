using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace MovieRecommender.Tests.App;

/// <summary>
/// The way out of every app that the tests start: all that leaves this machine is sent through it, as through a proxy.
/// It lets nothing out, and sings.
/// </summary>
static class Canary
{
    static readonly ConcurrentQueue<string> Heard = new();
    static readonly Lazy<string> Proxy = new(Start);

    /// <summary>First lines of what was asked for, such as <c>CONNECT example.org:443 HTTP/1.1</c>.</summary>
    public static IReadOnlyCollection<string> Song => Heard;

    public static IEnumerable<KeyValuePair<string, string?>> Environment =>
    [
        new("HTTP_PROXY", Proxy.Value), new("HTTPS_PROXY", Proxy.Value), new("ALL_PROXY", Proxy.Value), new("NO_PROXY", "127.0.0.1,localhost"),
        new("http_proxy", Proxy.Value), new("https_proxy", Proxy.Value), new("all_proxy", Proxy.Value), new("no_proxy", "127.0.0.1,localhost"),
    ];

    static string Start()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        _ = ListenAsync(listener);
        return $"http://{listener.LocalEndpoint}";
    }

    static async Task ListenAsync(TcpListener listener)
    {
        while (true)
        {
            using var client = await listener.AcceptTcpClientAsync();
            using var reader = new StreamReader(client.GetStream());
            if (await reader.ReadLineAsync() is { } line) Heard.Enqueue(line);
        }
    }
}
