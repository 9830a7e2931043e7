using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Net.Mime;
using System.Text.Json;

namespace MovieRecommender.Benchmarks.Web;

/// <summary>
/// Recommendations for random people over HTTP: how many a second beside an endpoint of the same server that says only that it lives,
/// and whether changing the live model back and forth is felt. People are random ratings of well-known films, and people of the folder
/// with their first ratings and with all.
/// </summary>
static class Load
{
    const int Clients = 8;
    const int Rounds = 5;
    const int RatingsOfAPerson = 20;
    const int PerSecond = 200;
    const int Promotions = 20;
    static readonly TimeSpan Round = TimeSpan.FromSeconds(3);
    static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    internal static async Task<int> RunAsync(string folder)
    {
        Console.WriteLine(Machine.Describe());
        await using var app = await RunningApp.StartAsync(folder);
        using var client = app.NewClient(app.Token);
        var films = await FilmsAsync(client);
        var people = MovieLensFolder.Read(folder);
        var histories = people.Train(people.Ratings).Ratings;
        byte[] Known(Random random, int most)
        {
            var history = histories.HistoryOf(random.Next(people.Users));
            return BodyOf(history[..Math.Min(most, history.Length)].ToArray().Select(rated => (people.MovieIds[rated.Item], (double)rated.Stars)));
        }
        using var anyone = app.NewClient();
        await ThroughputAsync(
            [("without a token", anyone), ("with a token", client)],
            [
                ($"{RatingsOfAPerson} well-known films", random => Someone(random, films)),
                ($"people's first {RatingsOfAPerson} ratings", random => Known(random, RatingsOfAPerson)),
                ("people's whole histories", random => Known(random, int.MaxValue)),
            ]);
        await PromotionsAsync(client, films);
        return 0;
    }

    static async Task ThroughputAsync((string Who, HttpClient Client)[] callers, (string Whose, Func<Random, byte[]> Body)[] kinds)
    {
        var ratios = new Dictionary<string, List<double>>();
        for (var round = -2; round < Rounds; round++)
        {
            foreach (var (who, client) in callers)
            {
                var hello = await BusyAsync(() => AskAsync(client, new(HttpMethod.Get, "/health/live")));
                foreach (var (whose, body) in kinds)
                {
                    var random = new Random(round + 3);
                    var people = Enumerable.Range(0, 200).Select(_ => body(random)).ToArray();
                    var next = 0;
                    var recommend = await BusyAsync(() => RecommendAsync(client, people[Interlocked.Increment(ref next) % people.Length]));
                    // The first two compile the code, as far as it goes.
                    if (round < 0) continue;
                    var ratio = recommend.Count / (double)hello.Count;
                    var row = $"{who}, {whose}";
                    if (!ratios.TryGetValue(row, out var all)) ratios.Add(row, all = []);
                    all.Add(ratio);
                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                        $"{row}: hello {hello.Count / Round.TotalSeconds:0} a second; recommendations {recommend.Count / Round.TotalSeconds:0}, p50 {At(recommend, .5):0.0} ms, p99 {At(recommend, .99):0.0} ms; ratio {ratio:0.00}"));
                }
            }
        }
        foreach (var (row, all) in ratios)
        {
            all.Sort();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{row}: ratio, median of {Rounds} rounds: {all[Rounds / 2]:0.00} ({all[0]:0.00}–{all[^1]:0.00})"));
        }
    }

    static async Task PromotionsAsync(HttpClient client, int[] films)
    {
        // A second version to change to and fro with.
        using (var run = await client.PostAsync("/api/v1/admin/training/runs", null)) run.EnsureSuccessStatusCode();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(500));
        int[] versions;
        do
        {
            await timer.WaitForNextTickAsync();
            var models = await client.GetFromJsonAsync<JsonElement>("/api/v1/admin/models");
            versions = [.. models.EnumerateArray().Select(model => model.GetProperty("version").GetInt32())];
        }
        while (versions.Length < 2);
        var quiet = await SteadyAsync(client, films, _ => Task.CompletedTask);
        var changing = await SteadyAsync(client, films, async i =>
        {
            using var answer = await client.PostAsync($"/api/v1/admin/models/{versions[i % 2]}/promote", null);
            answer.EnsureSuccessStatusCode();
        });
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{PerSecond} a second for a minute: p50 {At(quiet, .5):0.0} ms, p99 {At(quiet, .99):0.0} ms, none failed"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"the same with {Promotions} promotions: p50 {At(changing, .5):0.0} ms, p99 {At(changing, .99):0.0} ms, none failed; p99 ratio {At(changing, .99) / At(quiet, .99):0.00}"));
    }

    /// <summary>Sends at a steady rate, whether or not answers keep up, while something else happens now and then.</summary>
    static async Task<List<double>> SteadyAsync(HttpClient client, int[] films, Func<int, Task> meanwhile)
    {
        var random = new Random(7);
        var clock = Stopwatch.StartNew();
        var pending = new List<Task<double>>();
        var events = new List<Task>();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (clock.Elapsed < Minute && await timer.WaitForNextTickAsync())
        {
            while (pending.Count < clock.Elapsed.TotalSeconds * PerSecond) pending.Add(RecommendAsync(client, Someone(random, films)));
            if (events.Count < clock.Elapsed / Minute * Promotions) events.Add(meanwhile(events.Count));
        }
        await Task.WhenAll(events);
        return [.. (await Task.WhenAll(pending)).Order()];
    }

    /// <summary>As many as a few clients get answered, one at a time each.</summary>
    static async Task<List<double>> BusyAsync(Func<Task<double>> ask)
    {
        var clock = Stopwatch.StartNew();
        var clients = Enumerable.Range(0, Clients).Select(async _ =>
        {
            var times = new List<double>();
            while (clock.Elapsed < Round) times.Add(await ask());
            return times;
        });
        return [.. (await Task.WhenAll(clients)).SelectMany(times => times).Order()];
    }

    static Task<double> RecommendAsync(HttpClient client, byte[] person)
        => AskAsync(client, new(HttpMethod.Post, "/api/v1/recommendations") { Content = new ByteArrayContent(person) { Headers = { ContentType = new(MediaTypeNames.Application.Json) } } });

    /// <returns>Milliseconds until the whole answer is here.</returns>
    static async Task<double> AskAsync(HttpClient client, HttpRequestMessage request)
    {
        var start = Stopwatch.GetTimestamp();
        using (request)
        using (var answer = await client.SendAsync(request))
        {
            answer.EnsureSuccessStatusCode();
            _ = await answer.Content.ReadAsByteArrayAsync();
        }
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    static byte[] Someone(Random random, int[] films)
        => BodyOf(Enumerable.Range(0, RatingsOfAPerson).Select(_ => films[random.Next(films.Length)]).Distinct().Select(film => (film, random.Next(1, 11) / 2.0)));

    /// <summary>The body of a request, written beforehand: what is measured is the server.</summary>
    static byte[] BodyOf(IEnumerable<(int Film, double Stars)> ratings)
        => JsonSerializer.SerializeToUtf8Bytes(new { ratings = ratings.Select(rating => new { movieId = rating.Film, stars = rating.Stars }).ToArray() });

    static async Task<int[]> FilmsAsync(HttpClient client)
    {
        var films = await client.GetFromJsonAsync<JsonElement>("/api/v1/movies?pageSize=100&sort=popularity");
        return [.. films.GetProperty("items").EnumerateArray().Select(film => film.GetProperty("movieId").GetInt32())];
    }

    static double At(List<double> sorted, double share) => sorted[(int)(share * (sorted.Count - 1))];
}
