namespace MovieRecommender.Domain.Catalog.MovieLens;

/// <summary>A data set that GroupLens publishes.</summary>
/// <param name="Name">Also the name of its zip.</param>
/// <param name="Sha256">Hash of the zip, in hex. Its publisher may reissue it; an admin then puts the new hash into the configuration.</param>
public sealed record KnownDataSet(string Name, string Sha256);

public static class KnownDataSets
{
    public static readonly IReadOnlyList<KnownDataSet> All =
    [
        new("ml-latest-small", "696d65a3dfceac7c45750ad32df2c259311949efec81f0f144fdfb91ebc9e436"),
    ];
}
