using System.Globalization;
using Microsoft.Extensions.Options;

namespace MovieRecommender.Domain.Serving;

/// <summary>Predictions for programs that speak TensorFlow Serving's REST contract; configuration section <c>Serving</c>, checked at start.</summary>
public sealed class ServingOptions
{
    public const string Section = "Serving";
    const string Latest = "latest";
    const string All = "all";

    /// <summary>Whether <c>/v1/models/movie_model</c> answers at all. Default false.</summary>
    public bool Enabled { get; set; }

    /// <summary>Whether it answers admins' tokens only. Default true; without, anyone can ask how anyone would like a film.</summary>
    public bool RequireToken { get; set; } = true;

    /// <summary>
    /// Which versions are available: <c>latest</c>, the one that serves and the newest; <c>all</c> on the shelf;
    /// or numbers parted by commas. Default <c>latest</c>.
    /// </summary>
    public string Versions { get; set; } = Latest;

    /// <param name="shelf">All versions there are.</param>
    internal IEnumerable<int> Available(IReadOnlyList<int> shelf, int? live) => Versions.Trim() switch
    {
        Latest => shelf.Where(version => version == live || version == shelf.Max()),
        All => shelf,
        var list => shelf.Where(version => Numbers(list).Contains(version)),
    };

    static IEnumerable<int> Numbers(string list)
        => list.Split(',', StringSplitOptions.TrimEntries).Select(text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0);

    internal sealed class Validator : IValidateOptions<ServingOptions>
    {
        public ValidateOptionsResult Validate(string? name, ServingOptions options)
            => options.Versions.Trim() is Latest or All || Numbers(options.Versions).All(number => number > 0) ? ValidateOptionsResult.Success
                : ValidateOptionsResult.Fail($"Serving:Versions is '{options.Versions}'; allowed is 'latest', 'all' or version numbers parted by commas, such as '3,5'.");
    }
}
