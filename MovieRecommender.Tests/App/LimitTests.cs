using System.Net;
using System.Net.WebSockets;
using System.Text;

namespace MovieRecommender.Tests.App;

/// <summary>An app with small limits: each person and address is held to them, and nobody else is.</summary>
public sealed class LimitTests(TrainedStore trained) : IClassFixture<TrainedStore>, IAsyncLifetime
{
    const string Password = "a quiet seat at the back";
    const int Quota = 5;
    AppProcess _app = null!;

    public async Task InitializeAsync()
        => _app = await AppProcess.StartAsync(trained.Copy(), "--Accounts:Registration=open", $"--Limits:ApiPerMinute={Quota}", $"--Limits:SignInsPerMinute={Quota}", $"--Limits:SignUpsPerMinute={Quota}",
            $"--Limits:GuestsPerMinute={Quota}", $"--Limits:PagesPerMinute={Quota}", $"--Limits:OpenPages={Quota}", "--Training:Schedule=", "--Training:AfterChanges=0");

    [Fact]
    public async Task TheApiSaysHowMuchIsLeftAndWhenToComeBack()
    {
        using var client = _app.NewClient();
        using var first = await client.GetAsync("/api/v1/movies/1");
        Assert.Equal($"\"api\";q={Quota};w=60", Assert.Single(first.Headers.GetValues("RateLimit-Policy")));
        Assert.Equal($"\"api\";r={Quota - 1}", Assert.Single(first.Headers.GetValues("RateLimit")));
        using var refused = await UntilRefusedAsync(() => client.GetAsync("/api/v1/movies/1"));
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        Assert.Equal("application/problem+json", refused.Content.Headers.ContentType?.MediaType);
        Assert.Contains("Too many requests", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        // A member at the same address has a quota of their own.
        using var member = _app.NewClient();
        using (var signedUp = await member.SignUpAsync("member@example.org", Password)) Assert.Equal(HttpStatusCode.Found, signedUp.StatusCode);
        using var theirs = await member.GetAsync("/api/v1/me/ratings");
        Assert.Equal(HttpStatusCode.OK, theirs.StatusCode);
    }

    [Theory]
    [InlineData("/account/sign-in")]
    [InlineData("/account/sign-up")]
    [InlineData("/account/forgot")]
    [InlineData("/setup")]
    [InlineData("/guest")]
    public async Task SigningInUpAndGuestsAreLimitedByAddress(string path)
    {
        using var refused = await UntilRefusedAsync(async () =>
        {
            using var client = _app.NewClient();
            return await client.PostAsync(path, null);
        });
        Assert.NotNull(refused.Headers.RetryAfter);
    }

    [Fact]
    public async Task PagesAreLimitedByAddressButNotForMembers()
    {
        using var member = _app.NewClient();
        using (var signedUp = await member.SignUpAsync("reader@example.org", Password)) Assert.Equal(HttpStatusCode.Found, signedUp.StatusCode);
        using var client = _app.NewClient();
        using var refused = await UntilRefusedAsync(() => client.GetAsync("/browse"));
        Assert.NotNull(refused.Headers.RetryAfter);
        // Neither what a page is made of nor a member's own pages wait.
        using var asset = await client.GetAsync("/tokens.css");
        Assert.Equal(HttpStatusCode.OK, asset.StatusCode);
        using var theirs = await member.GetAsync("/browse");
        Assert.Equal(HttpStatusCode.OK, theirs.StatusCode);
    }

    [Fact]
    public async Task AnAddressKeepsNoMoreThanItsOpenPages()
    {
        var open = new List<ClientWebSocket>();
        try
        {
            for (var i = 0; i < Quota; i++) open.Add(await ConnectAsync());
            using var tooMany = new ClientWebSocket();
            tooMany.Options.CollectHttpResponseDetails = true;
            await Assert.ThrowsAsync<WebSocketException>(() => tooMany.ConnectAsync(Circuits, CancellationToken.None));
            Assert.Equal(HttpStatusCode.TooManyRequests, tooMany.HttpStatusCode);

            open[0].Abort();
            await AppProcess.UntilAsync(async () =>
            {
                try
                {
                    open.Add(await ConnectAsync());
                    return true;
                }
                catch (WebSocketException)
                {
                    return false;
                }
            });
        }
        finally
        {
            foreach (var page in open) page.Dispose();
        }
    }

    /// <summary>In the pages' own protocol: a call of a method that does not exist is answered, until it is too large to be read at all.</summary>
    [Fact]
    public async Task AMessageBeyondTheLimitEndsItsConnection()
    {
        using var page = await ConnectAsync();
        await page.SendAsync("{\"protocol\":\"blazorpack\",\"version\":1}\u001e"u8.ToArray(), WebSocketMessageType.Binary, true, CancellationToken.None);
        Assert.Equal("{}\u001e", Encoding.UTF8.GetString((await ReceiveAsync(page))!));
        await page.SendAsync(Call(31 << 10), WebSocketMessageType.Binary, true, CancellationToken.None);
        Assert.NotNull(await ReceiveAsync(page, IsAnswer));
        await page.SendAsync(Call(33 << 10), WebSocketMessageType.Binary, true, CancellationToken.None);
        Assert.Null(await ReceiveAsync(page, IsAnswer));

        static bool IsAnswer(byte[] message) => Encoding.UTF8.GetString(message).Contains("Nothing", StringComparison.Ordinal);
    }

    /// <summary>[1, {}, "7", "Nothing", [a text of so many bytes], []] in MessagePack, after its length.</summary>
    static byte[] Call(int size)
    {
        byte[] message = [0x96, 0x01, 0x80, 0xA1, (byte)'7', 0xA7, .. "Nothing"u8, 0x91, 0xDA, (byte)(size >> 8), (byte)size, .. Enumerable.Repeat((byte)'x', size), 0x90];
        return [(byte)(message.Length | 0x80), (byte)((message.Length >> 7) | 0x80), (byte)(message.Length >> 14), .. message];
    }

    /// <returns>The next message that is wanted, or null when the connection has ended.</returns>
    static async Task<byte[]?> ReceiveAsync(ClientWebSocket page, Func<byte[], bool>? wanted = null)
    {
        var buffer = new byte[1 << 16];
        while (true)
        {
            try
            {
                var received = await page.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
                if (received.MessageType == WebSocketMessageType.Close) return null;
                var message = buffer[..received.Count];
                if (wanted?.Invoke(message) ?? true) return message;
            }
            catch (WebSocketException)
            {
                return null;
            }
        }
    }

    public async Task DisposeAsync() => await _app.DisposeAsync();

    Uri Circuits => new UriBuilder(new Uri(_app.Address, "/_blazor")) { Scheme = "ws" }.Uri;

    async Task<ClientWebSocket> ConnectAsync()
    {
        var page = new ClientWebSocket();
        await page.ConnectAsync(Circuits, CancellationToken.None);
        return page;
    }

    /// <summary>Asks a few times more than the quota: the minute may turn meanwhile, but not for long.</summary>
    static async Task<HttpResponseMessage> UntilRefusedAsync(Func<Task<HttpResponseMessage>> ask)
    {
        for (var i = 0; i < 3 * Quota; i++)
        {
            var answer = await ask();
            if (answer.StatusCode == HttpStatusCode.TooManyRequests) return answer;
            answer.Dispose();
        }
        throw new InvalidOperationException($"{3 * Quota} requests were all answered.");
    }
}
