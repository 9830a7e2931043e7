using MovieRecommender.Domain.Catalog.MovieLens;

namespace MovieRecommender.Domain.Catalog;

/// <summary>Where films and ratings come from; configuration section <c>Catalog</c>.</summary>
public sealed class CatalogOptions
{
    public const string Section = "Catalog";

    /// <summary>What an empty store loads: <c>demo</c>, the name of a MovieLens set such as <c>ml-latest-small</c>, or a path to a MovieLens folder or zip. Default <c>demo</c>.</summary>
    public string Source { get; set; } = "demo";

    /// <summary>Where MovieLens zips are downloaded from; <c>NAME.zip</c> is appended. Point it at a mirror if you keep one.</summary>
    public string DownloadFrom { get; set; } = "https://files.grouplens.org/datasets/movielens/";

    /// <summary>Hosts, parted by commas, that the address in <see cref="DownloadFrom"/> may send a download on to. Default empty: its own host only.</summary>
    public string RedirectHosts { get; set; } = "";

    /// <summary>
    /// SHA-256 (or MD5) that the zip of <see cref="Source"/> must have when it is downloaded, in hex; of ml-latest-small where the source is none to download.
    /// Default empty: the one this version knows, or else the MD5 published beside it. Set it when the publisher has reissued a file you trust.
    /// </summary>
    public string Sha256 { get; set; } = "";

    /// <summary>The hash that is set for a data set, or null.</summary>
    internal string? HashOf(string name)
        => string.IsNullOrWhiteSpace(Sha256) || name != (KnownDataSets.Find(Source)?.Name ?? KnownDataSets.All[0].Name) ? null : Sha256;
}
