using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Options;
using MovieRecommender.Domain.Factorization;
using Quartz;

namespace MovieRecommender.Domain.Training;

/// <summary>When and what to train; configuration section <c>Training</c>, checked at start.</summary>
public sealed class TrainingOptions
{
    public const string Section = "Training";

    /// <summary>Cron expression, five fields or six with seconds. Default <c>0 3 * * *</c>, every night at three; empty for no schedule.</summary>
    public string Schedule { get; set; } = "0 3 * * *";

    /// <summary>Time zone of the schedule, an IANA name. Default <c>UTC</c>.</summary>
    public string TimeZone { get; set; } = "UTC";

    /// <summary>Train after this many new or changed ratings, 1 to 1,000,000,000; 0 for never. Default 500.</summary>
    public int AfterChanges { get; set; } = 500;

    /// <summary>The candidates, by name. Default empty: all of them.</summary>
    public IReadOnlyList<string> Algorithms { get; set; } = [];

    internal CronExpression? Cron => TryParse(Schedule, out var cron) ? cron : null;

    /// <summary>The next time the schedule is due, or null when there is none.</summary>
    public DateTimeOffset? NextRun(DateTimeOffset now)
        => Cron?.WithTimeZone(TimeZoneInfo.FindSystemTimeZoneById(TimeZone)).GetNextValidTimeAfter(now);

    internal static bool TryParse(string schedule, [NotNullWhen(true)] out CronExpression? cron)
    {
        var text = schedule.Trim();
        var fields = text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length;
        return fields == 5
            ? CronExpression.TryParse(text, CronFormat.Unix, out cron)
            : CronExpression.TryParse(text, out cron);
    }

    /// <summary>Says what is wrong, naming key, value and what is allowed.</summary>
    public sealed class Validator(TimeProvider time) : IValidateOptions<TrainingOptions>
    {
        public ValidateOptionsResult Validate(string? name, TrainingOptions options)
        {
            var wrong = new List<string>();
            if (!TimeZoneInfo.TryFindSystemTimeZoneById(options.TimeZone, out _))
                wrong.Add($"Training:TimeZone is '{options.TimeZone}'; allowed is an IANA time zone such as 'Europe/Berlin' or 'UTC'.");
            if (!string.IsNullOrWhiteSpace(options.Schedule))
            {
                if (!TryParse(options.Schedule, out var cron))
                    wrong.Add($"Training:Schedule is '{options.Schedule}'; allowed is a cron expression such as '0 3 * * *' (every night at three), or nothing.");
                else if (cron.GetNextValidTimeAfter(time.GetUtcNow()) is null)
                    wrong.Add($"Training:Schedule is '{options.Schedule}', which never comes; allowed is a cron expression with a next time.");
            }
            if (options.AfterChanges is < 0 or > 1_000_000_000)
                wrong.Add($"Training:AfterChanges is {options.AfterChanges}; allowed is 0 (never) to 1,000,000,000.");
            wrong.AddRange(options.Algorithms.Where(algorithm => !Trainers.Names.Contains(algorithm, StringComparer.Ordinal))
                .Select(algorithm => $"Training:Algorithms names '{algorithm}'; allowed are {string.Join(", ", Trainers.Names)}."));
            return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
        }
    }
}
