using System.Globalization;
using System.Text.RegularExpressions;

namespace MovieRecommender.Web.Api.Serving;

/// <summary>A path of TensorFlow Serving's REST API, taken apart. Letter case does not matter.</summary>
/// <param name="Version">A number, or null.</param>
/// <param name="Label">A label instead of a number, or null.</param>
/// <param name="Action">What follows: nothing, <c>metadata</c> or <c>predict</c>.</param>
sealed partial record ServingPath(string Model, long? Version, string? Label, string Action)
{
    public const string ModelName = "movie_model";

    public bool IsOurs => Model.Equals(ModelName, StringComparison.OrdinalIgnoreCase);

    /// <summary>How errors name what was asked for.</summary>
    public string Servable => Version is { } version ? string.Create(CultureInfo.InvariantCulture, $"Specific({Model}, {version})") : $"Latest({Model})";

    /// <returns>Null when the path has none of the contract's shapes.</returns>
    public static ServingPath? Parse(string path)
    {
        if (Shape().Match(path) is not { Success: true } match) return null;
        long? version = null;
        if (match.Groups["version"] is { Success: true } digits)
        {
            if (!long.TryParse(digits.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return null;
            version = number;
        }
        return new(match.Groups["model"].Value, version, match.Groups["label"] is { Success: true } label ? label.Value : null, match.Groups["action"].Value.ToLowerInvariant());
    }

    [GeneratedRegex("^/v1/models/(?<model>[^/:]+)(/(versions/(?<version>[0-9]+)|labels/(?<label>[^/:]+)))?([:](?<action>predict)|/(?<action>metadata))?$",
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Shape();
}
