using System.Net;
using System.Net.Sockets;

namespace MovieRecommender.Domain.Catalog.MovieLens;

/// <summary>How much and how long a download may be.</summary>
/// <param name="Stall">The longest wait for the next byte.</param>
public sealed record OutboundLimits(long Bytes, TimeSpan Stall, TimeSpan Total)
{
    public static readonly OutboundLimits Default = new(2L << 30, TimeSpan.FromMinutes(1), TimeSpan.FromHours(2));
}

/// <summary>
/// The way out of the app: to the mirror that the settings name, and from there to hosts on the list only, never into a private network
/// that the mirror itself is not in. What comes back is capped in size and time.
/// </summary>
sealed class OutboundGuard : DelegatingHandler
{
    const int MostRedirects = 5;

    static readonly IPNetwork[] Private = [.. ((string[])[
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/3",
        "::/127", "64:ff9b::/96", "fc00::/7", "fe80::/9", "ff00::/8"]).Select(network => IPNetwork.Parse(network))];

    readonly Uri? _mirror;
    readonly HashSet<string> _hosts;
    readonly OutboundLimits _limits;

    public OutboundGuard(CatalogOptions options, OutboundLimits limits)
    {
        _limits = limits;
        _ = Uri.TryCreate(options.DownloadFrom, UriKind.Absolute, out _mirror);
        _hosts = new(options.RedirectHosts.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries), StringComparer.OrdinalIgnoreCase);
        if (_mirror is not null) _hosts.Add(_mirror.IdnHost);
        InnerHandler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectCallback = ConnectAsync };
    }

    /// <summary>Whether an address belongs to this machine or to a network that is not the internet.</summary>
    internal static bool IsPrivate(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        return Array.Exists(Private, network => network.Contains(address));
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        for (var redirects = 0; ; redirects++)
        {
            var address = request.RequestUri!;
            if (!IsAllowed(address)) throw new HttpRequestException($"it leads to {address.GetLeftPart(UriPartial.Authority)}, which Catalog:RedirectHosts does not allow");
            var response = await base.SendAsync(request, cancellationToken);
            if (response.Headers.Location is not { } location || (int)response.StatusCode is not (301 or 302 or 303 or 307 or 308)) return await CapAsync(response, cancellationToken);
            response.Dispose();
            if (redirects == MostRedirects) throw new HttpRequestException($"it leads on and on, more than {MostRedirects} times");
            request = new(HttpMethod.Get, new Uri(address, location));
        }
    }

    // Over plain HTTP only where the settings say so themselves.
    bool IsAllowed(Uri address) => _hosts.Contains(address.IdnHost) && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && _mirror?.Scheme == Uri.UriSchemeHttp));

    /// <summary>Connects to the very addresses that were looked at, so that a name cannot change its mind in between.</summary>
    async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var (to, request) = (context.DnsEndPoint, context.InitialRequestMessage);
        var asked = request.RequestUri!;
        var addresses = await Dns.GetHostAddressesAsync(to.Host, cancellationToken);
        // The mirror may be at home, and so may a proxy: it is told to connect, or is no host that was asked for.
        var isOther = request.Method != HttpMethod.Connect && string.Equals(to.Host, asked.IdnHost, StringComparison.OrdinalIgnoreCase) && asked.Authority != _mirror?.Authority;
        if (isOther && Array.Exists(addresses, IsPrivate)) throw new HttpRequestException($"it leads to {asked.Authority}, which is in a private network");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, to.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    async Task<HttpResponseMessage> CapAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var capped = new StreamContent(new CappedStream(await response.Content.ReadAsStreamAsync(cancellationToken), _limits));
        foreach (var (name, values) in response.Content.Headers) capped.Headers.TryAddWithoutValidation(name, values);
        response.Content = capped;
        return response;
    }

    /// <summary>Ends what is too large, too slow or too long.</summary>
    sealed class CappedStream(Stream inner, OutboundLimits limits) : Stream
    {
        readonly CancellationTokenSource _total = new(limits.Total);
        long _read;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => _read; set => throw new NotSupportedException(); }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _total.Token);
            patience.CancelAfter(limits.Stall);
            int read;
            try
            {
                read = await inner.ReadAsync(buffer, patience.Token);
            }
            catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
            {
                throw new IOException(_total.IsCancellationRequested ? $"it took longer than {limits.Total}" : $"nothing came for {limits.Stall}", error);
            }
            _read += read;
            return _read <= limits.Bytes ? read : throw new IOException($"it is larger than {limits.Bytes:N0} bytes");
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush() { }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                inner.Dispose();
                _total.Dispose();
            }
            base.Dispose(disposing);
        }
    }
}
