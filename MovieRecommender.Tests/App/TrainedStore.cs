namespace MovieRecommender.Tests.App;

/// <summary>A store on the demo with an admin and two model versions, made once; each test works on a copy of its own.</summary>
public sealed class TrainedStore : IAsyncLifetime
{
    readonly string _original = AppProcess.NewStore();
    readonly List<string> _copies = [];

    public string AdminToken { get; private set; } = "";

    public async Task InitializeAsync()
    {
        var (exit, _, error) = await AppProcess.RunAsync(["users", "add", DemoApp.AdminEmail, "--admin", "--password-stdin", $"--Storage:Directory={_original}"], DemoApp.AdminPassword);
        Assert.True(exit == 0, error);
        AdminToken = await DemoApp.AddTokenAsync(_original, DemoApp.AdminEmail);
        await using var app = await StartAsync(_original);
        using var admin = app.NewClient(AdminToken);
        using var answer = await admin.PostAsync("/api/v1/admin/training/runs", null);
        var run = await AppProcess.WaitForRunAsync(admin, answer.Headers.Location);
        Assert.True(run is { State: "published", Version: 2 }, run.Outcome);
    }

    public string Copy()
    {
        var copy = AppProcess.NewStore();
        _copies.Add(copy);
        foreach (var file in Directory.EnumerateFiles(_original, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(copy, Path.GetRelativePath(_original, file));
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
        foreach (var store in _copies.Append(_original)) Directory.Delete(store, recursive: true);
        return Task.CompletedTask;
    }
}
