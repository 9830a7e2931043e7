using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;
using MimeKit;

namespace MovieRecommender.Tests.App;

/// <summary>A small mail server on this machine, which keeps the letters it is given.</summary>
public sealed class TestMail : IDisposable
{
    public const string Site = "https://movies.example.org";
    const string User = "movies";
    const string Password = "between the app and its mail";
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly Channel<MimeMessage> _letters = Channel.CreateUnbounded<MimeMessage>();

    public TestMail()
    {
        _listener.Start();
        _ = ListenAsync();
    }

    /// <summary>Whether it knows nobody.</summary>
    public bool Refuses { get; set; }

    /// <summary>Settings of an app that uses it.</summary>
    public string[] Settings =>
    [
        "--Mail:Host=127.0.0.1", $"--Mail:Port={((IPEndPoint)_listener.LocalEndpoint).Port}", $"--Mail:User={User}", $"--Mail:Password={Password}",
        "--Mail:From=Movies <movies@example.org>", $"--Mail:Site={Site}/",
    ];

    /// <summary>The next letter, in the order they came.</summary>
    public Task<MimeMessage> NextAsync() => _letters.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromMinutes(2));

    public void Dispose() => _listener.Dispose();

    async Task ListenAsync()
    {
        while (true)
        {
            using var client = await _listener.AcceptTcpClientAsync();
            await TalkAsync(client.GetStream());
        }
    }

    async Task TalkAsync(NetworkStream stream)
    {
        using var reader = new StreamReader(stream, Encoding.Latin1);
        await using var writer = new StreamWriter(stream, Encoding.Latin1) { NewLine = "\r\n", AutoFlush = true };
        await writer.WriteLineAsync("220 mail.example.org ESMTP");
        var known = false;
        while (await reader.ReadLineAsync() is { } line)
        {
            switch (line.Split(' ')[0].ToUpperInvariant())
            {
                case "EHLO":
                    await writer.WriteLineAsync("250-mail.example.org");
                    await writer.WriteLineAsync("250 AUTH PLAIN");
                    break;
                case "AUTH":
                    known = line == $"AUTH PLAIN {Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0{User}\0{Password}"))}";
                    await writer.WriteLineAsync(known ? "235 Welcome" : "535 Who are you?");
                    break;
                case "RCPT" when Refuses:
                    await writer.WriteLineAsync($"550 {line["RCPT TO:".Length..]} is nobody here");
                    break;
                case "DATA" when known:
                    await writer.WriteLineAsync("354 Go on");
                    await _letters.Writer.WriteAsync(await ReadAsync(reader));
                    await writer.WriteLineAsync("250 Kept");
                    break;
                case "QUIT":
                    await writer.WriteLineAsync("221 Bye");
                    return;
                default:
                    await writer.WriteLineAsync("250 Fine");
                    break;
            }
        }
    }

    static async Task<MimeMessage> ReadAsync(StreamReader reader)
    {
        var text = new StringBuilder();
        while (await reader.ReadLineAsync() is { } line && line != ".") text.Append(line.StartsWith('.') ? line[1..] : line).Append("\r\n");
        using var content = new MemoryStream(Encoding.Latin1.GetBytes(text.ToString()));
        return await MimeMessage.LoadAsync(content);
    }
}
