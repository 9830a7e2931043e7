using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace MovieRecommender.Tests.App;

/// <summary>The process ends as by a power cut, at the worst moments. Nothing acknowledged is lost, and the app comes up and serves.</summary>
public sealed class KillTests(TrainedStore trained) : IClassFixture<TrainedStore>
{
    [Fact]
    public async Task WhileRatingNoAcknowledgedRatingIsLost()
    {
        const int Writers = 4;
        var store = trained.Copy();
        var acknowledged = new ConcurrentDictionary<int, double>();
        var sent = new ConcurrentDictionary<int, double>();
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var count = 0;
        await using (var app = await TrainedStore.StartAsync(store))
        {
            using var client = app.NewClient(trained.AdminToken);
            var films = await FilmsAsync(client);

            // Each rates films of its own again and again, with other stars each time, until the app is gone.
            async Task RateAsync(int writer)
            {
                using var session = app.NewClient(trained.AdminToken);
                for (var i = 0; ; i++)
                {
                    var film = films[(writer * films.Count / Writers) + (i % (films.Count / Writers))];
                    sent[film] = ((i * 3) + writer) % 10 * 0.5 + 0.5;
                    try
                    {
                        using var answer = await session.PutAsJsonAsync($"/api/v1/me/ratings/{film}", new { stars = sent[film] });
                        answer.EnsureSuccessStatusCode();
                    }
                    catch (HttpRequestException error) when (error.StatusCode is null)
                    {
                        return;
                    }
                    acknowledged[film] = sent[film];
                    if (Interlocked.Increment(ref count) == 150) enough.TrySetResult();
                }
            }

            var writers = Enumerable.Range(0, Writers).Select(RateAsync).ToArray();
            await Task.WhenAny([enough.Task, .. writers]);
            Assert.True(enough.Task.IsCompleted, app.Log);
            await app.KillAsync();
            await Task.WhenAll(writers);
        }

        await using var again = await TrainedStore.StartAsync(store);
        using var me = again.NewClient(trained.AdminToken);
        var kept = (await me.GetFromJsonAsync<JsonArray>("/api/v1/me/ratings"))!.ToDictionary(rating => rating!["movieId"]!.GetValue<int>(), rating => rating!["stars"]!.GetValue<double>());
        Assert.All(acknowledged, rating =>
        {
            Assert.True(kept.TryGetValue(rating.Key, out var stars), $"The rating of film {rating.Key} is gone.");
            // What was sent last may have been stored without our hearing of it.
            Assert.True(stars == rating.Value || stars == sent[rating.Key], $"Film {rating.Key} has {stars} stars; {rating.Value} were acknowledged.");
        });
        Assert.Equal(0, StoreFile.Count(Path.Combine(store, "movierecommender.db"), "SELECT COUNT(*) FROM Movies WHERE RatingCount <> (SELECT COUNT(*) FROM Ratings WHERE MovieId = Movies.Id)"));
        Assert.Equal(0, StoreFile.Count(Path.Combine(store, "movierecommender.db"), "SELECT COUNT(*) FROM Movies WHERE RatingHalves <> COALESCE((SELECT SUM(HalfStars) FROM Ratings WHERE MovieId = Movies.Id), 0)"));
        var top = (await me.GetFromJsonAsync<JsonArray>("/api/v1/me/recommendations"))!;
        Assert.Equal(10, top.Count);
        Assert.DoesNotContain(top, film => kept.ContainsKey(film!["movieId"]!.GetValue<int>()));
    }

    [Fact]
    public async Task WhileTrainingTheOldVersionServesAndTheRunIsRecordedAsFailed()
    {
        var store = trained.Copy();
        Uri? interrupted;
        await using (var app = await TrainedStore.StartAsync(store))
        {
            using var admin = app.NewClient(trained.AdminToken);
            using var answer = await admin.PostAsync("/api/v1/admin/training/runs", null);
            interrupted = answer.Headers.Location;
            var state = "";
            await AppProcess.UntilAsync(async () => (state = (await admin.GetFromJsonAsync<RunView>(interrupted))!.State) != "queued");
            Assert.Equal("running", state);
            await app.KillAsync();
        }

        await using var again = await TrainedStore.StartAsync(store);
        using var client = again.NewClient(trained.AdminToken);
        Assert.Equal(2, await AppHealth.VersionAsync(client));
        Assert.Equal(10, (await client.GetFromJsonAsync<JsonArray>("/api/v1/me/recommendations"))!.Count);
        var run = await AppProcess.WaitForRunAsync(client, interrupted);
        Assert.Equal(("failed", "The app stopped while this run was training."), (run.State, run.Outcome));

        using var next = await client.PostAsync("/api/v1/admin/training/runs", null);
        Assert.NotEqual(interrupted, next.Headers.Location);
        var published = await AppProcess.WaitForRunAsync(client, next.Headers.Location);
        Assert.True(published is { State: "published", Version: 3 }, published.Outcome);
        Assert.Equal(3, await AppHealth.VersionAsync(client));
    }

    static async Task<List<int>> FilmsAsync(HttpClient client)
    {
        var page = await client.GetFromJsonAsync<JsonObject>("/api/v1/movies?pageSize=80");
        return [.. page!["items"]!.AsArray().Select(film => film!["movieId"]!.GetValue<int>())];
    }
}
