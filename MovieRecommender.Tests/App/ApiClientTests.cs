using System.Net;
using MovieRecommender.Domain.Models.Exchange;

namespace MovieRecommender.Tests.App;

/// <summary>The API as programs meet it: all through the client that its description makes.</summary>
[Collection(DemoAppTests.Name)]
public sealed class ApiClientTests(DemoApp demo)
{
    [Fact]
    public async Task AViewerFindsRatesAndIsRecommended()
    {
        using var http = demo.App.NewClient(demo.AdminToken);
        var api = new ApiClient(http);
        var found = await api.GetMoviesAsync(search: "alien", sort: "average", pageSize: 3);
        Assert.Equal((1, 3), (found.Page, found.PageSize));
        var alien = found.Items.First(film => film.Title == "Alien");
        Assert.Equal(alien.Title, (await api.GetMoviesOneAsync(alien.MovieId)).Title);
        Assert.Equal(4, (await api.GetMoviesSimilarAsync(alien.MovieId, n: 4)).Count);

        await api.PutMeRatingsOneAsync(alien.MovieId, new() { Stars = 4.5 });
        Assert.Equal(4.5, (await api.GetMeRatingsOneAsync(alien.MovieId)).Stars);
        Assert.Contains(await api.GetMeRatingsAsync(), rating => rating.MovieId == alien.MovieId);
        var mine = await api.GetMeRecommendationsAsync(n: 5, yearFrom: 1960);
        Assert.Equal(5, mine.Count);
        Assert.All(mine, film => Assert.InRange(film.PredictedStars!.Value, 0.5, 5));
        await api.DeleteMeRatingsOneAsync(alien.MovieId);
        Assert.Equal("You have not rated Alien (1979).", (await Refused(() => api.GetMeRatingsOneAsync(alien.MovieId), HttpStatusCode.NotFound)).Detail);
    }

