namespace MovieRecommender.Tests.App;

/// <summary>A store on the demo with an admin and two model versions, made once for all classes; each test works on a copy of its own.</summary>
public sealed class TrainedStore : IAsyncLifetime
{
    static readonly Lazy<Task<Original>> Shared = new(MakeAsync);
    readonly List<string> _copies = [];
    Original _original = new("", "");

    sealed record Original(string Folder, string AdminToken);

    public string AdminToken => _original.AdminToken;

    public async Task InitializeAsync() => _original = await Shared.Value;

    static async Task<Original> MakeAsync()
    {
        var store = AppProcess.NewStore();
        // No class knows that it is the last one to use it.
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(store, recursive: true);
        var (exit, _, error) = await AppProcess.RunAsync(["users", "add", DemoApp.AdminEmail, "--admin", "--password-stdin", $"--Storage:Directory={store}"], DemoApp.AdminPassword);
        Assert.True(exit == 0, error);
        var token = await DemoApp.AddTokenAsync(store, DemoApp.AdminEmail);
        await using var app = await StartAsync(store);
        using var admin = app.NewClient(token);
        using var answer = await admin.PostAsync("/api/v1/admin/training/runs", null);
        var run = await AppProcess.WaitForRunAsync(admin, answer.Headers.Location);
        Assert.True(run is { State: "published", Version: 2 }, run.Outcome);
        return new(store, token);
    }

    public string Copy()
    {
        var copy = AppProcess.NewStore();
        _copies.Add(copy);
        foreach (var file in Directory.EnumerateFiles(_original.Folder, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(copy, Path.GetRelativePath(_original.Folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
        return copy;
    }

    /// <summary>Starts the app so that only what a test asks for is trained, and waits until it serves.</summary>
    public static async Task<AppProcess> StartAsync(string store)
    {
        var app = await AppProcess.StartAsync(store, "--Training:AfterChanges=0", "--Training:Schedule=");
        await app.WaitUntilReadyAsync();
        return app;
    }

    public Task DisposeAsync()
    {
        foreach (var store in _copies) Directory.Delete(store, recursive: true);
        return Task.CompletedTask;
    }
}
