using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MovieRecommender.Domain.Storage;

/// <summary>A named number or text about the whole store, such as the ratings revision.</summary>
public sealed class StoreState
{
    public const string RatingsRevision = "ratings-revision";
    public const string SimulatedCommunity = "simulated-community";

    /// <summary>1 while a run is due because the data is another.</summary>
    public const string DataReplaced = "data-replaced";

    /// <summary>The version that serves; 0 for the newest.</summary>
    public const string LiveVersion = "live-version";

    /// <summary>The version that served before it; 0 for none.</summary>
    public const string PreviousVersion = "previous-version";

    /// <summary>The highest version number ever given: a deleted version's is not given again.</summary>
    public const string NewestVersion = "newest-version";

    /// <summary>1 while new versions are published without serving.</summary>
    public const string Pinned = "pinned";

    /// <summary>The version that a share of viewers is served by; 0 for none.</summary>
    public const string SplitVersion = "split-version";

    /// <summary>How many of a hundred viewers that is.</summary>
    public const string SplitPercent = "split-percent";

    /// <summary>Since when, in Unix seconds.</summary>
    public const string SplitSince = "split-since";

    /// <summary>When the last backup was finished, in Unix seconds.</summary>
    public const string LastBackup = "last-backup";

    public required string Name { get; init; }

    public long Value { get; set; }
}

sealed class StoreStateConfiguration : IEntityTypeConfiguration<StoreState>
{
    public void Configure(EntityTypeBuilder<StoreState> builder)
    {
        builder.ToTable("StoreStates");
        builder.HasKey(state => state.Name);
        builder.Property(state => state.Name).HasMaxLength(64);
    }
}

public static class StoreStateTable
{
    extension(AppDbContext db)
    {
        public DbSet<StoreState> StoreStates => db.Set<StoreState>();

        /// <summary>The value under a name; 0 when it was never set.</summary>
        public async Task<long> ReadStateAsync(string name, CancellationToken cancellationToken = default)
            => (await db.Set<StoreState>().AsNoTracking().FirstOrDefaultAsync(state => state.Name == name, cancellationToken))?.Value ?? 0;

        /// <summary>Sets the value under a name; the caller's transaction decides whether it counts.</summary>
        public async Task SetStateAsync(string name, long value, CancellationToken cancellationToken = default)
            => await db.AddToStateAsync(name, value - await db.ReadStateAsync(name, cancellationToken), cancellationToken);

        /// <summary>Adds to the value under a name; the caller's transaction decides whether it counts.</summary>
        public async Task AddToStateAsync(string name, long amount, CancellationToken cancellationToken = default)
        {
            var changed = await db.Set<StoreState>().Where(state => state.Name == name)
                .ExecuteUpdateAsync(set => set.SetProperty(state => state.Value, state => state.Value + amount), cancellationToken);
            if (changed == 0)
            {
                db.Add(new StoreState { Name = name, Value = amount });
                await db.SaveChangesAsync(cancellationToken);
            }
        }
    }
}
