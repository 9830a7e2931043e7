using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Catalog;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Domain.Ratings;

public enum MarkKind : byte
{
    /// <summary>To be seen one day.</summary>
    Watchlist = 1,

    /// <summary>"Not for me": never recommended again.</summary>
    Dismissed = 2,

    /// <summary>Seen, without stars: not recommended again either.</summary>
    Watched = 3,
}

/// <summary>What a viewer said of a film other than by stars. A film has one mark at most.</summary>
public sealed class Mark
{
    public int ViewerId { get; init; }

    public int MovieId { get; init; }

    public MarkKind Kind { get; set; }

    /// <summary>Unix seconds.</summary>
    public long MarkedAt { get; set; }
}

sealed class MarkConfiguration : IEntityTypeConfiguration<Mark>
{
    public void Configure(EntityTypeBuilder<Mark> builder)
    {
        builder.ToTable("Marks");
        builder.HasKey(mark => new { mark.ViewerId, mark.MovieId });
        builder.HasOne<Viewer>().WithMany().HasForeignKey(mark => mark.ViewerId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<Movie>().WithMany().HasForeignKey(mark => mark.MovieId).OnDelete(DeleteBehavior.Cascade);
    }
}

public static class MarkTable
{
    extension(AppDbContext db)
    {
        public DbSet<Mark> Marks => db.Set<Mark>();
    }
}
