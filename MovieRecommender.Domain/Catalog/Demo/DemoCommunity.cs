namespace MovieRecommender.Domain.Catalog.Demo;

public sealed record DemoFilm(int Id, string Title, int Year, IReadOnlyList<string> Genres, string? ImdbId, IReadOnlyList<string> Traits);

public readonly record struct DemoRating(int ViewerId, int FilmId, double Stars, long UnixSeconds);

public static class DemoCommunity
{
    public static IReadOnlyList<DemoFilm> Films { get; } = [];

    public static IReadOnlyList<DemoRating> Ratings() => [];

    public static IEnumerable<(int ViewerId, int FilmId, string Tag, long UnixSeconds)> Tags() => [];
}
