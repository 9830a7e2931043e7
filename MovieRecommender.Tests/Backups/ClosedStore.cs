using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using MovieRecommender.Domain;
using MovieRecommender.Domain.Backups;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Tests.Backups;

/// <summary>A store that was made and closed again, with services that have not opened it.</summary>
sealed class ClosedStore : IAsyncDisposable
{
    readonly IHost _host;

    ClosedStore(IHost host) => _host = host;

    public IServiceProvider Services => _host.Services;

    public StorePaths Paths => Services.GetRequiredService<StorePaths>();

    public BackupService Service => Services.GetRequiredService<BackupService>();

    public static async Task<ClosedStore> CreateAsync()
    {
        var folder = Directory.CreateTempSubdirectory("movierecommender-test-").FullName;
        using (var host = Build(folder)) await StoreSetup.MigrateAsync(host.Services);
        SqliteConnection.ClearAllPools();
        return new(Build(folder));
    }

    static IHost Build(string folder)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddDomain(folder);
        return builder.Build();
    }

    public async ValueTask DisposeAsync()
    {
        var folder = Paths.Directory;
        if (_host is IAsyncDisposable host) await host.DisposeAsync();
        SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }
}
