using System.Diagnostics;
using System.Diagnostics.Tracing;
using System.Globalization;
using Microsoft.Diagnostics.NETCore.Client;

namespace MovieRecommender.Benchmarks.Web;

/// <summary>The app as people start it, in a process and with a store of its own, on MovieLens files.</summary>
sealed class RunningApp : IAsyncDisposable
{
    internal const string Email = "admin@example.org";
    internal const string Password = "lights down please";

    /// <summary>Keyword of the runtime's own events that has the garbage collector run once, over everything.</summary>
    const long CollectEverything = 0x800000;

    readonly string _store = Directory.CreateTempSubdirectory("movierecommender-benchmark-").FullName;
    Process? _process;

    public Uri Address { get; private set; } = new("http://localhost");

    public string Token { get; private set; } = "";

    /// <summary>Starts it and waits until its first model serves.</summary>
    public static async Task<RunningApp> StartAsync(string folder, params string[] settings)
    {
        var app = new RunningApp();
        await app.VerbAsync(Password, "users", "add", Email, "--admin", "--password-stdin");
        app.Token = (await app.VerbAsync("", "tokens", "add", Email)).Trim().Split('\n')[^1];
        var listening = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        app._process = app.Create(["--urls", "http://127.0.0.1:0", $"--Catalog:Source={Path.GetFullPath(folder)}", "--Training:AfterChanges=0", "--Limits:ApiPerMinute=1000000", "--Limits:PagesPerMinute=1000000", "--Limits:OpenPages=1000000", .. settings]);
        app._process.OutputDataReceived += (_, line) =>
        {
            const string Said = "Now listening on: ";
            if (line.Data?.IndexOf(Said, StringComparison.Ordinal) is >= 0 and var at) listening.TrySetResult(new(line.Data[(at + Said.Length)..]));
        };
        app._process.Start();
        app._process.BeginOutputReadLine();
        app.Address = await listening.Task.WaitAsync(TimeSpan.FromMinutes(1));
        using var client = app.NewClient(app.Token);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (!(await client.GetStringAsync("/api/v1/admin/models")).Contains("\"version\"", StringComparison.Ordinal)) await timer.WaitForNextTickAsync();
        return app;
    }

    public HttpClient NewClient(string? token = null)
    {
        var client = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = Address };
        if (token is not null) client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        return client;
    }

    /// <summary>Bytes that live objects of the app take, after two full collections.</summary>
    public async Task<double> LiveBytesAsync()
    {
        using var client = NewClient();
        for (var i = 0; i < 2; i++)
        {
            var before = await ReadAsync(client, "dotnet_gc_collections", "gen2");
            var diagnostics = new DiagnosticsClient(_process!.Id);
            using var session = await diagnostics.StartEventPipeSessionAsync([new EventPipeProvider("Microsoft-Windows-DotNETRuntime", EventLevel.Informational, CollectEverything)], requestRundown: false, circularBufferMB: 8, CancellationToken.None);
            var drained = session.EventStream.CopyToAsync(Stream.Null);
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
            while (await ReadAsync(client, "dotnet_gc_collections", "gen2") <= before) await timer.WaitForNextTickAsync();
            await session.StopAsync(CancellationToken.None);
            await drained;
        }
        return await ReadAsync(client, "dotnet_gc_last_collection_heap_size", "") - await ReadAsync(client, "dotnet_gc_last_collection_heap_fragmentation_size", "");
    }

    /// <summary>Pages that are open on somebody's screen.</summary>
    public async Task<int> OpenPagesAsync()
    {
        using var client = NewClient();
        return (int)await ReadAsync(client, "aspnetcore_components_circuit_active", "");
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
            _process.Dispose();
        }
        Directory.Delete(_store, recursive: true);
    }

    static async Task<double> ReadAsync(HttpClient client, string metric, string label)
        => (await client.GetStringAsync("/metrics")).Split('\n')
            .Where(line => line.StartsWith(metric, StringComparison.Ordinal) && line.Contains(label, StringComparison.Ordinal))
            .Sum(line => double.Parse(line[(line.LastIndexOf('}') + 1)..].Trim().Split(' ')[0], CultureInfo.InvariantCulture));

    async Task<string> VerbAsync(string input, params string[] arguments)
    {
        using var process = Create(arguments);
        process.StartInfo.RedirectStandardInput = true;
        process.Start();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{string.Join(' ', arguments)} failed: {output}");
    }

    Process Create(params IEnumerable<string> arguments)
    {
        var configuration = Directory.GetParent(AppContext.BaseDirectory.TrimEnd('/', '\\'))!.Name;
        var program = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../../MovieRecommender.Web/bin", configuration, "net10.0/MovieRecommender.Web.dll"));
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, UseShellExecute = false };
        start.ArgumentList.Add(program);
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        start.ArgumentList.Add($"--Storage:Directory={_store}");
        return new() { StartInfo = start };
    }
}
