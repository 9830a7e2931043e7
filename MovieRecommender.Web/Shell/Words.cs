using System.Globalization;
using MovieRecommender.Domain.Catalog;
using static MovieRecommender.Web.Shell.Languages.Text;

namespace MovieRecommender.Web.Shell;

/// <summary>Numbers as people read them.</summary>
static class Words
{
    /// <summary>"4½", "½", "5".</summary>
    public static string Stars(double stars)
    {
        var whole = (int)stars;
        var half = stars - whole >= 0.5 ? "½" : "";
        return whole == 0 ? half : whole.ToString(CultureInfo.InvariantCulture) + half;
    }

    public static string StarCount(double stars) => stars == 1 ? T("1 star") : T("{0} stars", Stars(stars));

    /// <summary>How sure a prediction is; of ratings that a model had not seen, a third are told very surely and a fifth are guesses.</summary>
    public static string Sureness(double deviation) => deviation switch { <= 0.62 => T("very sure"), <= 0.82 => T("fairly sure"), _ => T("a guess") };

    /// <summary>"4.2", and "4,2" where the comma is.</summary>
    public static string Tenths(double value) => value.ToString("0.0", CultureInfo.CurrentUICulture);

    /// <summary>"4.23".</summary>
    public static string Hundredths(double value) => value.ToString("0.00", CultureInfo.CurrentUICulture);

    /// <summary>"9,742".</summary>
    public static string Count(int number) => number.ToString("N0", CultureInfo.CurrentUICulture);

    /// <summary>"5 March 2026".</summary>
    public static string Day(DateTime time) => T("{0:d MMMM yyyy}", time);

    /// <summary>"1979 · Horror, Sci-Fi", as far as they are known.</summary>
    public static string YearAndGenres(Film film)
        => film.Year + (film.Year is not null && film.Genres.Count > 0 ? " · " : "") + string.Join(", ", film.Genres.Select(GenreName));

    public static string Count(long count, string one, string many) => count == 1 ? $"1 {one}" : $"{count:N0} {many}";

    public static string Ago(DateTime thenUtc, DateTimeOffset now) => (now.UtcDateTime - thenUtc) switch
    {
        { TotalSeconds: < 60 } => "a moment ago",
        { TotalMinutes: < 60 } span => Count((long)span.TotalMinutes, "minute", "minutes") + " ago",
        { TotalHours: < 48 } span => Count((long)span.TotalHours, "hour", "hours") + " ago",
        var span => Count((long)span.TotalDays, "day", "days") + " ago",
    };

    /// <summary>For what is known to the day only.</summary>
    public static string DaysAgo(DateTime thenUtc, DateTimeOffset now) => (now.UtcDateTime.Date - thenUtc.Date).Days switch
    {
        <= 0 => "today",
        1 => "yesterday",
        var days => $"{days:N0} days ago",
    };

    /// <summary>".328".</summary>
    public static string Figure(double value) => value.ToString(".000", CultureInfo.InvariantCulture);

    /// <summary>A number in an address; what is none counts as not given, as anybody can type anything there.</summary>
    public static int? Number(string? text) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
}
