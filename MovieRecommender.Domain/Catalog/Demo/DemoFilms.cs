using CsvHelper;

namespace MovieRecommender.Domain.Catalog.Demo;

/// <summary>A film of the built-in catalogue.</summary>
/// <param name="Id">From 1, without gaps.</param>
/// <param name="Title">As spoken, without the year: "The Matrix".</param>
/// <param name="Year">Year of release.</param>
/// <param name="Genres">MovieLens's genre names, in alphabetical order.</param>
/// <param name="ImdbId">As in MovieLens's links: zero-padded, without <c>tt</c>. Null for most films.</param>
/// <param name="Traits">One to four lower-case keywords, such as people use as tags.</param>
public sealed record DemoFilm(int Id, string Title, int Year, IReadOnlyList<string> Genres, string? ImdbId, IReadOnlyList<string> Traits);

/// <summary>A film with the two guesses the simulation rests on. They are no facts, and never shown.</summary>
/// <param name="Film">The facts.</param>
/// <param name="Fame">1 (for connoisseurs) to 5 (everyone has seen it).</param>
/// <param name="Acclaim">1 (a famous failure) to 5 (widely called a masterpiece).</param>
internal sealed record DemoFilmPrior(DemoFilm Film, int Fame, int Acclaim)
{
    /// <summary>The film's genres and traits.</summary>
    public string[] Features { get; } = [.. Film.Genres, .. Film.Traits];

    /// <summary>Whether the film has a genre or a trait of this name.</summary>
    public bool Has(string feature) => Array.IndexOf(Features, feature) >= 0;
}

/// <summary>Reads the built-in catalogue, which is compiled into the program.</summary>
internal static class DemoFilms
{
    const string Resource = "MovieRecommender.Domain.Catalog.Demo.films.csv";

    /// <summary>Reads every film, in order of id.</summary>
    public static DemoFilmPrior[] Read()
    {
        using var stream = typeof(DemoFilms).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"The program was built without its resource {Resource}.");
        using var csv = CsvReader.Create(stream);
        var films = new List<DemoFilmPrior>();
        while (csv.Read())
        {
            var imdb = csv.GetString("imdb");
            films.Add(new DemoFilmPrior(
                new DemoFilm(
                    csv.Parse<int>("id"),
                    csv.GetString("title"),
                    csv.Parse<int>("year"),
                    csv.GetString("genres").Split('|'),
                    imdb.Length == 0 ? null : imdb,
                    csv.GetString("traits").Split('|')),
                csv.Parse<int>("fame"),
                csv.Parse<int>("acclaim")));
        }
        return [.. films];
    }
}
