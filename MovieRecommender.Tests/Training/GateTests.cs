using MovieRecommender.Domain.Evaluation;
using MovieRecommender.Domain.Training;

namespace MovieRecommender.Tests.Training;

/// <summary>Which models may serve.</summary>
public sealed class GateTests
{
    static readonly RankingScorecard Popularity = Lists(0.15);

    [Fact]
    public void AFirstModelThatBeatsPopularityServes()
    {
        var decision = Gate.Decide(Lists(0.30), Popularity, Stars(0.7), live: null);
        Assert.Equal(new(true, "It ranks better than the most popular films: NDCG@10 .300 against .150."), decision);
    }

    [Theory]
    [InlineData(0.15)]
    [InlineData(0.10)]
    public void AModelNoBetterThanPopularityDoesNot(double ndcg)
    {
        var decision = Gate.Decide(Lists(ndcg), Popularity, Stars(0.7), live: null);
        Assert.False(decision.Publish);
        Assert.Contains("no better than the most popular films", decision.Reason, StringComparison.Ordinal);
        Assert.False(Gate.Decide(Lists(ndcg), Popularity, Stars(0.7), (3, Lists(0.05), Stars(2))).Publish);
    }

    [Fact]
    public void ListsWorseByMoreThanChanceDoNotServe()
    {
        var decision = Gate.Decide(Lists(0.25), Popularity, Stars(0.7), (3, Lists(0.35), Stars(0.7)));
        Assert.Equal(new(false, "Its lists are worse than version 3's by more than chance: NDCG@10 .250 against .350."), decision);
    }

    [Fact]
    public void StarsWorseByMoreThanChanceDoNotServe()
    {
        var decision = Gate.Decide(Lists(0.35), Popularity, Stars(0.9), (3, Lists(0.30), Stars(0.7)));
        Assert.False(decision.Publish);
        Assert.Contains("predicted stars are worse than version 3's", decision.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void WorseWithinChanceServes()
    {
        // Half of the people gain, the other half lose a little more: the mean falls, but not by more than chance.
        double[] live = [.. Enumerable.Repeat(0.3, 100)];
        double[] ours = [.. live.Select((ndcg, person) => person % 2 == 0 ? ndcg + 0.20 : ndcg - 0.21)];
        var decision = Gate.Decide(Lists(ours), Popularity, Stars(0.7), (3, Lists(live), Stars(0.7)));
        Assert.True(decision.Publish);
        Assert.Contains("as good as version 3's", decision.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void BetterListsServeAndAreCalledSo()
        => Assert.Contains("better than version 3's", Gate.Decide(Lists(0.40), Popularity, Stars(0.7), (3, Lists(0.30), Stars(0.7))).Reason, StringComparison.Ordinal);

    [Fact]
    public void TooFewPeopleDecideNothing()
    {
        var few = Lists([.. Enumerable.Repeat(0.0, Gate.FewestPeople - 1)]);
        var decision = Gate.Decide(few, few, Stars(0.7), live: null);
        Assert.True(decision.Publish);
        Assert.Contains("too few to compare", decision.Reason, StringComparison.Ordinal);
        var enough = Lists([.. Enumerable.Repeat(0.0, Gate.FewestPeople)]);
        Assert.False(Gate.Decide(enough, enough, Stars(0.7), live: null).Publish);
    }

    static RankingScorecard Lists(double ndcg) => Lists([.. Enumerable.Range(0, 100).Select(person => ndcg + (person % 2 == 0 ? 0.01 : -0.01))]);

    static RankingScorecard Lists(double[] ndcgByPerson) => new(Math.Round(ndcgByPerson.Average(), 6), 0, 0, 0, 0, [.. Enumerable.Range(0, ndcgByPerson.Length)], ndcgByPerson);

    static RatingScorecard Stars(double rmse) => new(rmse, 0, 0, [.. Enumerable.Range(0, 100).Select(row => (rmse * rmse) + (row % 2 == 0 ? 0.01 : -0.01))]);
}
