using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using MovieRecommender.Domain;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Catalog;
using MovieRecommender.Domain.Imports;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Benchmarks;

/// <summary>
/// Our import of a MovieLens folder beside <c>sqlite3 .import</c> of its ratings, in turns in the same run, each into a new database.
/// Ours also reads films, links and tags, checks every value, keeps keys, indices and counts, and is durable when it ends.
/// </summary>
static class ImportSpeed
{
    const int Rounds = 7;

    internal static async Task<int> RunAsync(string folder)
    {
        var ours = new double[Rounds];
        var theirs = new double[Rounds];
        var ratios = new double[Rounds];
        long ratings = 0;
        // The first round, which compiles the code, is not counted.
        for (var round = -1; round < Rounds; round++)
        {
            var temporary = Directory.CreateTempSubdirectory("movierecommender-benchmark-").FullName;
            var (seconds, count) = await OursAsync(folder, Path.Combine(temporary, "ours"));
            var other = await SqliteShellAsync(Path.Combine(folder, "ratings.csv"), Path.Combine(temporary, "theirs.db"));
            Directory.Delete(temporary, recursive: true);
            if (round < 0) continue;
            (ours[round], theirs[round], ratios[round], ratings) = (seconds, other, seconds / other, count);
        }
        Array.Sort(ours);
        Array.Sort(theirs);
        Array.Sort(ratios);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{ratings:N0} ratings, median of {Rounds} rounds (least–most), {Environment.ProcessorCount} processors"));
        Console.WriteLine(Line("MovieRecommender import", ours));
        Console.WriteLine(Line("sqlite3 .import", theirs));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{"ratio, round by round",-24} {ratios[Rounds / 2]:0.00} ({ratios[0]:0.00}–{ratios[^1]:0.00})"));
        return 0;
    }

    static async Task<(double Seconds, long Ratings)> OursAsync(string folder, string store)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddDomain(store);
        using var host = builder.Build();
        await StoreSetup.MigrateAsync(host.Services);
        var clock = Stopwatch.StartNew();
        using var data = await host.Services.GetRequiredService<DataSources>().OpenAsync(folder);
        var result = await host.Services.GetRequiredService<DataImporter>().ImportAsync(Caller.Operator, data);
        var seconds = clock.Elapsed.TotalSeconds;
        SqliteConnection.ClearAllPools();
        return (seconds, result.Ratings);
    }

    static async Task<double> SqliteShellAsync(string ratings, string database)
    {
        var start = new ProcessStartInfo("sqlite3") { RedirectStandardError = true, UseShellExecute = false };
        start.ArgumentList.Add(database);
        start.ArgumentList.Add("CREATE TABLE ratings(userId INTEGER, movieId INTEGER, rating REAL, timestamp INTEGER)");
        start.ArgumentList.Add(".mode csv");
        start.ArgumentList.Add($".import --skip 1 '{ratings}' ratings");
        var clock = Stopwatch.StartNew();
        using var process = Process.Start(start) ?? throw new InvalidOperationException("sqlite3 does not start; install Debian's package sqlite3.");
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? clock.Elapsed.TotalSeconds : throw new InvalidOperationException($"sqlite3 failed: {errors}");
    }

    static string Line(string name, double[] seconds)
        => string.Create(CultureInfo.InvariantCulture, $"{name,-24} {seconds[Rounds / 2]:0.000} s ({seconds[0]:0.000}–{seconds[^1]:0.000})");
}
