using System.Text.Json;

namespace MovieRecommender.Tests.App;

/// <summary>The typed client, made from the API's description when the tests are built.</summary>
partial class ApiClient
{
    // What the description promises is there, and what it does not call nullable is never null; else reading fails.
    static partial void UpdateJsonSerializerSettings(JsonSerializerOptions settings) => settings.RespectNullableAnnotations = true;
}
