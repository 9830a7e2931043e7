using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Domain.Ratings;

/// <summary>A read-only link to a viewer's watchlist. Whoever has the link may look; deleting the row revokes it.</summary>
public sealed class WatchlistShare
{
    /// <summary>The random part of the link.</summary>
    public required string Code { get; init; }

    public int ViewerId { get; init; }

    public DateTime CreatedUtc { get; init; }
}

sealed class WatchlistShareConfiguration : IEntityTypeConfiguration<WatchlistShare>
{
    public void Configure(EntityTypeBuilder<WatchlistShare> builder)
    {
        builder.ToTable("WatchlistShares");
        builder.HasKey(share => share.Code);
        builder.Property(share => share.Code).HasMaxLength(32);
        builder.HasIndex(share => share.ViewerId).IsUnique();
        builder.HasOne<Viewer>().WithMany().HasForeignKey(share => share.ViewerId).OnDelete(DeleteBehavior.Cascade);
    }
}

public static class WatchlistShareTable
{
    extension(AppDbContext db)
    {
        public DbSet<WatchlistShare> WatchlistShares => db.Set<WatchlistShare>();
    }
}
