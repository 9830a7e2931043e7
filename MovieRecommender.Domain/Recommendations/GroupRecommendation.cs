using MovieRecommender.Domain.Catalog;

namespace MovieRecommender.Domain.Recommendations;

/// <summary>How one of several people would take a film.</summary>
/// <param name="Fit">0 to 1: the film's score for them as a share of what their own ten best reach.</param>
/// <param name="PredictedStars">0.5 to 5.</param>
public readonly record struct GroupMemberFit(double Fit, double PredictedStars);

/// <summary>A film for several people at once.</summary>
/// <param name="Score">What the list is ordered by: half the average fit, half the least.</param>
/// <param name="Average">Mean fit, 0 to 1.</param>
/// <param name="Least">The fit of whoever likes it least, 0 to 1.</param>
/// <param name="Members">One for each person, in the order they were given; empty while only popularity serves.</param>
public sealed record GroupRecommendation(Film Film, double Score, double Average, double Least, IReadOnlyList<GroupMemberFit> Members);
