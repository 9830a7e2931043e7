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

/// <summary>
/// The same ratings by film. Triggers of the store keep it: only <see cref="Rating"/> is written. It is a table, where an index would do,
/// because a table can be filled in the order of its key while nobody waits (docs/decisions/0013-shadow-tables.md).
/// </summary>
public sealed class RatingByFilm
{
    public int MovieId { get; init; }

    /// <summary>1 to 10.</summary>
    public byte HalfStars { get; init; }

    public int ViewerId { get; init; }
}

sealed class RatingConfiguration : IEntityTypeConfiguration<Rating>, IEntityTypeConfiguration<RatingByFilm>
{
    public void Configure(EntityTypeBuilder<Rating> builder)
    {
        builder.ToTable("Ratings");
        builder.HasKey(rating => new { rating.ViewerId, rating.MovieId });
        builder.HasOne<Viewer>().WithMany().HasForeignKey(rating => rating.ViewerId).OnDelete(DeleteBehavior.Cascade);
    }

    public void Configure(EntityTypeBuilder<RatingByFilm> builder)
    {
        builder.ToTable("RatingsByFilm");
        builder.HasKey(rating => new { rating.MovieId, rating.HalfStars, rating.ViewerId });
        builder.HasOne<Movie>().WithMany().HasForeignKey(rating => rating.MovieId).OnDelete(DeleteBehavior.Restrict);
    }
}

public static class RatingTable
{
    extension(AppDbContext db)
    {
        public DbSet<Rating> Ratings => db.Set<Rating>();

        /// <summary>To ask who rated a film; <see cref="Ratings"/> lie in the order of people.</summary>
        public DbSet<RatingByFilm> RatingsByFilm => db.Set<RatingByFilm>();
    }
}
