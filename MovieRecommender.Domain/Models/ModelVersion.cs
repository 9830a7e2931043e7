using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Domain.Models;

/// <summary>A published model: two heads trained on one state of the ratings.</summary>
public sealed class ModelVersion
{
    /// <summary>Counts up from 1; also the name of its file.</summary>
    public int Id { get; init; }

    public DateTime CreatedUtc { get; init; }

    /// <summary>The training run that made it.</summary>
    public int RunId { get; init; }

    /// <summary>The ratings revision it was trained on; the store's revision minus this is "ratings since".</summary>
    public long RatingsRevision { get; init; }

    public required string RankingAlgorithm { get; init; }

    public required string StarsAlgorithm { get; init; }

    public int Films { get; init; }

    public int Viewers { get; init; }

    public long Ratings { get; init; }

    /// <summary>Size of the file in bytes.</summary>
    public long Size { get; init; }

    /// <summary>SHA-256 of the file, in hex.</summary>
    public required string Checksum { get; init; }
}

sealed class ModelVersionConfiguration : IEntityTypeConfiguration<ModelVersion>
{
    public void Configure(EntityTypeBuilder<ModelVersion> builder)
    {
        builder.ToTable("ModelVersions");
        builder.Property(version => version.Id).ValueGeneratedNever();
        builder.Property(version => version.RankingAlgorithm).HasMaxLength(64);
        builder.Property(version => version.StarsAlgorithm).HasMaxLength(64);
        builder.Property(version => version.Checksum).HasMaxLength(64);
    }
}

public static class ModelVersionTable
{
    extension(AppDbContext db)
    {
        public DbSet<ModelVersion> ModelVersions => db.Set<ModelVersion>();
    }
}
