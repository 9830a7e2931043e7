using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Catalog;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Domain.Ratings;

/// <summary>A viewer's stars for a film.</summary>
public sealed class Rating
{
    public int ViewerId { get; init; }

    public int MovieId { get; init; }

    /// <summary>1 to 10: the stars times two, so that nothing is ever rounded.</summary>
    public byte HalfStars { get; set; }

    /// <summary>Unix seconds of the newest change.</summary>
    public long RatedAt { get; set; }

    /// <summary>What was predicted for this viewer just before the film was first rated, in stars; it later tells how good the predictions are.</summary>
    public float? Predicted { get; set; }
}

sealed class RatingConfiguration : IEntityTypeConfiguration<Rating>
{
    public void Configure(EntityTypeBuilder<Rating> builder)
    {
        builder.ToTable("Ratings");
        builder.HasKey(rating => new { rating.ViewerId, rating.MovieId });
        // The film page counts a film's stars from this index alone.
        builder.HasIndex(rating => new { rating.MovieId, rating.HalfStars });
        builder.HasOne<Viewer>().WithMany().HasForeignKey(rating => rating.ViewerId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<Movie>().WithMany().HasForeignKey(rating => rating.MovieId).OnDelete(DeleteBehavior.Restrict);
    }
}

public static class RatingTable
{
    extension(AppDbContext db)
    {
        public DbSet<Rating> Ratings => db.Set<Rating>();
    }
}
