namespace MovieRecommender.Domain.Catalog.MovieLens;

/// <summary>A data set that GroupLens publishes.</summary>
/// <param name="Name">Also the name of its zip.</param>
/// <param name="Sha256">Hash of the zip, in hex; null when none is pinned, then only an admin's word lets it in.</param>
/// <param name="Reissued">The publisher may replace the file, so another hash is a warning, not an error.</param>
public sealed record KnownDataSet(string Name, string? Sha256, bool Reissued);

public static class KnownDataSets
{
    public static readonly IReadOnlyList<KnownDataSet> All =
    [
        new("ml-latest-small", "696d65a3dfceac7c45750ad32df2c259311949efec81f0f144fdfb91ebc9e436", Reissued: true),
    ];
}
