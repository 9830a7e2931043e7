using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Catalog;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Domain.Ratings.Showings;

/// <summary>A film that was on a viewer's own list, and a version that put it there. It tells how good lists are in use, and is forgotten after <see cref="ShowingLog.Kept"/>.</summary>
public sealed class Showing
{
    public int ViewerId { get; init; }

    public int MovieId { get; init; }

    /// <summary>0 while popularity served.</summary>
    public int Version { get; init; }

    /// <summary>Unix seconds of the first list by this version with the film on it.</summary>
    public long ShownAt { get; init; }
}

sealed class ShowingConfiguration : IEntityTypeConfiguration<Showing>
{
    public void Configure(EntityTypeBuilder<Showing> builder)
    {
        builder.ToTable("Showings");
        builder.HasKey(showing => new { showing.ViewerId, showing.MovieId, showing.Version });
        builder.HasOne<Viewer>().WithMany().HasForeignKey(showing => showing.ViewerId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<Movie>().WithMany().HasForeignKey(showing => showing.MovieId).OnDelete(DeleteBehavior.Cascade);
    }
}

public static class ShowingTable
{
    extension(AppDbContext db)
    {
        public DbSet<Showing> Showings => db.Set<Showing>();
    }
}