    [Fact]
    public async Task AListForWhoeverAsksIsOpenToAnyone()
    {
        using var http = demo.App.NewClient();
        var api = new ApiClient(http);
        var list = await api.PostRecommendationsAsync(new() { Ratings = [new() { MovieId = 1, Stars = 5 }, new() { MovieId = 2, Stars = 3.5 }], N = 3 });
        Assert.Equal(3, list.Count);
        Assert.All(list.SelectMany(film => film.Because), reason => Assert.InRange(reason.MovieId, 1, 2));
        var together = await api.PostRecommendationsGroupAsync(new() { Viewers = [[new() { MovieId = 1, Stars = 5 }], [new() { MovieId = 2, Stars = 4 }]], N = 2 });
        Assert.All(together, film => Assert.Equal(2, film.Members.Count));
        Assert.Contains("7", (await Refused(() => api.PostRecommendationsAsync(new() { Ratings = [new() { MovieId = 1, Stars = 7 }] }), HttpStatusCode.BadRequest)).Detail!, StringComparison.Ordinal);
        await Refused(() => api.GetAdminModelsAsync(), HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task ListsAreReadFromOneThingToTheNext()
    {
        using var http = demo.App.NewClient(demo.AdminToken);
        var api = new ApiClient(http);
        var seen = new List<int>();
        for (int? after = 0; after is not null;)
        {
            var page = await api.GetMoviesAsync(sort: "id", after: after, genre: "Western", pageSize: 7);
            seen.AddRange(page.Items.Select(film => film.MovieId));
            after = page.Next;
        }
        Assert.Equal(seen.Distinct().Order(), seen);
        Assert.Equal((await api.GetMoviesAsync(genre: "Western", pageSize: 1)).Total, seen.Count);
        Assert.StartsWith("after is 5, which goes with sort=id only", (await Refused(() => api.GetMoviesAsync(after: 5), HttpStatusCode.BadRequest)).Detail, StringComparison.Ordinal);

        foreach (var film in seen.Take(3)) await api.PutMeRatingsOneAsync(film, new() { Stars = 4 });
        using var first = await http.GetAsync("/api/v1/me/ratings?after=0&pageSize=2");
        Assert.Equal($"<?after={seen[1]}&pageSize=2>; rel=\"next\"", Assert.Single(first.Headers.GetValues("Link")));
        Assert.Equal([seen[2]], (await api.GetMeRatingsAsync(after: seen[1], pageSize: 2)).Select(rating => rating.MovieId));
        foreach (var film in seen.Take(3)) await api.DeleteMeRatingsOneAsync(film);

        var runs = await api.GetAdminTrainingRunsAsync();
        Assert.Equal(runs.Skip(1).Select(run => run.Id), (await api.GetAdminTrainingRunsAsync(before: runs[0].Id)).Select(run => run.Id));
        await Refused(() => api.GetAdminTrainingRunsAsync(pageSize: 0), HttpStatusCode.BadRequest);
        await Refused(() => api.GetAdminImportsAsync(pageSize: 201), HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task WhatIsKnownAlreadyIsNotSentAgain()
    {
        using var http = demo.App.NewClient(demo.AdminToken);
        var api = new ApiClient(http);
        using var first = await http.GetAsync("/api/v1/movies/3");
        using var again = await AskAsync(first.Headers.ETag!);
        Assert.Equal((HttpStatusCode.NotModified, 0), (again.StatusCode, (await again.Content.ReadAsByteArrayAsync()).Length));
        await api.PutMeRatingsOneAsync(3, new() { Stars = 4 });
        using var changed = await AskAsync(first.Headers.ETag!);
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        Assert.NotEqual(first.Headers.ETag, changed.Headers.ETag);
        await api.DeleteMeRatingsOneAsync(3);

        async Task<HttpResponseMessage> AskAsync(System.Net.Http.Headers.EntityTagHeaderValue known)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/movies/3");
            request.Headers.IfNoneMatch.Add(known);
            return await http.SendAsync(request);
        }
    }

    [Fact]
    public async Task ARequestSentAgainUnderItsKeyDoesNothingTwice()
    {
        using var http = demo.App.NewClient(demo.AdminToken);
        var api = new ApiClient(http);
        var first = await api.PostAdminImportsAsync(new() { Source = "demo" }, idempotency_Key: "again");
        Assert.Equal(first.Id, (await api.PostAdminImportsAsync(new() { Source = "demo" }, idempotency_Key: "again")).Id);
        await Refused(() => api.PostAdminImportsAsync(new() { Source = "ml-latest-small", AcceptTerms = true }, idempotency_Key: "again"), HttpStatusCode.Conflict);
        await Refused(() => api.PostAdminImportsAsync(new() { Source = "demo" }, idempotency_Key: "two words"), HttpStatusCode.BadRequest);
        await api.PostAdminImportsCancelAsync(first.Id);
    }

    [Fact]
    public async Task AnAdminLooksAtEverything()
    {
        using var http = demo.App.NewClient(demo.AdminToken);
        var api = new ApiClient(http);
        var models = await api.GetAdminModelsAsync();
        var live = Assert.Single(models, model => model.Live);
        Assert.Equal(live.Version, (await api.PostAdminModelsPromoteAsync(live.Version)).Version);
        Assert.NotEmpty((await api.GetAdminModelsPreviewAsync(live.Version, viewer: 1)).Items);
        await api.GetAdminModelsOnlineAsync();
        using var vectors = await api.GetAdminModelsItemFactorsSafetensorsAsync(live.Version);
        using var bytes = new MemoryStream();
        await vectors.Stream.CopyToAsync(bytes);
        var tensors = Safetensors.Read(bytes.ToArray()).Tensors;
        Assert.Equal(tensors["item_ids"].Shape[0], tensors["item_factors"].Shape[0]);
        var refused = await Refused(() => api.PostAdminModelsItemFactorsAsync(new MemoryStream(bytes.ToArray()[..^8])), HttpStatusCode.BadRequest);
        Assert.StartsWith("The file is cut short: the tensor 'item_factors' ends", refused.Detail, StringComparison.Ordinal);
        var runs = await api.GetAdminTrainingRunsAsync();
        Assert.Equal("published", (await api.GetAdminTrainingRunsOneAsync(runs[^1].Id)).State);
        Assert.Contains(live.Scorecard!.Ranking, row => row.Algorithm == "popularity");
        Assert.Contains(await api.GetAdminTrainingAlgorithmsAsync(), algorithm => algorithm is { Name: "linear-autoencoder", Ranks: true });
        await api.GetAdminTrainingScheduleAsync();
        Assert.True((await api.GetAdminStatisticsAsync()).Ratings > 0);
        var film = await api.GetAdminFilmsOneAsync((await api.GetAdminFilmsAsync(search: "alien")).Items[0].MovieId);
        Assert.NotNull(film.Tags);
        var person = Assert.Single((await api.GetAdminPeopleAsync(search: DemoApp.AdminEmail)).Items);
        Assert.True((await api.GetAdminPeopleOneAsync(person.Id)).Admin);
        Assert.NotEmpty((await api.GetAdminActionsAsync(pageSize: 2)).Items);
        Assert.NotEmpty(await api.GetAdminCheckAsync());
        var import = await api.PostAdminImportsAsync(new() { Source = "demo" });
        Assert.Equal("demo", (await api.GetAdminImportsOneAsync(import.Id)).Source);
        Assert.Contains(await api.GetAdminImportsAsync(), job => job.Id == import.Id);
        await api.PostAdminImportsCancelAsync(import.Id);
    }

    /// <summary>The problem that a refused call brings, as described for its status.</summary>
    static async Task<ProblemDetails> Refused(Func<Task> call, HttpStatusCode status)
    {
        var refused = await Assert.ThrowsAsync<ApiException<ProblemDetails>>(call);
        Assert.Equal((int)status, refused.StatusCode);
        return refused.Result;
    }
}
