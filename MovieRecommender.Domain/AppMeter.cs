using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace MovieRecommender.Domain;

/// <summary>What the app tells about itself besides what the framework does; see <c>/metrics</c>.</summary>
public static class AppMeter
{
    public const string Name = "MovieRecommender";

    public static readonly Meter Meter = new(Name);

    static readonly Histogram<double> Recommending = Meter.CreateHistogram("movierecommender.recommendation.duration", "s",
        "Time to make a list: histories folded in, films scored, the best chosen, reasons worked out.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1] });

    static readonly Counter<long> Runs = Meter.CreateCounter<long>("movierecommender.training.runs", "{run}", "Training runs that ended, by outcome.");

    /// <summary>Counts a training run that ended.</summary>
    public static void RunEnded(string outcome) => Runs.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    /// <param name="began">From <see cref="Stopwatch.GetTimestamp"/>.</param>
    public static void Recommended(long began) => Recommending.Record(Stopwatch.GetElapsedTime(began).TotalSeconds);
}
