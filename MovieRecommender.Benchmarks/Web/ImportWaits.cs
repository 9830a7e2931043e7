using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;

namespace MovieRecommender.Benchmarks.Web;

/// <summary>How long somebody's ratings wait while a large data set comes in, which is made up here.</summary>
static class ImportWaits
{
    const int Films = 10_000;
    const int RatingsOfAPerson = 150;

    internal static async Task<int> RunAsync(string folder, int ratings)
    {
        Console.WriteLine(Machine.Describe());
        var data = Directory.CreateTempSubdirectory("movierecommender-benchmark-").FullName;
        Write(data, ratings);
        await using var app = await RunningApp.StartAsync(folder);
        using var client = app.NewClient(app.Token);
        var films = await client.GetFromJsonAsync<JsonElement>("/api/v1/movies?pageSize=100&sort=popularity");
        int[] known = [.. films.GetProperty("items").EnumerateArray().Select(film => film.GetProperty("movieId").GetInt32())];
        using var asked = await client.PostAsJsonAsync("/api/v1/admin/imports", new { source = data });
        asked.EnsureSuccessStatusCode();
        var clock = Stopwatch.StartNew();
        var waits = new List<double>();
        for (var i = 0; ; i++)
        {
            var began = clock.Elapsed;
            using var answer = await client.PutAsJsonAsync($"/api/v1/me/ratings/{known[i % known.Length]}", new { stars = ((i % 10) + 1) / 2.0 });
            answer.EnsureSuccessStatusCode();
            waits.Add((clock.Elapsed - began).TotalMilliseconds);
            if (i % 10 != 0) continue;
            var job = await client.GetFromJsonAsync<JsonElement>(asked.Headers.Location);
            if (job.GetProperty("state").GetString() is "queued" or "running") continue;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"import of {ratings:N0} ratings, {job.GetProperty("state")}: {clock.Elapsed.TotalSeconds:0.0} s"));
            break;
        }
        waits.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{waits.Count:N0} ratings given meanwhile, one after the other: p50 {waits[waits.Count / 2]:0.0} ms, p99 {waits[(int)(waits.Count * .99)]:0} ms, longest {waits[^1]:0} ms"));
        Directory.Delete(data, recursive: true);
        return 0;
    }

    /// <summary>A folder like MovieLens's, its people's ratings one after the other.</summary>
    static void Write(string folder, int ratings)
    {
        File.WriteAllLines(Path.Combine(folder, "movies.csv"), Enumerable.Range(1, Films).Select(film => $"{film},Film {film} ({1950 + (film % 70)}),Drama").Prepend("movieId,title,genres"));
        var random = new Random(1);
        int[] films = [.. Enumerable.Range(1, Films)];
        File.WriteAllLines(Path.Combine(folder, "ratings.csv"), Rows().Prepend("userId,movieId,rating,timestamp"));

        IEnumerable<string> Rows()
        {
            for (var row = 0; row < ratings; row++)
            {
                if (row % RatingsOfAPerson == 0) random.Shuffle(films);
                yield return string.Create(CultureInfo.InvariantCulture, $"{1 + (row / RatingsOfAPerson)},{films[row % RatingsOfAPerson]},{random.Next(1, 11) / 2.0:0.0},{1_000_000_000 + row}");
            }
        }
    }
}
