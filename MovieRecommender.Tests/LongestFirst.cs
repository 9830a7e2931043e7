using MovieRecommender.Tests;
using MovieRecommender.Tests.App;
using MovieRecommender.Tests.Browser;
using Xunit.Abstractions;

[assembly: TestCollectionOrderer("MovieRecommender.Tests." + nameof(LongestFirst), "MovieRecommender.Tests")]

namespace MovieRecommender.Tests;

/// <summary>The tests that share one app run one after the other for minutes, and the walk on real data takes long too: begun last, they would keep one processor idle at the end.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections)
        => testCollections.OrderByDescending(collection => collection.DisplayName == DemoAppTests.Name)
            .ThenByDescending(collection => collection.DisplayName.EndsWith(nameof(MovieLensJourneyTests), StringComparison.Ordinal));
}
