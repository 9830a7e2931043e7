using System.Text.Json;
using System.Text.RegularExpressions;

namespace MovieRecommender.Web.Api;

/// <summary>What callers are told of a request that cannot be read: names and values of theirs, none of the program's.</summary>
static partial class UnreadableRequest
{
    public static string Describe(BadHttpRequestException error)
    {
        if (error.InnerException is JsonException json) return Describe(json);
        if (Unbound().Match(error.Message) is { Success: true } unbound)
        {
            var allowed = unbound.Groups["type"].Value switch { "int" => "a whole number", "double" => "a number", "bool" => "true or false", var other => other };
            return $"{unbound.Groups["name"].Value} is '{unbound.Groups["value"].Value}'; allowed is {allowed}.";
        }
        return Missing().Match(error.Message) is { Success: true } missing
            ? missing.Groups["where"].Value == "body" || missing.Groups["name"].Length == 0 ? "The body is missing; send JSON." : $"{missing.Groups["name"].Value} is missing."
            : error.Message;
    }

    static string Describe(JsonException error)
    {
        if (error.InnerException is JsonException syntax) return $"The body is no JSON: {syntax.Message}";
        return Required().Match(error.Message) is { Success: true } required
            ? $"{required.Groups["names"].Value.Replace("'", "", StringComparison.Ordinal)} is missing."
            : error.Path is null or "$" ? "The body is JSON of another kind than is read here; an object is."
            : $"{error.Path.TrimStart('$', '.')} has a value of another kind than is read there.";
    }

    [GeneratedRegex("^Failed to bind parameter \"(Nullable<)?(?<type>\\w+)>? (?<name>[\\w-]+)\" from \"(?<value>.*)\"\\.$", RegexOptions.ExplicitCapture | RegexOptions.Singleline, 1000)]
    private static partial Regex Unbound();

    [GeneratedRegex("^(Required parameter \"\\S+ (?<name>[\\w-]+)\" was not provided from (?<where>body|[\\w ]+)|Implicit body inferred)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Missing();

    [GeneratedRegex("missing required properties including: (?<names>.*)\\.$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Required();
}
