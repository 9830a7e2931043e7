using System.Globalization;

namespace MovieRecommender.Domain.Catalog.MovieLens;

/// <summary>What every format has in common: which values are allowed, and the words for those that are not.</summary>
static class RowRules
{
    public const string NoGenres = "(no genres listed)";

    /// <summary>Ids from here on are given to people and films made here.</summary>
    public const int FirstLocalId = 1_000_000_000;

    public static string? CheckId(ReadOnlySpan<char> text, out int id)
        => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out id) && id is > 0 and < FirstLocalId
            ? null
            : $"'{text}' is not a whole number from 1 to {FirstLocalId - 1:N0}";

    public static string? CheckStars(ReadOnlySpan<char> text, out float stars)
    {
        if (!float.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out stars))
            return $"'{text}' is not a number";
        return stars is >= 0.5f and <= 5f && stars * 2 == MathF.Truncate(stars * 2)
            ? null
            : $"'{text}' is not between 0.5 and 5 in halves";
    }

    public static string? CheckTag(string text)
        => text.Length is > 0 and <= 200 ? null : $"a tag has 1 to 200 characters, this one {text.Length}";

    public static string? CheckTime(ReadOnlySpan<char> text, out long time)
        => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out time) && time < 253_402_300_800
            ? null
            : $"'{text}' is not a time in seconds since 1970";
}
