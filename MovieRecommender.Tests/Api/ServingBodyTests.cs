using System.Text;
using MovieRecommender.Domain;
using MovieRecommender.Domain.Serving;
using MovieRecommender.Web.Api.Serving;

namespace MovieRecommender.Tests.Api;

/// <summary>TensorFlow Serving's paths and bodies, taken apart.</summary>
public sealed class ServingBodyTests
{
    [Theory]
    [InlineData("/v1/models/movie_model", null, null, "")]
    [InlineData("/V1/Models/movie_model/Versions/7", 7L, null, "")]
    [InlineData("/v1/models/movie_model/labels/stable/metadata", null, "stable", "metadata")]
    [InlineData("/v1/models/movie_model:predict", null, null, "predict")]
    [InlineData("/v1/models/movie_model/versions/12:PREDICT", 12L, null, "predict")]
    public void APathIsTakenApart(string path, long? version, string? label, string action)
        => Assert.Equal(new ServingPath("movie_model", version, label, action), ServingPath.Parse(path));

    [Theory]
    [InlineData("/v1/models")]
    [InlineData("/v1/models/movie_model/versions/x")]
    [InlineData("/v1/models/movie_model/versions/1/labels/stable")]
    [InlineData("/v1/models/movie_model/versions/99999999999999999999")]
    [InlineData("/v1/models/movie_model:classify")]
    [InlineData("/v1/models/movie_model/predict")]
    public void AnythingElseIsNoPath(string path) => Assert.Null(ServingPath.Parse(path));

    [Theory]
    [InlineData("{\"instances\":[[1,2],[3,4]]}", false)]
    [InlineData("{\"signature_name\":\"serving_default\",\"instances\":[{\"input_1\":[1,2]},[3,4]]}", false)]
    [InlineData("{\"inputs\":[[1,2],[3,4]]}", true)]
    [InlineData("{\"inputs\":{\"input_1\":[[1,2],[3,4]]}}", true)]
    public async Task RowsAndColumnsAskTheSame(string json, bool byColumns)
    {
        var body = await ReadAsync(json);
        Assert.Equal(byColumns, body.ByColumns);
        Assert.Equal([new UserAndMovie(1, 2), new UserAndMovie(3, 4)], body.Questions);
    }

    [Theory]
    [InlineData("{\"instances\":[[1,2]", "JSON Parse error: ")]
    [InlineData("", "JSON Parse error: ")]
    [InlineData("[[1,2]]", "Request body is a JSON Array, expected an object")]
    [InlineData("{}", "Missing 'inputs' or 'instances' key")]
    [InlineData("{\"inputs\":[[1,2]],\"instances\":[[1,2]]}", "Request has both 'inputs' and 'instances' keys")]
    [InlineData("{\"signature_name\":\"x\",\"instances\":[[1,2]]}", "Serving signature name: \"x\" not found in signature def")]
    [InlineData("{\"instances\":[]}", "'instances' is an empty list")]
    [InlineData("{\"instances\":5}", "JSON Value: 5 Type: Number is not of expected type: list")]
    [InlineData("{\"instances\":[1,2]}", "JSON Value: 1 Type: Number is not of expected type: list")]
    [InlineData("{\"instances\":[[1,2,3]]}", "Encountered list at unexpected size: 3 at level: 1 expected size: 2")]
    [InlineData("{\"instances\":[[1,\"2\"]]}", "JSON Value: \"2\" Type: String is not of expected type: int32")]
    [InlineData("{\"instances\":[[1,2.5]]}", "JSON Value: 2.5 Type: Number is not of expected type: int32")]
    [InlineData("{\"instances\":[[1,99999999999]]}", "JSON Value: 99999999999 Type: Number is not of expected type: int32")]
    [InlineData("{\"instances\":[[1,null]]}", "JSON Value: null Type: Null is not of expected type: int32")]
    [InlineData("{\"inputs\":{\"other\":[[1,2]]}}", "has other inputs than 'input_1'")]
    public async Task WhatIsWrongIsNamed(string json, string said)
        => Assert.Contains(said, (await Assert.ThrowsAsync<InvalidInputException>(() => ReadAsync(json))).Message, StringComparison.Ordinal);

    static async Task<PredictBody> ReadAsync(string json)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(json));
        return await PredictBody.ReadAsync(stream, CancellationToken.None);
    }
}
