using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Domain.Imports;

public enum ImportState
{
    Queued = 0,
    Running = 1,
    Done = 2,
    Failed = 3,
    Cancelled = 4,
}

/// <summary>One import of a data set: asked for, carried out, reported.</summary>
public sealed class ImportJob
{
    public int Id { get; init; }

    public ImportState State { get; set; }

    /// <summary>What is imported, for people: a source's name or an uploaded file's.</summary>
    public required string Source { get; init; }

    /// <summary>Where it is read from: a source as <c>Catalog:Source</c> takes it, or the made-up name of an upload, whose file is deleted when the job is over.</summary>
    public required string Path { get; init; }

    public bool IsUpload { get; init; }

    /// <summary>Of the uploaded file, in bytes.</summary>
    public long? Size { get; init; }

    /// <summary>The hash a download must have, where an admin gave one.</summary>
    public string? Hash { get; init; }

    /// <summary>SHA-256 of a download that differs from what is known but may have been issued anew: importing it again with this hash confirms it.</summary>
    public string? Reissued { get; set; }

    public required string RequestedBy { get; init; }

    public DateTime QueuedUtc { get; init; }

    public DateTime? StartedUtc { get; set; }

    public DateTime? FinishedUtc { get; set; }

    /// <summary>Ratings read.</summary>
    public long Rows { get; set; }

    /// <summary>Rows that were skipped; the first 1,000 are in <see cref="Report"/>.</summary>
    public long Rejected { get; set; }

    /// <summary>JSON of an <see cref="ImportReport"/>.</summary>
    public string? Report { get; set; }

    /// <summary>How it ended, in one sentence.</summary>
    public string? Outcome { get; set; }

    public bool IsOver => State > ImportState.Running;
}

sealed class ImportJobConfiguration : IEntityTypeConfiguration<ImportJob>
{
    public void Configure(EntityTypeBuilder<ImportJob> builder)
    {
        builder.ToTable("ImportJobs");
        builder.Ignore(job => job.IsOver);
        builder.Property(job => job.Hash).HasMaxLength(64);
        builder.Property(job => job.Reissued).HasMaxLength(64);
        builder.Property(job => job.Source).HasMaxLength(512);
        builder.Property(job => job.Path).HasMaxLength(1024);
        builder.Property(job => job.RequestedBy).HasMaxLength(256);
    }
}

public static class ImportJobTable
{
    extension(AppDbContext db)
    {
        public DbSet<ImportJob> ImportJobs => db.Set<ImportJob>();
    }
}
