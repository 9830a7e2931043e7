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
/// Our import of a MovieLens csv folder beside <c>sqlite3 .import</c> of the same files, in turns in the same run, each into a new database.
/// Ours also checks every value, keeps keys, indices and counts, and puts the films where pages find them.
/// </summary>
static class ImportSpeed
{
    const int Rounds = 9;
    const int WarmUps = 3;
    static readonly string[] Files = ["movies", "links", "ratings", "tags"];

    internal static async Task<int> RunAsync(string folder)
    {
        var rounds = new List<(double Whole, double Ratings, double TheirWhole, double TheirRatings)>();
        // The first rounds compile the code and are not counted.
        for (var round = -WarmUps; round < Rounds; round++)
        {
            var temporary = Directory.CreateTempSubdirectory("movierecommender-benchmark-").FullName;
            var (whole, ratings) = await OursAsync(folder, Path.Combine(temporary, "ours"));
            var theirWhole = await SqliteShellAsync(folder, Files, Path.Combine(temporary, "whole.db"));
            var theirRatings = await SqliteShellAsync(folder, ["ratings"], Path.Combine(temporary, "ratings.db"));
            Directory.Delete(temporary, recursive: true);
            if (round >= 0) rounds.Add((whole, ratings, theirWhole, theirRatings));
        }
        Console.WriteLine($"Median of {Rounds} rounds (least–most), {Environment.ProcessorCount} processors, .NET {Environment.Version}");
        Print("whole folder", rounds.Select(round => (round.Whole, round.TheirWhole)));
        Print("ratings only", rounds.Select(round => (round.Ratings, round.TheirRatings)));
        return 0;
    }

    /// <returns>Seconds from the first byte to the end, and from the first rating to the end: tags, counting and reloading the films included.</returns>
    static async Task<(double Whole, double Ratings)> OursAsync(string folder, string store)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddDomain(store);
        using var host = builder.Build();
        await StoreSetup.MigrateAsync(host.Services);
        var clock = Stopwatch.StartNew();
        var steps = new Steps(clock);
        using var data = await host.Services.GetRequiredService<DataSources>().OpenAsync(folder);
        await host.Services.GetRequiredService<DataImporter>().ImportAsync(Caller.Operator, data, steps);
        var seconds = clock.Elapsed.TotalSeconds;
        SqliteConnection.ClearAllPools();
        return (seconds, seconds - steps.RatingsBegan);
    }

    static async Task<double> SqliteShellAsync(string folder, string[] files, string database)
    {
        var start = new ProcessStartInfo("sqlite3") { RedirectStandardError = true, UseShellExecute = false };
        start.ArgumentList.Add(database);
        start.ArgumentList.Add("""
            CREATE TABLE movies(movieId INTEGER, title TEXT, genres TEXT);
            CREATE TABLE links(movieId INTEGER, imdbId TEXT, tmdbId INTEGER);
            CREATE TABLE ratings(userId INTEGER, movieId INTEGER, rating REAL, timestamp INTEGER);
            CREATE TABLE tags(userId INTEGER, movieId INTEGER, tag TEXT, timestamp INTEGER);
            """);
        start.ArgumentList.Add(".mode csv");
        foreach (var file in files) start.ArgumentList.Add($".import --skip 1 '{Path.Combine(folder, file + ".csv")}' {file}");
        var clock = Stopwatch.StartNew();
        using var process = Process.Start(start) ?? throw new InvalidOperationException("sqlite3 does not start; install Debian's package sqlite3.");
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? clock.Elapsed.TotalSeconds : throw new InvalidOperationException($"sqlite3 failed: {errors}");
    }

    static void Print(string what, IEnumerable<(double Ours, double Theirs)> rounds)
    {
        var all = rounds.ToList();
        Console.WriteLine($"{what}: ours {Middle(all.Select(round => round.Ours), "0.000")} s, sqlite3 .import {Middle(all.Select(round => round.Theirs), "0.000")} s, ratio {Middle(all.Select(round => round.Ours / round.Theirs), "0.00")}");
    }

    static string Middle(IEnumerable<double> values, string format)
    {
        var sorted = values.Order().Select(value => value.ToString(format, CultureInfo.InvariantCulture)).ToList();
        return $"{sorted[sorted.Count / 2]} ({sorted[0]}–{sorted[^1]})";
    }

    sealed class Steps(Stopwatch clock) : IProgress<ImportProgress>
    {
        public double RatingsBegan { get; private set; }

        public void Report(ImportProgress value)
        {
            if (value.Step.ToString().StartsWith("Reading the ratings", StringComparison.Ordinal)) RatingsBegan = clock.Elapsed.TotalSeconds;
        }
    }
}
