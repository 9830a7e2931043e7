namespace MovieRecommender.Tests.App;

/// <summary>The app on the embedded demo, with an admin; started once for the tests that share it.</summary>
public sealed class DemoApp : IAsyncLifetime
{
    public const string AdminEmail = "admin@example.org";
    public const string AdminPassword = "lights down please";
    AppProcess? _app;
    TestProvider? _provider;

    public AppProcess App => _app ?? throw new InvalidOperationException("The app has not been started.");

    /// <summary>What people may sign in through, besides.</summary>
    public TestProvider Provider => _provider ?? throw new InvalidOperationException("The provider has not been started.");

    /// <summary>What takes its letters.</summary>
    public TestMail Mail { get; } = new();

    /// <summary>API token of the admin.</summary>
    public string AdminToken { get; private set; } = "";

    public async Task InitializeAsync()
    {
        var store = AppProcess.NewStore();
        var (exit, _, error) = await AppProcess.RunAsync(["users", "add", AdminEmail, "--admin", "--password-stdin", $"--Storage:Directory={store}"], AdminPassword);
        Assert.True(exit == 0, error);
        AdminToken = await AddTokenAsync(store, AdminEmail);
        _provider = await TestProvider.StartAsync();
        _app = await AppProcess.StartAsync(store, ["--Training:AfterChanges=0", "--Accounts:Registration=open", "--Limits:SignInsPerMinute=1000", "--Limits:SignUpsPerMinute=1000", "--Limits:PagesPerMinute=100000", .. _provider.Settings, .. Mail.Settings]);
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
        if (_provider is not null) await _provider.DisposeAsync();
        Mail.Dispose();
    }
}

[CollectionDefinition(Name)]
public sealed class DemoAppTests : ICollectionFixture<DemoApp>
{
    public const string Name = "The app on the demo";
}
