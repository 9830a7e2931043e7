using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace MovieRecommender.Domain;

/// <summary>
/// A sentence for people that keeps the values it names apart, so that a page can say it in its viewer's language.
/// An interpolated string becomes one by itself; logs and the API take the English text.
/// </summary>
[InterpolatedStringHandler]
public sealed class Wording
{
    readonly StringBuilder _sentence;
    readonly List<object?> _values = [];

    public Wording(int literalLength, int formattedCount) => _sentence = new(literalLength + (3 * formattedCount));

    /// <summary>The English sentence with {0}, {1:N0} where the values go.</summary>
    public string Sentence => _sentence.ToString();

    public IReadOnlyList<object?> Values => _values;

    public void AppendLiteral(string text) => _sentence.Append(text.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal));

    public void AppendFormatted<T>(T value, string? format = null)
    {
        _sentence.Append(CultureInfo.InvariantCulture, $"{{{_values.Count}{(format is null ? "" : ":" + format)}}}");
        _values.Add(value);
    }

    /// <summary>A sentence without values.</summary>
    public static implicit operator Wording(string sentence)
    {
        var wording = new Wording(sentence.Length, 0);
        wording.AppendLiteral(sentence);
        return wording;
    }

    /// <summary>In English.</summary>
    public override string ToString() => string.Format(CultureInfo.InvariantCulture, Sentence, [.. _values]);
}
