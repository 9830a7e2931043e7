namespace MovieRecommender.Domain.Catalog;

/// <summary>Where films and ratings come from; configuration section <c>Catalog</c>.</summary>
public sealed class CatalogOptions
{
    public const string Section = "Catalog";

    /// <summary>What an empty store loads: <c>demo</c>, <c>ml-latest-small</c>, or a path to a MovieLens folder or zip. Default <c>demo</c>.</summary>
    public string Source { get; set; } = "demo";

    /// <summary>Where MovieLens zips are downloaded from; <c>NAME.zip</c> is appended. Point it at a mirror if you keep one.</summary>
    public string DownloadFrom { get; set; } = "https://files.grouplens.org/datasets/movielens/";

    /// <summary>Hosts, parted by commas, that the address in <see cref="DownloadFrom"/> may send a download on to. Default empty: its own host only.</summary>
    public string RedirectHosts { get; set; } = "";

    /// <summary>SHA-256 a downloaded zip must have, in hex. Default empty: the one this version knows. Set it when the publisher has reissued a file you trust.</summary>
    public string Sha256 { get; set; } = "";
}
