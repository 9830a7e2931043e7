using CsCheck;
using MovieRecommender.Domain.Evaluation;
using MovieRecommender.Domain.Factorization;

namespace MovieRecommender.Tests.Evaluation;

public class SplitsTests
{
    static readonly Gen<RatingEntry[]> Ratings = Gen.Select(Gen.Int[0, 4], Gen.Int[0, 50], Gen.Int[0, 1000], (user, item, time) => new RatingEntry(user, item, 3, time)).Array[0, 80];

    [Fact]
    public void EveryRatingIsOnOneSide() =>
        Gen.Select(Ratings, Gen.Double[0, 1], Gen.Int[0, 9]).Sample((ratings, fraction, seed) =>
        {
            RatingSplit[] splits = [Splits.RandomPerUser(ratings, fraction, seed), Splits.LatestPerUser(ratings, fraction), Splits.ByHash(ratings, fraction, seed)];
            foreach (var split in splits)
                Assert.Equal(ratings.Order(ByAll), split.Training.Concat(split.HeldOut).Order(ByAll));
        });

    [Fact]
    public void TheLatestAreLater() =>
        Ratings.Sample(ratings =>
        {
            var split = Splits.LatestPerUser(ratings, 0.3);
            foreach (var held in split.HeldOut)
                Assert.All(split.Training.Where(entry => entry.User == held.User), entry => Assert.True(entry.Time <= held.Time));
        });

    [Fact]
    public void AHashedRatingStaysOnItsSideWhenOthersCome() =>
        Ratings.Sample(ratings =>
        {
            var half = ratings[..(ratings.Length / 2)];
            var all = Splits.ByHash(ratings, 0.4, 1).HeldOut.Select(entry => (entry.User, entry.Item)).ToHashSet();
            Assert.All(Splits.ByHash(half, 0.4, 1).HeldOut, entry => Assert.Contains((entry.User, entry.Item), all));
            Assert.All(Splits.ByHash(half, 0.4, 1).Training, entry => Assert.DoesNotContain((entry.User, entry.Item), all));
        });

    [Fact]
    public void RowsAreHeldOutAsNamed()
    {
        var ratings = Enumerable.Range(0, 5).Select(item => new RatingEntry(0, item, 3, 0)).ToArray();
        var split = Splits.ByRows(ratings, [4, 1]);
        Assert.Equal([1, 4], split.HeldOut.Select(entry => entry.Item));
        Assert.Equal([0, 2, 3], split.Training.Select(entry => entry.Item));
        Assert.Throws<ArgumentException>(() => Splits.ByRows(ratings, [5]));
        Assert.Throws<ArgumentException>(() => Splits.RandomPerUser(ratings, 1.5, 1));
    }

    static readonly Comparer<RatingEntry> ByAll = Comparer<RatingEntry>.Create((a, b) => (a.User, a.Item, a.Time).CompareTo((b.User, b.Item, b.Time)));
}
