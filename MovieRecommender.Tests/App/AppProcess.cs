using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;

namespace MovieRecommender.Tests.App;

/// <summary>The real program in a process of its own, on a free port, with a store in a folder of its own.</summary>
public sealed partial class AppProcess : IAsyncDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    readonly Process _process;
    readonly ConcurrentQueue<string> _log = new();
    readonly TaskCompletionSource<Uri> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TaskCompletionSource<string> _setupLink = new(TaskCreationOptions.RunContinuationsAsynchronously);

    AppProcess(string store, IEnumerable<string> arguments)
    {
        Store = store;
        _process = Create(["--urls", "http://127.0.0.1:0", $"--Storage:Directory={store}", .. arguments]);
        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.ErrorDataReceived += (_, line) => Read(line.Data);
        _process.EnableRaisingEvents = true;
        _process.Exited += (_, _) => _listening.TrySetException(new InvalidOperationException($"The app ended: {Log}"));
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Folder of the database and the models.</summary>
    public string Store { get; }

    public Uri Address { get; private set; } = new("http://localhost");

    public string Log => string.Join(Environment.NewLine, _log);

    /// <summary>The one-time link of the first admin.</summary>
    public Task<string> SetupLink => _setupLink.Task.WaitAsync(Patience);

    public static string NewStore() => Directory.CreateTempSubdirectory("movierecommender-test-").FullName;

    /// <summary>Starts the app; returns when it listens.</summary>
    public static async Task<AppProcess> StartAsync(string store, params IEnumerable<string> arguments)
    {
        var app = new AppProcess(store, arguments);
        app.Address = await app._listening.Task.WaitAsync(Patience);
        return app;
    }

    /// <summary>Runs a verb to its end.</summary>
    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(IEnumerable<string> arguments, string input = "")
    {
        using var process = Create(arguments);
        process.StartInfo.RedirectStandardInput = true;
        process.Start();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(Patience);
        return (process.ExitCode, await output, await error);
    }

    /// <summary>A client of its own session: it keeps its own cookies.</summary>
    public HttpClient NewClient(string? token = null)
    {
        var client = new HttpClient(new SocketsHttpHandler { CookieContainer = new CookieContainer(), AllowAutoRedirect = false }) { BaseAddress = Address };
        if (token is not null) client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        return client;
    }

    /// <summary>Waits until the first load is over and a model, or knowingly only popularity, serves.</summary>
    public async Task WaitUntilReadyAsync()
    {
        using var client = NewClient();
        await UntilAsync(async () => (await client.GetAsync("/health/ready")).IsSuccessStatusCode);
    }

    /// <summary>Waits until a training run is over and returns it.</summary>
    public static async Task<RunView> WaitForRunAsync(HttpClient admin, Uri? run)
    {
        var view = new RunView(0, "", null, null);
        await UntilAsync(async () =>
        {
            view = (await admin.GetFromJsonAsync<RunView>(run))!;
            return view.State is not ("queued" or "running");
        });
        return view;
    }

    /// <summary>Asks again and again until the answer is yes; fails after two minutes.</summary>
    public static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        using var patience = new CancellationTokenSource(Patience);
        while (!await holds()) await timer.WaitForNextTickAsync(patience.Token);
    }

    /// <summary>Ends the process as a power cut would.</summary>
    public async Task KillAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) await KillAsync();
        _process.Dispose();
    }

    static Process Create(IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet") { WorkingDirectory = Repository.Root, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.ArgumentList.Add(Repository.Program);
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        foreach (var (name, value) in Canary.Environment) start.Environment[name] = value;
        return new Process { StartInfo = start };
    }

    void Read(string? line)
    {
        if (line is null) return;
        _log.Enqueue(line);
        if (Listening().Match(line) is { Success: true } listening) _listening.TrySetResult(new(listening.Groups["address"].Value));
        if (Setup().Match(line) is { Success: true } setup) _setupLink.TrySetResult(setup.Groups["path"].Value);
    }

    [GeneratedRegex(@"Now listening on: (?<address>http://\S+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Listening();

    [GeneratedRegex(@"http://\S+(?<path>/setup\?code=\w+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Setup();
}

/// <summary>What the tests read of a training run.</summary>
public sealed record RunView(int Id, string State, string? Outcome, int? Version);
