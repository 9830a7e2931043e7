using System.Data.Common;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MovieRecommender.Domain.Storage.Sqlite;

namespace MovieRecommender.Domain.Storage;

/// <summary>Registers the store and brings its schema up to date.</summary>
public static class StoreSetup
{
    public static IServiceCollection AddStore(this IServiceCollection services, string directory)
    {
        services.Configure<IdentityOptions>(options => options.Stores.SchemaVersion = IdentitySchemaVersions.Version3);
        services.AddSingleton(new StorePaths(directory));
        services.AddSingleton<Store>();
        services.AddSingleton<StoreInUse>();
        services.AddPooledDbContextFactory<SqliteAppDbContext>((provider, options) =>
            SqliteStore.Configure(options, provider.GetRequiredService<StorePaths>().Database));
        services.AddSingleton<IDbContextFactory<AppDbContext>, AnyProviderFactory>();
        // Identity and data protection ask for a context of their own scope.
        services.AddScoped<AppDbContext>(provider => provider.GetRequiredService<IDbContextFactory<AppDbContext>>().CreateDbContext());
        return services;
    }

    /// <summary>Creates or migrates the database. Safe to call from several processes at once.</summary>
    /// <exception cref="InvalidInputException">The folder cannot be written, or its database is none of ours.</exception>
    public static async Task MigrateAsync(IServiceProvider services, CancellationToken cancellationToken = default)
    {
        var paths = services.GetRequiredService<StorePaths>();
        paths.Prepare();
        services.GetRequiredService<StoreInUse>().Begin();
        // A process killed while migrating leaves EF's lock row behind, and EF would wait for it for ever.
        // Whoever holds this file lock knows that no other process is migrating, so a row found now is such a leftover.
        await using var alone = await FileLock.AcquireAsync(Path.Combine(paths.Directory, "migrate.lock"), cancellationToken);
        StoreReplacement.Finish(paths);
        Directory.CreateDirectory(paths.Models);
        await using var db = services.GetRequiredService<IDbContextFactory<AppDbContext>>().CreateDbContext();
        try
        {
            await SqliteStore.ClearStaleMigrationLockAsync(db, cancellationToken);
            await db.Database.MigrateAsync(cancellationToken);
        }
        catch (DbException error)
        {
            throw new InvalidInputException($"The database {paths.Database} cannot be opened: {error.Message.TrimEnd('.')}. Restore a backup, or choose another Storage:Directory.", error);
        }
    }

    /// <summary>Makes sure that a database file is sound and not of a newer version.</summary>
    /// <param name="db">Knows this version's migrations; it is not connected to.</param>
    /// <exception cref="InvalidInputException">It is not.</exception>
    public static void Check(string file, AppDbContext db) => SqliteStore.Check(file, db.Database.GetMigrations());

    /// <summary>Brings a database that nobody uses up to date, and writes to it.</summary>
    /// <exception cref="InvalidInputException">It cannot be brought up to date.</exception>
    public static async Task ChangeAsync(IServiceProvider services, string file, Action<AppDbContext> change, CancellationToken cancellationToken = default)
    {
        var options = new DbContextOptionsBuilder<SqliteAppDbContext>();
        SqliteStore.Configure(options, file);
        await using var db = new SqliteAppDbContext(options.UseApplicationServiceProvider(services).Options);
        try
        {
            await SqliteStore.ClearStaleMigrationLockAsync(db, cancellationToken);
            await db.Database.MigrateAsync(cancellationToken);
            change(db);
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbException error)
        {
            throw new InvalidInputException($"The database cannot be brought up to date: {error.Message.TrimEnd('.')}.", error);
        }
        finally
        {
            await SqliteStore.LetGoAsync(db);
        }
    }

    sealed class AnyProviderFactory(IDbContextFactory<SqliteAppDbContext> contexts) : IDbContextFactory<AppDbContext>
    {
        public AppDbContext CreateDbContext() => contexts.CreateDbContext();
    }
}
