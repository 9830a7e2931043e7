using MovieRecommender.Domain.Catalog;

namespace MovieRecommender.Domain.Recommendations.Taste;

/// <summary>How someone rates a genre.</summary>
/// <param name="Lift">Stars above or below what they usually give; few films are drawn towards 0.</param>
public sealed record GenreLift(string Genre, int Films, double Lift);

/// <summary>A film's place on the map of films, both coordinates from 0 to 1.</summary>
public sealed record MapPoint(Film Film, double X, double Y, bool Mine);

/// <summary>How close predictions came.</summary>
/// <param name="Error">Mean distance in stars between what was predicted before a rating and what was given.</param>
public sealed record PredictionRecord(int Ratings, double Error);

/// <summary>A viewer's taste, ready to be drawn.</summary>
/// <param name="Distribution">Shares of half a star to five, ten numbers that sum to 1.</param>
/// <param name="Community">The same of everybody's ratings.</param>
/// <param name="Genres">Favoured first.</param>
/// <param name="Decades">Number of rated films by first year of the decade.</param>
/// <param name="Gems">Films they love that few know.</param>
/// <param name="Predictions">Null until a prediction has met its rating.</param>
public sealed record TasteProfile(
    int Ratings, double Mean, double CommunityMean, IReadOnlyList<double> Distribution, IReadOnlyList<double> Community,
    IReadOnlyList<GenreLift> Genres, IReadOnlyList<(int Decade, int Films)> Decades, IReadOnlyList<Film> Gems,
    PredictionRecord? Predictions, IReadOnlyList<MapPoint> Map);
