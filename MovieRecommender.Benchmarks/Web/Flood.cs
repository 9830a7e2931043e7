using System.Globalization;
using System.Net;
using System.Net.WebSockets;
using Microsoft.Playwright;

namespace MovieRecommender.Benchmarks.Web;

/// <summary>How soon a signed-in person's clicks are answered while one address without an account floods the app with connections.</summary>
static class Flood
{
    const int Connections = 2000;
    const int Clicks = 60;

    static int s_pages;
    static int s_open;
    static int s_refused;

    internal static async Task<int> RunAsync(string folder)
    {
        Console.WriteLine(Machine.Describe());
        // The limits are those that ship.
        await using var app = await RunningApp.StartAsync(folder, "--Limits:PagesPerMinute=600", "--Limits:OpenPages=100", "--Limits:ApiPerMinute=30000");
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(Pages.Chromium);
        await using var person = await browser.NewContextAsync(new() { BaseURL = app.Address.ToString(), ViewportSize = new() { Width = 1280, Height = 900 } });
        var page = await Pages.SignInAsync(person);
        await Pages.OpenAsync(page, "/browse");
        Report("quiet", await ClicksAsync(page));

        using var over = new CancellationTokenSource();
        using var client = new HttpClient(new SocketsHttpHandler { UseCookies = false, MaxConnectionsPerServer = Connections }) { BaseAddress = app.Address };
        var flood = Enumerable.Range(0, Connections).Select(_ => AttackAsync(client, app.Address, over.Token)).ToArray();
        using (var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100)))
            while (s_refused < Connections) await timer.WaitForNextTickAsync();
        Report($"with {Connections} connections", await ClicksAsync(page));
        await over.CancelAsync();
        await Task.WhenAll(flood);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"meanwhile {s_pages:N0} pages sent, {s_open:N0} live connections held, {s_refused:N0} times refused"));
        return 0;
    }

    /// <summary>Comes back after a second whenever it is refused, until it is over.</summary>
    static async Task AttackAsync(HttpClient client, Uri address, CancellationToken over)
    {
        try
        {
            while (true)
            {
                await HoldAsync(client, address, over);
                Interlocked.Increment(ref s_refused);
                await Task.Delay(TimeSpan.FromSeconds(1), over);
            }
        }
        catch (OperationCanceledException)
        {
            // It is over.
        }
    }

    /// <summary>Reads a page, opens its live connection and holds it; returns only when it is refused.</summary>
    static async Task HoldAsync(HttpClient client, Uri address, CancellationToken over)
    {
        try
        {
            using (var answer = await client.GetAsync("/", over))
            {
                if (answer.StatusCode == HttpStatusCode.OK) Interlocked.Increment(ref s_pages);
            }
            using var socket = new ClientWebSocket();
            socket.Options.SetRequestHeader("Origin", address.GetLeftPart(UriPartial.Authority));
            await socket.ConnectAsync(new UriBuilder(new Uri(address, "/_blazor")) { Scheme = "ws" }.Uri, over);
            Interlocked.Increment(ref s_open);
            await Task.Delay(Timeout.Infinite, over);
        }
        catch (Exception error) when (error is WebSocketException or HttpRequestException)
        {
            // Refused, which the caller counts.
        }
    }

    static async Task<List<double>> ClicksAsync(IPage page)
    {
        var times = new List<double>();
        for (var i = 0; i < Clicks; i++) times.Add(await Pages.ClickRateAsync(page));
        times.Sort();
        return times;
    }

    static void Report(string when, List<double> times)
        => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{when}: median {times[times.Count / 2]:0} ms, p95 {times[(int)(0.95 * (times.Count - 1))]:0} ms, longest {times[^1]:0} ms ({times.Count} clicks)"));
}
