namespace MovieRecommender.Tests.App;

/// <summary>The app on the embedded demo, with an admin; started once for the tests that share it.</summary>
public sealed class DemoApp : IAsyncLifetime
{
    public const string AdminEmail = "admin@example.org";
    public const string AdminPassword = "lights down please";
    AppProcess? _app;

    public AppProcess App => _app ?? throw new InvalidOperationException("The app has not been started.");

    /// <summary>API token of the admin.</summary>
    public string AdminToken { get; private set; } = "";

    public async Task InitializeAsync()
    {
        var store = AppProcess.NewStore();
        var (exit, _, error) = await AppProcess.RunAsync(["users", "add", AdminEmail, "--admin", "--password-stdin", $"--Storage:Directory={store}"], AdminPassword);
        Assert.True(exit == 0, error);
        AdminToken = await AddTokenAsync(store, AdminEmail);
        _app = await AppProcess.StartAsync(store, "--Training:AfterChanges=0", "--Accounts:Registration=open", "--Limits:SignInsPerMinute=1000");
        await _app.WaitUntilReadyAsync();
    }

    public static async Task<string> AddTokenAsync(string store, string email)
    {
        var (exit, output, error) = await AppProcess.RunAsync(["tokens", "add", email, $"--Storage:Directory={store}"]);
        Assert.True(exit == 0, error);
        return output.Trim();
    }

    public async Task DisposeAsync()
    {
        if (_app is not null) await _app.DisposeAsync();
    }
}

[CollectionDefinition(Name)]
public sealed class DemoAppTests : ICollectionFixture<DemoApp>
{
    public const string Name = "The app on the demo";
}
