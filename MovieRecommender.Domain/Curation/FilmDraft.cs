using System.Text.RegularExpressions;
using MovieRecommender.Domain.Catalog;

namespace MovieRecommender.Domain.Curation;

/// <summary>A film as an admin writes it.</summary>
/// <param name="Title">As spoken, without the year; 1 to 500 characters.</param>
/// <param name="Year">1870 to 2100, or null.</param>
/// <param name="ImdbId">"tt0114709", its digits, or its address; null or empty for none.</param>
/// <param name="TmdbId">A number from 1, or null.</param>
public sealed partial record FilmDraft(string? Title, int? Year = null, IReadOnlyList<string?>? Genres = null, string? ImdbId = null, int? TmdbId = null)
{
    public const int LongestTitle = 500;
    public const int FirstYear = 1870;
    public const int LastYear = 2100;
    const int MostGenres = 20;
    const int LongestGenre = 40;

    public static FilmDraft Of(Film film) => new(film.Title, film.Year, film.Genres, film.ImdbId, film.TmdbId);

    /// <summary>Writes the draft to a film.</summary>
    /// <exception cref="InvalidInputException">A value is not allowed; the message names it and what is.</exception>
    internal void ApplyTo(Movie movie)
    {
        (movie.Title, movie.Year, movie.Genres) = (CheckedTitle(), Year, string.Join('|', CheckedGenres()));
        (movie.ImdbId, movie.TmdbId, movie.IsEdited) = (CheckedImdbId(), TmdbId, true);
        if (Year is < FirstYear or > LastYear) throw new InvalidInputException($"year is {Year}; allowed is {FirstYear} to {LastYear}, or nothing.");
        if (TmdbId is < 1) throw new InvalidInputException($"tmdbId is {TmdbId}; allowed is a number from 1, or nothing.");
    }

    string CheckedTitle()
    {
        var title = Title?.Trim() ?? "";
        return title.Length is > 0 and <= LongestTitle && !title.Any(char.IsControl) && TitleKey.Of(title).Length > 0 ? title
            : throw new InvalidInputException(title.Length > LongestTitle
                ? $"title has {title.Length} characters; allowed are 1 to {LongestTitle}."
                : $"title is '{title}'; allowed are 1 to {LongestTitle} characters with a letter or digit among them.");
    }

    List<string> CheckedGenres()
    {
        var genres = (Genres ?? []).Select(genre => genre?.Trim() ?? "").Where(genre => genre.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        if (genres.Count > MostGenres) throw new InvalidInputException($"genres has {genres.Count} entries; allowed are up to {MostGenres}.");
        foreach (var genre in genres)
            if (genre.Length > LongestGenre || genre.Any(letter => char.IsControl(letter) || letter is '|' or ','))
                throw new InvalidInputException($"genres has '{genre}'; allowed are up to {LongestGenre} characters without commas and bars.");
        return genres;
    }

    string? CheckedImdbId()
    {
        if (string.IsNullOrWhiteSpace(ImdbId)) return null;
        return Imdb().Match(ImdbId.Trim()) is { Success: true } match ? match.Groups["id"].Value.PadLeft(7, '0')
            : throw new InvalidInputException($"imdbId is '{ImdbId}'; allowed is a number such as tt0114709, or nothing.");
    }

    [GeneratedRegex(@"^(https?://(www\.|m\.)?imdb\.com/title/)?(tt)?(?<id>[0-9]{1,10})/?\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Imdb();
}
