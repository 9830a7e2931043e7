using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components;

namespace MovieRecommender.Web.Shell.Languages;

/// <summary>Sentences with a link or other markup in them. Where it stands is the translation's business.</summary>
static partial class Phrase
{
    /// <summary>The parts take the places {0}, {1} and so on.</summary>
    public static RenderFragment Of(string sentence, params RenderFragment[] parts) => builder =>
    {
        var done = 0;
        foreach (Match place in Places().Matches(sentence))
        {
            builder.AddContent(0, sentence[done..place.Index]);
            builder.AddContent(1, parts[int.Parse(place.ValueSpan[1..^1], CultureInfo.InvariantCulture)]);
            done = place.Index + place.Length;
        }
        builder.AddContent(2, sentence[done..]);
    };

    /// <summary>The words in [brackets] lead to the address.</summary>
    public static RenderFragment Link(string sentence, string address)
    {
        var (from, to) = (sentence.IndexOf('[', StringComparison.Ordinal), sentence.IndexOf(']', StringComparison.Ordinal));
        return Of($"{sentence[..from]}{{0}}{sentence[(to + 1)..]}", builder =>
        {
            builder.OpenElement(0, "a");
            builder.AddAttribute(1, "href", address);
            builder.AddContent(2, sentence[(from + 1)..to]);
            builder.CloseElement();
        });
    }

    [GeneratedRegex(@"\{\d\}", RegexOptions.None, 1000)]
    private static partial Regex Places();
}
