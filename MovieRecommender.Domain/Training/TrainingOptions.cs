using Microsoft.Extensions.Options;
using MovieRecommender.Domain.Factorization;

namespace MovieRecommender.Domain.Training;

/// <summary>When and what to train; configuration section <c>Training</c>, checked at start. An admin's <see cref="TrainingPlan"/> stands above the first three.</summary>
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

    internal TrainingPlan Plan => new() { Schedule = Schedule, TimeZone = TimeZone, AfterChanges = AfterChanges };

    /// <summary>Says what is wrong, naming key, value and what is allowed.</summary>
    public sealed class Validator(TimeProvider time) : IValidateOptions<TrainingOptions>
    {
        public ValidateOptionsResult Validate(string? name, TrainingOptions options)
        {
            var wrong = options.Plan.Faults(time.GetUtcNow(), key => $"{Section}:{key}").ToList();
            wrong.AddRange(options.Algorithms.Where(algorithm => !Trainers.Names.Contains(algorithm, StringComparer.Ordinal))
                .Select(algorithm => $"Training:Algorithms names '{algorithm}'; allowed are {string.Join(", ", Trainers.Names)}."));
            return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
        }
    }
}
