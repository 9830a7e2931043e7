using System.Diagnostics;
using System.Globalization;
using System.Text;
using MovieRecommender.Domain.Evaluation;
using MovieRecommender.Domain.Factorization;

namespace MovieRecommender.Benchmarks;

/// <summary>How training grows with the ratings, on one thread and two. Every point is a process of its own, so that its peak memory is its own.</summary>
static class Scale
{
    static readonly (int Ratings, int People, int Films)[] Sizes = [(100_000, 690, 5_000), (1_000_000, 6_900, 20_000), (20_000_000, 137_931, 61_962)];

    static readonly (string Name, int Most, Func<ITrainer> Create)[] Candidates =
    [
        ("biased-mf, plain", 20_000_000, () => new BiasedMfTrainer(new BiasedMfOptions { Members = 1, Factors = 8, Sweeps = 5, AudienceRank = 0, ChoiceRank = 0, Neighbours = 0 })),
        ("biased-mf", 1_000_000, () => new BiasedMfTrainer()),
        ("linear-autoencoder", 20_000_000, () => new LinearAutoencoderTrainer()),
        ("linear-autoencoder, rank 256", 20_000_000, () => new LinearAutoencoderTrainer(new LinearAutoencoderOptions { Rank = 256, NextRank = 64, Passes = 1 })),
        ("recommender-net, article", 20_000_000, () => new RecommenderNetTrainer(RecommenderNetOptions.Article)),
    ];

