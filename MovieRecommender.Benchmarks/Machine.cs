using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace MovieRecommender.Benchmarks;

/// <summary>What a figure was measured on, and how.</summary>
static class Machine
{
    internal static string Describe()
    {
        const string Cpu = "/proc/cpuinfo", Load = "/proc/loadavg";
        var model = File.Exists(Cpu) ? File.ReadLines(Cpu).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[^1].Trim() : null;
        var load = File.Exists(Load) ? File.ReadAllText(Load).Split(' ')[0] : "unknown";
        return string.Create(CultureInfo.InvariantCulture, $"{model ?? RuntimeInformation.ProcessArchitecture.ToString()}, {Environment.ProcessorCount} cores, AVX-512 {(Avx512F.IsSupported ? "yes" : "no")}, {RuntimeInformation.FrameworkDescription}, load at start {load}");
    }

    /// <summary>Median, least and greatest wall time in seconds, after a second of runs, and at least one, that warm up: the code compiled for speed, the data near.</summary>
    internal static (double Median, double Least, double Greatest) Time(int runs, Action work)
    {
        var begun = System.Diagnostics.Stopwatch.GetTimestamp();
        do work();
        while (System.Diagnostics.Stopwatch.GetElapsedTime(begun).TotalSeconds < 1);
        var seconds = new double[runs];
        for (var run = 0; run < runs; run++)
        {
            var start = System.Diagnostics.Stopwatch.GetTimestamp();
            work();
            seconds[run] = System.Diagnostics.Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
        Array.Sort(seconds);
        return (seconds[runs / 2], seconds[0], seconds[^1]);
    }
}
