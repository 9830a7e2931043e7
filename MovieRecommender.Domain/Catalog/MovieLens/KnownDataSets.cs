using System.Globalization;

namespace MovieRecommender.Domain.Catalog.MovieLens;

/// <summary>A data set that GroupLens publishes.</summary>
/// <param name="Name">Also the name of its zip.</param>
/// <param name="Holds">How much is in it, for people.</param>
/// <param name="MayBePassedOn">Whether its terms let it be given to others, under the same terms.</param>
/// <param name="Sha256">Hash of the zip, in hex; null where the MD5 that is published beside it has to do.</param>
public sealed record KnownDataSet(string Name, string Holds, bool MayBePassedOn, string? Sha256 = null)
{
    /// <summary>Sets named latest are issued anew now and then: one that differs from what is known may be right, and an admin decides.</summary>
    public bool IsReissued => Name.StartsWith("ml-latest", StringComparison.Ordinal);

    /// <summary>What whoever downloads it agrees to.</summary>
    public string Terms => string.Create(CultureInfo.InvariantCulture,
        $"{Name} may be used for research. It may not be used commercially without permission of a faculty member of the GroupLens Research Project at the University of Minnesota, and no endorsement by either may be implied. Publications that use it cite: {Citation}. It {(MayBePassedOn ? "may be passed on under these same terms" : "may not be passed on without separate permission")}.");

    public const string Citation = "F. Maxwell Harper and Joseph A. Konstan. 2015. The MovieLens Datasets: History and Context. ACM Transactions on Interactive Intelligent Systems 5, 4, Article 19. https://doi.org/10.1145/2827872";
}

public static class KnownDataSets
{
    public static readonly IReadOnlyList<KnownDataSet> All =
    [
        new("ml-latest-small", "100,836 ratings of 9,742 films by 610 people", true, "696d65a3dfceac7c45750ad32df2c259311949efec81f0f144fdfb91ebc9e436"),
        new("ml-100k", "100,000 ratings of 1,682 films by 943 people", false),
        new("ml-1m", "1,000,209 ratings of 3,900 films by 6,040 people", false),
        new("ml-10m", "10,000,054 ratings of 10,681 films by 71,567 people", false),
        new("ml-20m", "20 million ratings", false),
        new("ml-25m", "25 million ratings", false),
        new("ml-32m", "32,000,204 ratings of 87,585 films by 200,948 people", true),
        new("ml-latest", "about 34 million ratings of 86,500 films by 331,000 people", false),
    ];

    /// <summary>The data set of a name, or null.</summary>
    public static KnownDataSet? Find(string name) => All.FirstOrDefault(known => known.Name == name);
}