    /// <param name="args">The largest number of ratings, and a file for the drawing; or <c>point CANDIDATE SIZE</c>; or <c>export SIZE FILE</c> for a peer, "user item stars" by line.</param>
    internal static int Run(string[] args)
    {
        if (args is ["point", var candidate, var size])
            return Point(int.Parse(candidate, CultureInfo.InvariantCulture), int.Parse(size, CultureInfo.InvariantCulture));
        if (args is ["export", var which, var to])
            return Export(int.Parse(which, CultureInfo.InvariantCulture), to);
        var largest = args is [var wanted, ..] ? int.Parse(wanted, CultureInfo.InvariantCulture) : 1_000_000;
        Console.WriteLine(Machine.Describe());
        var lines = new List<(string Name, List<(double Ratings, double Seconds)> Points)>();
        for (var c = 0; c < Candidates.Length; c++)
        {
            foreach (var threads in (int[])[1, 2])
            {
                var points = new List<(double, double)>();
                // The slowest points are left out: one thread on the largest set, and what takes minutes there.
                var most = Math.Min(largest, threads == 1 ? 1_000_000 : Candidates[c].Most);
                for (var s = 0; s < Sizes.Length && Sizes[s].Ratings <= most; s++)
                {
                    var answer = Child(c, s, threads).Split('\t');
                    var seconds = double.Parse(answer[0], CultureInfo.InvariantCulture);
                    points.Add((Sizes[s].Ratings, seconds));
                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Candidates[c].Name,-30} {Sizes[s].Ratings,12:N0} ratings  {threads} threads  {seconds,9:F2} s  peak {answer[1]} MiB  {answer[2]}"));
                }
                lines.Add((string.Create(CultureInfo.InvariantCulture, $"{Candidates[c].Name}, {threads} thread{(threads == 1 ? "" : "s")}"), points));
            }
        }
        if (args is [_, var file, ..])
            File.WriteAllText(file, Draw(lines));
        return 0;
    }

    static int Point(int candidate, int size)
    {
        var (ratings, people, films) = Sizes[size];
        var all = SyntheticRatings.Generate(people, films, ratings, seed: 1);
        var matrix = RatingMatrix.Build(people, films, all.Take(ratings - HeldOut(ratings)));
        var nothing = new ItemFeatures([.. Enumerable.Repeat<IReadOnlyList<string>>([], films)], [.. Enumerable.Repeat<int?>(null, films)], [.. Enumerable.Repeat<IReadOnlyList<string>>([], films)]);
        // What the generator leaves behind is not the trainer's.
        GC.Collect();
        var start = Stopwatch.GetTimestamp();
        var model = Candidates[candidate].Create().Train(new TrainingSet(matrix, nothing), null, CancellationToken.None);
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        using var self = Process.GetCurrentProcess();
        var peak = self.PeakWorkingSet64 >> 20;
        // A few thousand held-out ratings tell the error to three digits.
        var quality = model is StarModel stars ? string.Create(CultureInfo.InvariantCulture, $"RMSE {Evaluator.Rating(stars, matrix, [.. Judged(all, ratings)]).Rmse:F4}") : "-";
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{seconds}\t{peak}\t{quality}"));
        return 0;
    }

    static int HeldOut(int ratings) => ratings / 100;

    static IEnumerable<RatingEntry> Judged(IEnumerable<RatingEntry> all, int ratings) => all.Skip(ratings - HeldOut(ratings)).Take(5000);

    static int Export(int size, string file)
    {
        var (ratings, people, films) = Sizes[size];
        var all = SyntheticRatings.Generate(people, films, ratings, seed: 1);
        Write(file, all.Take(ratings - HeldOut(ratings)));
        Write(file + ".test", Judged(all, ratings));
        return 0;
    }

    static void Write(string file, IEnumerable<RatingEntry> ratings) =>
        File.WriteAllLines(file, ratings.Select(rating => string.Create(CultureInfo.InvariantCulture, $"{rating.User} {rating.Item} {rating.Stars}")));

    static string Child(int candidate, int size, int threads)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, UseShellExecute = false };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) is "dotnet")
            start.ArgumentList.Add(typeof(Scale).Assembly.Location);
        foreach (var argument in (string[])["scale", "point", candidate.ToString(CultureInfo.InvariantCulture), size.ToString(CultureInfo.InvariantCulture)])
            start.ArgumentList.Add(argument);
        start.Environment["DOTNET_PROCESSOR_COUNT"] = threads.ToString(CultureInfo.InvariantCulture);
        using var process = Process.Start(start)!;
        var answer = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        return process.ExitCode == 0 ? answer : throw new InvalidOperationException($"Point {candidate} {size} failed.");
    }

    /// <summary>Seconds over ratings, both on logarithmic axes; a line for each candidate, dashed on one thread.</summary>
    static string Draw(List<(string Name, List<(double Ratings, double Seconds)> Points)> lines)
    {
        string[] colours = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9"];
        static double X(double ratings) => 60 + (180 * (Math.Log10(ratings) - 5));
        static double Y(double seconds) => 330 - (70 * (Math.Log10(Math.Max(seconds, 0.01)) + 2));
        var svg = new StringBuilder();
        svg.AppendLine("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 780 370\" font-family=\"sans-serif\" font-size=\"12\">");
        svg.AppendLine("<rect width=\"780\" height=\"370\" fill=\"white\"/>");
        foreach (var (label, seconds) in new[] { ("10 ms", 0.01), ("0.1 s", 0.1), ("1 s", 1.0), ("10 s", 10.0), ("100 s", 100.0) })
            svg.AppendLine(CultureInfo.InvariantCulture, $"<path d=\"M60 {Y(seconds):F0}H500\" stroke=\"#ddd\"/><text x=\"54\" y=\"{Y(seconds) + 4:F0}\" text-anchor=\"end\">{label}</text>");
        foreach (var (label, ratings) in new[] { ("100 k", 1e5), ("1 M", 1e6), ("10 M", 1e7) })
            svg.AppendLine(CultureInfo.InvariantCulture, $"<text x=\"{X(ratings):F0}\" y=\"350\" text-anchor=\"middle\">{label}</text>");
        for (var i = 0; i < lines.Count; i++)
        {
            var path = string.Join(' ', lines[i].Points.Select(point => string.Create(CultureInfo.InvariantCulture, $"{X(point.Ratings):F1},{Y(point.Seconds):F1}")));
            var dash = i % 2 == 0 ? " stroke-dasharray=\"5 3\"" : "";
            svg.AppendLine(CultureInfo.InvariantCulture, $"<polyline points=\"{path}\" fill=\"none\" stroke=\"{colours[i / 2]}\" stroke-width=\"2\"{dash}/>");
            svg.AppendLine(CultureInfo.InvariantCulture, $"<path d=\"M515 {30 + (22 * i)}h24\" stroke=\"{colours[i / 2]}\" stroke-width=\"2\"{dash}/><text x=\"545\" y=\"{34 + (22 * i)}\">{lines[i].Name}</text>");
        }
        svg.AppendLine("<text x=\"280\" y=\"366\" text-anchor=\"middle\">ratings</text></svg>");
        return svg.ToString();
    }
}
