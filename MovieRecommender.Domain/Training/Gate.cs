using System.Globalization;
using MovieRecommender.Domain.Evaluation;

namespace MovieRecommender.Domain.Training;

/// <summary>Whether a newly trained model may serve, and why, in words.</summary>
public readonly record struct GateDecision(bool Publish, string Reason);

/// <summary>
/// Lets a model serve when it ranks better than popularity and is not worse, beyond chance, than the version that serves.
/// All figures come from the same held-out ratings, person by person and rating by rating, so differences are paired.
/// </summary>
public static class Gate
{
    /// <summary>Fewer people with held-out favourites than this say nothing.</summary>
    public const int FewestPeople = 20;

    /// <param name="live">The serving version's figures on the same ratings, or null when nothing serves yet.</param>
    public static GateDecision Decide(RankingScorecard ranking, RankingScorecard popularity, RatingScorecard stars, (int Version, RankingScorecard Ranking, RatingScorecard Stars)? live)
    {
        if (ranking.People.Count < FewestPeople)
            return new(true, $"Only {ranking.People.Count} people have held-out favourites, too few to compare; the new model serves.");
        if (ranking.Ndcg <= popularity.Ndcg)
            return new(false, $"Its lists are no better than the most popular films: NDCG@10 {Show(ranking.Ndcg)} against {Show(popularity.Ndcg)}.");
        if (live is not { } now)
            return new(true, $"It ranks better than the most popular films: NDCG@10 {Show(ranking.Ndcg)} against {Show(popularity.Ndcg)}.");

        var lists = Estimate.OfDifference(ranking.NdcgByPerson, now.Ranking.NdcgByPerson);
        if (lists.High < 0)
            return new(false, $"Its lists are worse than version {now.Version}'s by more than chance: NDCG@10 {Show(ranking.Ndcg)} against {Show(now.Ranking.Ndcg)}.");
        var errors = Estimate.OfDifference(stars.SquaredErrors, now.Stars.SquaredErrors);
        if (errors.Low > 0)
            return new(false, $"Its predicted stars are worse than version {now.Version}'s by more than chance: RMSE {Show(stars.Rmse)} against {Show(now.Stars.Rmse)}.");
        var words = lists.Low > 0 ? "better than" : "as good as";
        return new(true, $"Its lists are {words} version {now.Version}'s: NDCG@10 {Show(ranking.Ndcg)} against {Show(now.Ranking.Ndcg)}; popularity reaches {Show(popularity.Ndcg)}.");
    }

    static string Show(double value) => value.ToString(".000", CultureInfo.InvariantCulture);
}
