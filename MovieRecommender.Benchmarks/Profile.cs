using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using MovieRecommender.Domain.Factorization;

namespace MovieRecommender.Benchmarks;

/// <summary>Where training time goes: the time before each kind of progress report, on all of ml-latest-small, warm.</summary>
static partial class Profile
{
    internal static int Run(string[] args)
    {
        var datasets = args is [var folder, ..] ? folder : "../shared/datasets";
        Console.WriteLine(Machine.Describe());
        var data = MovieLensFolder.Read(Path.Combine(datasets, "ml-latest-small"));
        var training = data.Train(data.Ratings);
        foreach (var trainer in Trainers.All)
        {
            trainer.Train(training, null, CancellationToken.None);
            var watch = new Watch();
            trainer.Train(training, watch, CancellationToken.None);
            watch.Print(trainer.Name);
        }
        return 0;
    }

    [GeneratedRegex(@"\d+", RegexOptions.None, 1000)]
    private static partial Regex Number();

    sealed class Watch : IProgress<TrainingProgress>
    {
        readonly List<(string Step, double Seconds)> steps = [];
        long last = Stopwatch.GetTimestamp();

        public void Report(TrainingProgress value)
        {
            // The first report also waits for what is prepared before it.
            var step = steps.Count == 0 ? "everything before, and the first step" : Number().Replace(value.Step, "n");
            steps.Add((step, Stopwatch.GetElapsedTime(last).TotalSeconds));
            last = Stopwatch.GetTimestamp();
        }

        internal void Print(string trainer)
        {
            steps.Add(("everything after", Stopwatch.GetElapsedTime(last).TotalSeconds));
            foreach (var step in steps.GroupBy(step => step.Step, StringComparer.Ordinal))
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{trainer,-20} {step.Key,-40} {step.Count(),4} × {step.Average(one => one.Seconds) * 1000,8:F1} ms = {step.Sum(one => one.Seconds):F3} s"));
        }
    }
}
