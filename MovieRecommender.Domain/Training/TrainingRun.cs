using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Domain.Training;

public enum RunState
{
    Queued = 0,
    Running = 1,

    /// <summary>A new version is on the shelf; it serves, unless another is pinned.</summary>
    Published = 2,

    /// <summary>Trained, but the gate kept the version that serves.</summary>
    Kept = 3,
    Failed = 4,
    Cancelled = 5,
}

/// <summary>One training: asked for, carried out, judged.</summary>
public sealed class TrainingRun
{
    public int Id { get; init; }

    public RunState State { get; set; }

    /// <summary>Who or what asked: an admin's address, the schedule, or a number of new ratings.</summary>
    public required string RequestedBy { get; init; }

    public DateTime QueuedUtc { get; init; }

    public DateTime? StartedUtc { get; set; }

    public DateTime? FinishedUtc { get; set; }

    /// <summary>Why it ended as it did, in one sentence.</summary>
    public string? Outcome { get; set; }

    /// <summary>The ratings revision it learned from; 0 until it begins.</summary>
    public long RatingsRevision { get; set; }

    /// <summary>JSON of a <see cref="TrainingChoice"/>; null for what the configuration says.</summary>
    public string? Choice { get; init; }

    /// <summary>The version it published.</summary>
    public int? VersionId { get; set; }

    /// <summary>JSON of a <see cref="RunScorecard"/>.</summary>
    public string? Scorecard { get; set; }

    public bool IsOver => State > RunState.Running;
}

sealed class TrainingRunConfiguration : IEntityTypeConfiguration<TrainingRun>
{
    public void Configure(EntityTypeBuilder<TrainingRun> builder)
    {
        builder.ToTable("TrainingRuns");
        builder.Ignore(run => run.IsOver);
        builder.Property(run => run.RequestedBy).HasMaxLength(256);
        builder.HasIndex(run => run.State);
    }
}

public static class TrainingRunTable
{
    extension(AppDbContext db)
    {
        public DbSet<TrainingRun> TrainingRuns => db.Set<TrainingRun>();
    }
}
