using System.Diagnostics.CodeAnalysis;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Quartz;

namespace MovieRecommender.Domain.Training;

/// <summary>When to train by itself. An admin's plan is stored, in one row, and stands above the configuration.</summary>
public sealed record TrainingPlan
{
    /// <summary>Cron expression, five fields or six with seconds; empty for no schedule.</summary>
    public required string Schedule { get; init; }

    /// <summary>Time zone of the schedule, an IANA name.</summary>
    public required string TimeZone { get; init; }

    /// <summary>Train after this many new or changed ratings, 1 to 1,000,000,000; 0 for never.</summary>
    public required int AfterChanges { get; init; }

    /// <summary>The next time the schedule is due after a moment, or null when there is none.</summary>
    public DateTimeOffset? NextRun(DateTimeOffset after)
        => TryParse(Schedule, out var cron) ? cron.WithTimeZone(TimeZoneInfo.FindSystemTimeZoneById(TimeZone)).GetNextValidTimeAfter(after) : null;

    /// <summary>The next times the schedule is due, each with the offset its time zone has by then.</summary>
    public IReadOnlyList<DateTimeOffset> NextRuns(DateTimeOffset after, int most)
    {
        var times = new List<DateTimeOffset>();
        while (times.Count < most && NextRun(times.Count == 0 ? after : times[^1]) is { } next) times.Add(TimeZoneInfo.ConvertTime(next, TimeZoneInfo.FindSystemTimeZoneById(TimeZone)));
        return times;
    }

    /// <summary>Says what is wrong, naming key, value and what is allowed.</summary>
    /// <param name="key">What the reader calls a property.</param>
    internal IEnumerable<string> Faults(DateTimeOffset now, Func<string, string> key)
    {
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(TimeZone, out _))
            yield return $"{key(nameof(TimeZone))} is '{TimeZone}'; allowed is an IANA time zone such as 'Europe/Berlin' or 'UTC'.";
        if (!string.IsNullOrWhiteSpace(Schedule))
        {
            if (!TryParse(Schedule, out var cron))
                yield return $"{key(nameof(Schedule))} is '{Schedule}'; allowed is a cron expression such as '0 3 * * *' (every night at three), or nothing.";
            else if (cron.GetNextValidTimeAfter(now) is null)
                yield return $"{key(nameof(Schedule))} is '{Schedule}', which never comes; allowed is a cron expression with a next time.";
        }
        if (AfterChanges is < 0 or > 1_000_000_000)
            yield return $"{key(nameof(AfterChanges))} is {AfterChanges}; allowed is 0 (never) to 1,000,000,000.";
    }

    static bool TryParse(string schedule, [NotNullWhen(true)] out CronExpression? cron)
    {
        var text = schedule.Trim();
        var fields = text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length;
        return fields == 5
            ? CronExpression.TryParse(text, CronFormat.Unix, out cron)
            : CronExpression.TryParse(text, out cron);
    }
}

sealed class TrainingPlanConfiguration : IEntityTypeConfiguration<TrainingPlan>
{
    public void Configure(EntityTypeBuilder<TrainingPlan> builder)
    {
        builder.ToTable("TrainingPlans");
        builder.Property<int>("Id").ValueGeneratedNever();
        builder.Property(plan => plan.Schedule).HasMaxLength(TrainingSchedule.LongestText);
        builder.Property(plan => plan.TimeZone).HasMaxLength(TrainingSchedule.LongestText);
    }
}
