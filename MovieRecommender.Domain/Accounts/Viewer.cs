using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Domain.Accounts;

public enum ViewerKind
{
    /// <summary>Came with a data set; nobody signs in as them.</summary>
    Imported = 0,

    /// <summary>Someone who rates in this browser without an account.</summary>
    Guest = 1,

    /// <summary>Someone with an account.</summary>
    Member = 2,
}

/// <summary>Whoever rates films.</summary>
public sealed class Viewer
{
    /// <summary>
    /// Viewers made here count up from this number; below it are the user ids of imported data sets,
    /// so that a data set can be imported at any time without two people becoming one.
    /// </summary>
    public const int FirstLocalId = 1_000_000_000;

    public int Id { get; init; }

    public ViewerKind Kind { get; set; }

    public DateTime CreatedUtc { get; init; }

    /// <summary>When a guest or member was last here, to the day; guests who stay away are forgotten.</summary>
    public DateTime? LastSeenUtc { get; set; }
}

sealed class ViewerConfiguration : IEntityTypeConfiguration<Viewer>
{
    public void Configure(EntityTypeBuilder<Viewer> builder)
    {
        builder.ToTable("Viewers");
        builder.Property(viewer => viewer.Id).ValueGeneratedNever();
        builder.HasIndex(viewer => viewer.Kind);
    }
}

public static class ViewerTable
{
    extension(AppDbContext db)
    {
        public DbSet<Viewer> Viewers => db.Set<Viewer>();

        /// <summary>Adds a viewer with the next local id; call it inside <see cref="Store.WriteAsync{T}"/>.</summary>
        public async Task<Viewer> AddViewerAsync(ViewerKind kind, DateTime nowUtc, CancellationToken cancellationToken = default)
        {
            var last = await db.Set<Viewer>().MaxAsync(viewer => (int?)viewer.Id, cancellationToken) ?? 0;
            var viewer = new Viewer { Id = Math.Max(last + 1, Viewer.FirstLocalId), Kind = kind, CreatedUtc = nowUtc, LastSeenUtc = kind == ViewerKind.Guest ? nowUtc : null };
            db.Add(viewer);
            await db.SaveChangesAsync(cancellationToken);
            return viewer;
        }
    }
}
