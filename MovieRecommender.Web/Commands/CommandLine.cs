namespace MovieRecommender.Web.Commands;

/// <summary>The program's arguments, parted.</summary>
/// <param name="Verb">The verb and its own arguments; empty for <c>serve</c>.</param>
/// <param name="Configuration">Overrides such as <c>--Section:Key=value</c> and <c>--urls</c>.</param>
sealed record SplitArguments(IReadOnlyList<string> Verb, IReadOnlyList<string> Configuration);

static partial class CommandLine
{
    /// <summary>Keys without a colon that the host itself understands.</summary>
    static readonly string[] HostKeys = ["--urls", "--environment", "--contentRoot", "--applicationName", "--http_ports"];

    /// <summary>Parts configuration overrides, which every verb takes, from the verb's own arguments.</summary>
    public static SplitArguments Split(IReadOnlyList<string> args)
    {
        var verb = new List<string>();
        var configuration = new List<string>();
        for (var i = 0; i < args.Count; i++)
        {
            var key = args[i].Split('=', 2)[0];
            var isOverride = key.StartsWith("--", StringComparison.Ordinal) && (key.Contains(':') || HostKeys.Contains(key, StringComparer.OrdinalIgnoreCase));
            if (!isOverride)
            {
                verb.Add(args[i]);
                continue;
            }
            configuration.Add(args[i]);
            if (!args[i].Contains('=') && i + 1 < args.Count) configuration.Add(args[++i]);
        }
        return new(verb, configuration);
    }
}
