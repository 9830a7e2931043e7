using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MovieRecommender.Web.Api.Serving;

/// <summary>The shapes of TensorFlow Serving's answers.</summary>
static class ServingAnswers
{
    /// <summary>Quotes in messages stand as they are, as in the original.</summary>
    public static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public sealed record Error([property: JsonPropertyName("error")] string Text);

    public sealed record Status([property: JsonPropertyName("model_version_status")] IReadOnlyList<VersionStatus> Versions);

    /// <param name="State">AVAILABLE, or END for one that cannot be loaded.</param>
    public sealed record VersionStatus(
        [property: JsonPropertyName("version")] string Version, [property: JsonPropertyName("state")] string State, [property: JsonPropertyName("status")] StatusDetail Detail);

    public sealed record StatusDetail([property: JsonPropertyName("error_code")] string Code, [property: JsonPropertyName("error_message")] string Message);

    public sealed record Rows([property: JsonPropertyName("predictions")] IEnumerable<double[]> Values);

    public sealed record Columns([property: JsonPropertyName("outputs")] IEnumerable<double[]> Values);

    /// <summary>What goes in and comes out, as the saved model of the article describes itself.</summary>
    public static object Metadata(string version) => new Dictionary<string, object>(StringComparer.Ordinal)
    {
        ["model_spec"] = new { name = ServingPath.ModelName, signature_name = "", version },
        ["metadata"] = new
        {
            signature_def = new
            {
                signature_def = new Dictionary<string, object>(StringComparer.Ordinal)
                {
                    [PredictBody.Signature] = new
                    {
                        inputs = Tensor(PredictBody.Input, "DT_INT32", "2"),
                        outputs = Tensor(PredictBody.Output, "DT_FLOAT", "1"),
                        method_name = "tensorflow/serving/predict",
                    },
                },
            },
        },
    };

    static Dictionary<string, object> Tensor(string name, string type, string width) => new(StringComparer.Ordinal)
    {
        [name] = new
        {
            dtype = type,
            tensor_shape = new { dim = new[] { new { size = "-1", name = "" }, new { size = width, name = "" } }, unknown_rank = false },
            name = $"{PredictBody.Signature}_{name}:0",
        },
    };
}
