using System.Globalization;
using System.Text.RegularExpressions;

namespace MovieRecommender.Domain.Training;

public enum TrainingRhythm
{
    Off,
    Hours,
    Daily,
    Weekly,

    /// <summary>A cron expression that has no simpler words.</summary>
    Other,
}

/// <summary>A schedule as people say it.</summary>
/// <param name="Hours">Every so many hours, a divisor of a day; for <see cref="TrainingRhythm.Hours"/>.</param>
/// <param name="Day">For <see cref="TrainingRhythm.Weekly"/>.</param>
/// <param name="At">Time of the day; of an hour only the minute counts.</param>
/// <param name="Cron">As stored.</param>
public sealed partial record ScheduleWords(TrainingRhythm Rhythm, int Hours, DayOfWeek Day, TimeOnly At, string Cron)
{
    /// <summary>A rhythm that skips no part of the day and does not stumble at midnight.</summary>
    public static readonly IReadOnlyList<int> AllowedHours = [1, 2, 3, 4, 6, 8, 12];

    public static ScheduleWords Parse(string cron)
    {
        var text = cron.Trim();
        var night = new TimeOnly(3, 0);
        if (text.Length == 0) return new(TrainingRhythm.Off, 6, DayOfWeek.Sunday, night, "");
        if (Simple().Match(text) is { Success: true } match
            && int.Parse(match.Groups["minute"].ValueSpan, CultureInfo.InvariantCulture) is < 60 and var minute)
        {
            var day = match.Groups["day"].Value is { Length: 1 } number ? (DayOfWeek?)((number[0] - '0') % 7) : null;
            if (match.Groups["every"] is { Success: true } every)
            {
                var hours = every.Value == "*" ? 1 : int.Parse(every.ValueSpan[2..], CultureInfo.InvariantCulture);
                if (day is null && AllowedHours.Contains(hours)) return new(TrainingRhythm.Hours, hours, DayOfWeek.Sunday, new(0, minute), text);
            }
            else if (int.Parse(match.Groups["hour"].ValueSpan, CultureInfo.InvariantCulture) is < 24 and var hour)
            {
                return new(day is null ? TrainingRhythm.Daily : TrainingRhythm.Weekly, 6, day ?? DayOfWeek.Sunday, new(hour, minute), text);
            }
        }
        return new(TrainingRhythm.Other, 6, DayOfWeek.Sunday, night, text);
    }

    /// <summary>The cron expression that these words stand for.</summary>
    public string ToCron() => Rhythm switch
    {
        TrainingRhythm.Off => "",
        TrainingRhythm.Hours => string.Create(CultureInfo.InvariantCulture, $"{At.Minute} */{Hours} * * *"),
        TrainingRhythm.Daily => string.Create(CultureInfo.InvariantCulture, $"{At.Minute} {At.Hour} * * *"),
        TrainingRhythm.Weekly => string.Create(CultureInfo.InvariantCulture, $"{At.Minute} {At.Hour} * * {(int)Day}"),
        _ => Cron,
    };

    /// <summary>"every night at 03:00".</summary>
    public override string ToString()
    {
        var at = At.ToString("HH:mm", CultureInfo.InvariantCulture);
        return Rhythm switch
        {
            TrainingRhythm.Off => "no schedule",
            TrainingRhythm.Hours => $"every {(Hours == 1 ? "hour" : $"{Hours} hours")}{(At.Minute == 0 ? ", on the hour" : $", {At.Minute} minutes past")}",
            TrainingRhythm.Daily => $"every {(At.Hour < 6 ? "night" : "day")} at {at}",
            TrainingRhythm.Weekly => $"every {Day} at {at}",
            _ => $"the cron expression {Cron}",
        };
    }

    /// <summary>A whole plan: "every night at 03:00 (Europe/Berlin), and after 500 changes".</summary>
    public static string Of(TrainingPlan plan)
    {
        var words = Parse(plan.Schedule);
        var schedule = words.Rhythm == TrainingRhythm.Off ? $"{words}" : $"{words} ({plan.TimeZone})";
        return plan.AfterChanges == 0 ? $"{schedule}, whatever changes" : $"{schedule}, and after {plan.AfterChanges:N0} changes";
    }

    [GeneratedRegex(@"^(?<minute>\d{1,2}) ((?<every>\*(/\d{1,2})?)|(?<hour>\d{1,2})) \* \* (\*|(?<day>[0-7]))\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Simple();
}
