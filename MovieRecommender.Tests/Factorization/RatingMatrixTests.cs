using System.Runtime.CompilerServices;
using CsCheck;
using MovieRecommender.Domain.Factorization;

namespace MovieRecommender.Tests.Factorization;

public class RatingMatrixTests
{
    static readonly Gen<RatingEntry> Entry =
        Gen.Select(Gen.Int[0, 5], Gen.Int[0, 7], Gen.Int[1, 10], Gen.Int[0, 3], (user, item, half, time) => new RatingEntry(user, item, half / 2f, time));

    [Fact]
    public void HoldsTheNewestOfEveryPairInOrderBothWays() =>
        Entry.Array[0, 60].Sample(entries =>
        {
            var matrix = RatingMatrix.Build(6, 8, entries);
            for (var user = 0; user < 6; user++)
            {
                var newest = entries.Where(entry => entry.User == user).GroupBy(entry => entry.Item).Select(same => same.Max(entry => entry.Time)).Order();
                Assert.Equal(newest, matrix.HistoryOf(user).ToArray().Select(rated => rated.Time));
                var history = matrix.HistoryOf(user).ToArray();
                Assert.Equal(history.OrderBy(rated => rated.Time).ThenBy(rated => rated.Item), history);
            }
            var byUser = Enumerable.Range(0, 6).SelectMany(user => matrix.HistoryOf(user).ToArray().Select(rated => (user, rated.Item, rated.Stars))).Order();
            var byItem = Enumerable.Range(0, 8).SelectMany(item => matrix.RatersOf(item).ToArray().Select(rater => (rater.User, item, rater.Stars))).Order();
            Assert.Equal(byUser, byItem);
        });

    [Theory]
    [InlineData(2, 0, 3f)]
    [InlineData(0, -1, 3f)]
    [InlineData(0, 0, 7f)]
    [InlineData(0, 0, float.NaN)]
    public void RefusesARatingOutOfRange(int user, int item, float stars) =>
        Assert.Throws<ArgumentException>(() => RatingMatrix.Build(2, 2, [new RatingEntry(user, item, stars, 0)]));

    [Fact]
    public void IsTheSameWhenTheRatingsAreNowhereInMemory() =>
        Entry.Array[0, 60].Sample(entries =>
        {
            var (whole, streamed) = (RatingMatrix.Build(6, 8, entries), RatingMatrix.Build(6, 8, entries.Where(_ => true)));
            Assert.Equal(whole.Count, streamed.Count);
            Assert.Equal(whole.MeanStars, streamed.MeanStars);
            for (var user = 0; user < 6; user++)
                Assert.Equal(whole.HistoryOf(user).ToArray(), streamed.HistoryOf(user).ToArray());
            for (var item = 0; item < 8; item++)
                Assert.Equal(whole.RatersOf(item).ToArray(), streamed.RatersOf(item).ToArray());
        });

    [Fact]
    public void ARatingTakesSixteenBytes() => Assert.Equal(16, Unsafe.SizeOf<RatedItem>() + Unsafe.SizeOf<Rater>());

    [Fact]
    public void EveryHalfStarAndEveryTimeUpTo2106ComesBack()
    {
        for (var stars = 0.5f; stars <= 5; stars += 0.5f)
            Assert.Equal((7, stars, 4_102_444_800), (new RatedItem(7, stars, 4_102_444_800).Item, new RatedItem(7, stars, 4_102_444_800).Stars, new RatedItem(7, stars, 4_102_444_800).Time));
        Assert.Equal(uint.MaxValue, new RatedItem(0, 3, long.MaxValue).Time);
        Assert.Equal(0, new RatedItem(0, 3, -1).Time);
    }
}
