using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace MovieRecommender.Domain.Storage;

/// <summary>
/// The one model of the store. Each feature owns its tables: it brings the entity, an
/// <see cref="IEntityTypeConfiguration{TEntity}"/> found here by reflection, and a <c>DbSet</c> extension property.
/// A provider is a sealed subclass with its own migrations.
/// </summary>
public abstract class AppDbContext(DbContextOptions options)
    : IdentityDbContext<Account, IdentityRole<int>, int>(options), IDataProtectionKeyContext
{
    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    /// <summary>Lets the queries that follow see one state of the store without holding up writers, until the result is disposed.</summary>
    public abstract Task<IAsyncDisposable> BeginSnapshotAsync(CancellationToken cancellationToken = default);

    /// <summary>Adds a schema named <c>staged</c> to this context's connection, for rows on their way into the store. Writing there holds nobody up. Until the result is disposed foreign keys are not checked; then the schema is gone.</summary>
    public abstract Task<IAsyncDisposable> OpenStagingAsync(CancellationToken cancellationToken = default);

    /// <summary>Prepares a command for many rows; inside <see cref="Store.WriteAsync{T}"/> or a <see cref="Store.StagedWriter"/>, whose transaction it belongs to.</summary>
    public abstract PreparedCommand Prepare(string sql, int parameters);

    /// <summary>Copies the whole database, as it is now, into a new file, while others go on writing; the copy is checked.</summary>
    /// <exception cref="InvalidInputException">The copy is not sound.</exception>
    public abstract Task CopyToAsync(string file, CancellationToken cancellationToken = default);

    /// <summary>Drops a table's triggers within this transaction, for a caller that does their work in one go.</summary>
    /// <returns>What creates them again.</returns>
    public abstract Task<Func<Task>> SuspendTriggersAsync(string table, CancellationToken cancellationToken = default);

    /// <summary>The name of a table that is filled beside another one and then takes its place.</summary>
    public static string ShadowOf(string table) => table + "Shadow";

    /// <summary>Creates empty shadows, like their tables but for indices and triggers.</summary>
    public abstract Task CreateShadowsAsync(IReadOnlyList<string> tables, CancellationToken cancellationToken = default);

    /// <summary>Drops what shadows there are.</summary>
    public abstract Task DropShadowsAsync(IReadOnlyList<string> tables, CancellationToken cancellationToken = default);

    /// <summary>Puts shadows in their tables' place within this transaction; triggers are taken over.</summary>
    public abstract Task PromoteShadowsAsync(IReadOnlyList<string> tables, CancellationToken cancellationToken = default);

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.ApplyConfigurationsFromAssembly(typeof(AppDbContext).Assembly);
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
        => configurationBuilder.Properties<DateTime>().HaveConversion<UtcConverter>();

    // SQLite hands times back without a kind, PostgreSQL refuses any kind but UTC.
    sealed class UtcConverter() : ValueConverter<DateTime, DateTime>(
        value => value.ToUniversalTime(), value => DateTime.SpecifyKind(value, DateTimeKind.Utc));
}
