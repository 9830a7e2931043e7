using MovieRecommender.Domain.Factorization;
using MovieRecommender.Domain.Models;
using MovieRecommender.Tests.Factorization;

namespace MovieRecommender.Tests.Models;

/// <summary>Versions trained in no time.</summary>
static class ToyVersions
{
    static readonly StarModel Popularity = (StarModel)new PopularityTrainer().Train(ToyWorlds.Checkerboard(), null, CancellationToken.None);

    public static ServingModel Model(int version, int firstMovie = 101) => new(version, [.. Enumerable.Range(firstMovie, Popularity.Items)], Popularity, Popularity);

    public static ModelVersion Row(int version, string checksum, long size)
        => new() { Id = version, RankingAlgorithm = Popularity.Algorithm, StarsAlgorithm = Popularity.Algorithm, Checksum = checksum, Size = size };
}
