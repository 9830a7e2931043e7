using System.Net;
using System.Text;

namespace MovieRecommender.Tests.App;

/// <summary>TensorFlow Serving's contract on the started app.</summary>
public sealed class ServingApiTests(TrainedStore trained) : IClassFixture<TrainedStore>
{
    const string Model = "/v1/models/movie_model";

    [Fact]
    public async Task ItAnswersAsTensorFlowServingDoes()
    {
        await using var app = await StartAsync("--Serving:Enabled=true", "--Serving:Versions=all");
        using var admin = app.NewClient(trained.AdminToken);

        await AssertAsync(admin, "GET", Model, 200, """{"model_version_status":[{"version":"2","state":"AVAILABLE","status":{"error_code":"OK","error_message":""}},{"version":"1","state":"AVAILABLE","status":{"error_code":"OK","error_message":""}}]}""");
        await AssertAsync(admin, "GET", "/V1/MODELS/movie_model/versions/1", 200, """{"model_version_status":[{"version":"1","state":"AVAILABLE","status":{"error_code":"OK","error_message":""}}]}""");
        await AssertAsync(admin, "GET", $"{Model}/versions/7", 404, """{"error":"Could not find version 7 of model movie_model"}""");
        await AssertAsync(admin, "GET", "/v1/models/other", 404, """{"error":"Could not find any versions of model other"}""");
        await AssertAsync(admin, "GET", $"{Model}/labels/best", 400, """{"error":"Unrecognized servable version label: best"}""");
        await AssertAsync(admin, "GET", $"{Model}/versions/1/metadata", 200, """{"model_spec":{"name":"movie_model","signature_name":"","version":"1"},"metadata":{"signature_def":{"signature_def":{"serving_default":{"inputs":{"input_1":{"dtype":"DT_INT32","tensor_shape":{"dim":[{"size":"-1","name":""},{"size":"2","name":""}],"unknown_rank":false},"name":"serving_default_input_1:0"}},"outputs":{"output_1":{"dtype":"DT_FLOAT","tensor_shape":{"dim":[{"size":"-1","name":""},{"size":"1","name":""}],"unknown_rank":false},"name":"serving_default_output_1:0"}},"method_name":"tensorflow/serving/predict"}}}}}""");

        await AssertAsync(admin, "POST", $"{Model}/versions/7:predict", 404, """{"error":"Servable not found for request: Specific(movie_model, 7)"}""", "{}");
        await AssertAsync(admin, "POST", "/v1/models/other:predict", 404, """{"error":"Servable not found for request: Latest(other)"}""", "{}");
        await AssertAsync(admin, "POST", Model, 400, """{"error":"Malformed request: POST /v1/models/movie_model"}""", "{}");
        await AssertAsync(admin, "GET", $"{Model}:predict", 400, """{"error":"Malformed request: GET /v1/models/movie_model:predict"}""");
        await AssertAsync(admin, "POST", $"{Model}:predict", 400, """{"error":"Missing 'inputs' or 'instances' key"}""", "{}");

        var rows = await PredictAsync(admin, $"{Model}:predict", """{"instances":[[1,1],[2,1],[1,2],[999999,1],[1,999999]]}""");
        Assert.Matches("""^\{"predictions":\[\[(0\.\d+|0|1)\](,\[(0\.\d+|0|1)\]){4}\]\}$""", rows);
        var columns = await PredictAsync(admin, $"{Model}/labels/stable:predict", """{"inputs":[[1,1],[2,1],[1,2],[999999,1],[1,999999]]}""");
        Assert.Equal(rows.Replace("predictions", "outputs", StringComparison.Ordinal), columns);

        using var promoted = await admin.PostAsync("/api/v1/admin/models/1/promote", null);
        Assert.Equal(HttpStatusCode.OK, promoted.StatusCode);
        const string Body = """{"instances":[[1,1],[2,1],[3,5]]}""";
        Assert.Equal(await PredictAsync(admin, $"{Model}/versions/1:predict", Body), await PredictAsync(admin, $"{Model}/labels/stable:predict", Body));
        Assert.Equal(await PredictAsync(admin, $"{Model}/versions/1:predict", Body), await PredictAsync(admin, $"{Model}:predict", Body));
        Assert.Equal(await PredictAsync(admin, $"{Model}/versions/2:predict", Body), await PredictAsync(admin, $"{Model}/labels/canary:predict", Body));

        await AssertAsync(admin, "POST", $"{Model}:predict", 413, """{"error":"Request body too large. The max request body size is 8388608 bytes."}""", new string(' ', 50 << 20));
        using var nobody = app.NewClient();
        await AssertAsync(nobody, "GET", Model, 401, """{"error":"Sign in first, or send a token."}""");
    }

    [Fact]
    public async Task ItIsOffUnlessEnabledAndOpenOnlyIfToldSo()
    {
        await using (var off = await StartAsync())
        {
            using var admin = off.NewClient(trained.AdminToken);
            await AssertAsync(admin, "GET", Model, 404, null);
        }
        await using var open = await StartAsync("--Serving:Enabled=true", "--Serving:RequireToken=false", "--Serving:Versions=1");
        using var nobody = open.NewClient();
        await AssertAsync(nobody, "GET", Model, 200, """{"model_version_status":[{"version":"1","state":"AVAILABLE","status":{"error_code":"OK","error_message":""}}]}""");
        await AssertAsync(nobody, "GET", $"{Model}/labels/stable/metadata", 404, """{"error":"Servable not found for request: Latest(movie_model)"}""");
        Assert.NotEmpty(await PredictAsync(nobody, $"{Model}:predict", """{"instances":[[1,1]]}"""));
    }

    async Task<AppProcess> StartAsync(params string[] settings)
    {
        var app = await AppProcess.StartAsync(trained.Copy(), ["--Training:AfterChanges=0", "--Training:Schedule=", .. settings]);
        await app.WaitUntilReadyAsync();
        return app;
    }

    static async Task<string> PredictAsync(HttpClient client, string path, string body)
    {
        using var answer = await client.PostAsync(path, new StringContent(body, Encoding.UTF8, "application/json"));
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return text;
    }

    static async Task AssertAsync(HttpClient client, string method, string path, int status, string? expected, string? body = null)
    {
        using var request = new HttpRequestMessage(new(method), path);
        // A body that is refused is then never sent.
        request.Headers.ExpectContinue = body is not null;
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(status == (int)answer.StatusCode, $"{method} {path}: {(int)answer.StatusCode} {text}");
        if (expected is not null) Assert.Equal(expected, text);
    }
}
