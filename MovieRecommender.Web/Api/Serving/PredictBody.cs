using System.Globalization;
using System.Text.Json;
using MovieRecommender.Domain;
using MovieRecommender.Domain.Serving;

namespace MovieRecommender.Web.Api.Serving;

/// <summary>The body of a predict request: <c>{"instances":[[userId,movieId],…]}</c> by rows or <c>{"inputs":…}</c> by columns.</summary>
/// <param name="ByColumns">The answer then says "outputs" instead of "predictions".</param>
sealed record PredictBody(IReadOnlyList<UserAndMovie> Questions, bool ByColumns)
{
    public const string Signature = "serving_default";
    public const string Input = "input_1";
    public const string Output = "output_1";
    const int Width = 2;
    static readonly JsonDocumentOptions Strict = new() { MaxDepth = 16 };

    /// <exception cref="InvalidInputException">In the contract's words.</exception>
    public static async Task<PredictBody> ReadAsync(Stream body, CancellationToken cancellationToken)
    {
        try
        {
            using var document = await JsonDocument.ParseAsync(body, Strict, cancellationToken);
            return Read(document.RootElement);
        }
        // A text that is no Unicode is found out only when it is read.
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new InvalidInputException($"JSON Parse error: {error.Message}", error);
        }
    }

    static PredictBody Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object) throw new InvalidInputException($"Request body is a JSON {TypeOf(root)}, expected an object");
        if (root.TryGetProperty("signature_name", out var signature) && !(signature.ValueKind == JsonValueKind.String && signature.GetString() is "" or Signature))
            throw new InvalidInputException($"Serving signature name: \"{(signature.ValueKind == JsonValueKind.String ? signature.GetString() : signature.GetRawText())}\" not found in signature def");
        var hasRows = root.TryGetProperty("instances", out var rows);
        var hasColumns = root.TryGetProperty("inputs", out var columns);
        if (hasRows == hasColumns) throw new InvalidInputException(hasRows ? "Request has both 'inputs' and 'instances' keys, expected one of them" : "Missing 'inputs' or 'instances' key");
        var list = hasRows ? rows : Named(columns);
        if (list.ValueKind != JsonValueKind.Array) throw NotOf(list, "list");
        if (list.GetArrayLength() == 0) throw new InvalidInputException($"'{(hasRows ? "instances" : "inputs")}' is an empty list, expected lists of {Width} numbers");
        var questions = new List<UserAndMovie>(list.GetArrayLength());
        foreach (var entry in list.EnumerateArray()) questions.Add(Question(hasRows ? Named(entry) : entry));
        return new(questions, hasColumns);
    }

    /// <summary>A tensor may stand under its name.</summary>
    static JsonElement Named(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object) return value;
        return value.TryGetProperty(Input, out var tensor) && value.EnumerateObject().Count() == 1 ? tensor
            : throw new InvalidInputException($"JSON Value: {Shorten(value)} has other inputs than '{Input}'");
    }

    static UserAndMovie Question(JsonElement pair)
    {
        if (pair.ValueKind != JsonValueKind.Array) throw NotOf(pair, "list");
        if (pair.GetArrayLength() != Width)
            throw new InvalidInputException(string.Create(CultureInfo.InvariantCulture, $"Encountered list at unexpected size: {pair.GetArrayLength()} at level: 1 expected size: {Width}"));
        return new(Id(pair[0]), Id(pair[1]));
    }

    static int Id(JsonElement value)
        => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var id) ? id : throw NotOf(value, "int32");

    static InvalidInputException NotOf(JsonElement value, string expected) => new($"JSON Value: {Shorten(value)} Type: {TypeOf(value)} is not of expected type: {expected}");

    static string TypeOf(JsonElement value) => value.ValueKind is JsonValueKind.True or JsonValueKind.False ? "Bool" : value.ValueKind.ToString();

    static string Shorten(JsonElement value) => value.GetRawText() is { Length: > 60 } text ? text[..60] + "…" : value.GetRawText();
}
