using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using MovieRecommender.Domain;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Catalog;
using MovieRecommender.Domain.Imports;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Tests;

/// <summary>The app's own services over a real store in a folder of its own, without the web server and the background work.</summary>
sealed class TestStore : IAsyncDisposable
{
    readonly IHost _host;

    TestStore(IHost host, TestClock clock) => (_host, Clock) = (host, clock);

    public IServiceProvider Services => _host.Services;

    public StorePaths Paths => Get<StorePaths>();

    public TestClock Clock { get; }

    /// <param name="settings">Configuration such as <c>Training:AfterChanges=3</c>.</param>
    public static async Task<TestStore> CreateAsync(params IEnumerable<string> settings)
    {
        var store = Build(settings);
        await StoreSetup.MigrateAsync(store.Services);
        return store;
    }

    /// <summary>As an older version left it: with the tables as they were after one of the first migrations.</summary>
    public static async Task<TestStore> OlderAsync(string migration)
    {
        var store = Build([]);
        store.Paths.Prepare();
        await using var db = store.Get<IDbContextFactory<AppDbContext>>().CreateDbContext();
        await db.GetService<IMigrator>().MigrateAsync(migration);
        return store;
    }

    static TestStore Build(IEnumerable<string> settings)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => setting.Split('=', 2)).Select(pair => KeyValuePair.Create<string, string?>(pair[0], pair[1])));
        builder.Services.AddDomain(Directory.CreateTempSubdirectory("movierecommender-test-").FullName);
        var clock = new TestClock();
        builder.Services.AddSingleton<TimeProvider>(clock);
        return new(builder.Build(), clock);
    }

    public T Get<T>() where T : notnull => Services.GetRequiredService<T>();

    public async Task<ImportResult> ImportAsync(string source, IProgress<ImportProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        using var data = await Get<DataSources>().OpenAsync(source, cancellationToken: cancellationToken);
        return await Get<DataImporter>().ImportAsync(Caller.Schedule, data, progress, cancellationToken);
    }

    /// <summary>Someone who may rate.</summary>
    public async Task<Caller> NewGuestAsync()
    {
        await using var scope = Services.CreateAsyncScope();
        var viewer = await scope.ServiceProvider.GetRequiredService<AccountService>().AddGuestAsync();
        return Caller.From(GuestIdentity.For(viewer.Id));
    }

    /// <inheritdoc cref="StoreFile.Dump"/>
    public string Dump() => StoreFile.Dump(Paths.Database);

    /// <inheritdoc cref="StoreFile.Count"/>
    public long Count(string sql) => StoreFile.Count(Paths.Database, sql);

    /// <summary>No key leads nowhere, and the ratings by film are those of the people.</summary>
    public void AssertSound()
    {
        Assert.Equal(0, Count("SELECT COUNT(*) FROM pragma_foreign_key_check"));
        Assert.Equal(1, Count("SELECT COUNT(*) FROM pragma_integrity_check WHERE integrity_check = 'ok'"));
        Assert.Equal(0, Count("SELECT COUNT(*) FROM (SELECT MovieId, HalfStars, ViewerId FROM Ratings EXCEPT SELECT MovieId, HalfStars, ViewerId FROM RatingsByFilm)"));
        Assert.Equal(Count("SELECT COUNT(*) FROM Ratings"), Count("SELECT COUNT(*) FROM RatingsByFilm"));
        Assert.Equal(0, Count("SELECT COUNT(*) FROM Movies AS m WHERE MergedIntoId IS NULL AND (RatingCount, RatingHalves) IS NOT (SELECT COUNT(*), COALESCE(SUM(HalfStars), 0) FROM Ratings WHERE MovieId = m.Id)"));
        Assert.Equal(3, Count("SELECT COUNT(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'Ratings'"));
        Assert.Equal(0, Count("SELECT COUNT(*) FROM sqlite_master WHERE name LIKE '%Shadow'"));
    }

    public async ValueTask DisposeAsync()
    {
        var directory = Paths.Directory;
        if (_host is IAsyncDisposable host) await host.DisposeAsync();
        SqliteConnection.ClearAllPools();
        Directory.Delete(directory, recursive: true);
    }
}

/// <summary>A clock that stands still until it is set.</summary>
sealed class TestClock : TimeProvider
{
    public DateTimeOffset Now { get; set; } = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => Now;
}

/// <summary>Progress told on the reporting thread, so that a test can act in the middle of the work.</summary>
sealed class Told<T>(Action<T> tell) : IProgress<T>
{
    public void Report(T value) => tell(value);
}
