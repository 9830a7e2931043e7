using System.Diagnostics;
using System.Globalization;
using MovieRecommender.Domain;

namespace MovieRecommender.Benchmarks.Fuzzing;

/// <summary>Runs parsers on changed files, seeded by the number of the run, so that a fault can be repeated. Prints each kind of fault once.</summary>
static class Fuzz
{
    internal static int Run(string name, int count)
    {
        using var parsers = new Parsers();
        var chosen = parsers.All.Where(parser => name == "all" || parser.Name == name).ToList();
        if (chosen.Count == 0)
        {
            Console.Error.WriteLine($"There is no parser '{name}'; there are all, {string.Join(", ", parsers.All.Select(parser => parser.Name))}.");
            return 2;
        }
        var faults = 0;
        foreach (var parser in chosen)
        {
            var clock = Stopwatch.StartNew();
            var (read, refused) = (0, 0);
            var seen = new HashSet<string>(StringComparer.Ordinal);
            for (var run = 0; run < count; run++)
            {
                var (file, content) = parser.Seeds[run % parser.Seeds.Length];
                try
                {
                    parser.Run(file, Parsers.Mutate(content, new Random(run)));
                    read++;
                }
                catch (InvalidInputException)
                {
                    refused++;
                }
#pragma warning disable CA1031 // Any other exception is what is looked for.
                catch (Exception error)
#pragma warning restore CA1031
                {
                    if (seen.Add($"{error.GetType().Name} {error.StackTrace?.Split('\n')[0]}")) Console.WriteLine($"{parser.Name}, run {run}: {error}");
                }
            }
            faults += seen.Count;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {parser.Name} | {count:N0} | {read:N0} | {refused:N0} | {seen.Count} | {count / clock.Elapsed.TotalSeconds:N0} a second |"));
        }
        return faults == 0 ? 0 : 1;
    }
}
