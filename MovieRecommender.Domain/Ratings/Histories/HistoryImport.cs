using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Domain.Ratings.Histories;

/// <summary>A history a viewer brought from elsewhere, with what is needed to take it back in one step.</summary>
public sealed class HistoryImport
{
    public int Id { get; init; }

    public int ViewerId { get; init; }

    public DateTime ImportedUtc { get; init; }

    /// <summary>What it came from, for people: "Letterboxd".</summary>
    public required string Source { get; init; }

    /// <summary>Ratings and marks that were added or changed.</summary>
    public int Films { get; init; }

    /// <summary>JSON of how each film stood before.</summary>
    public required string Before { get; init; }
}

sealed class HistoryImportConfiguration : IEntityTypeConfiguration<HistoryImport>
{
    public void Configure(EntityTypeBuilder<HistoryImport> builder)
    {
        builder.ToTable("HistoryImports");
        builder.Property(import => import.Source).HasMaxLength(64);
        builder.HasOne<Viewer>().WithMany().HasForeignKey(import => import.ViewerId).OnDelete(DeleteBehavior.Cascade);
    }
}

public static class HistoryImportTable
{
    extension(AppDbContext db)
    {
        public DbSet<HistoryImport> HistoryImports => db.Set<HistoryImport>();
    }
}
