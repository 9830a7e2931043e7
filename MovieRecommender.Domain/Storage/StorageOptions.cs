namespace MovieRecommender.Domain.Storage;

/// <summary>Where the store lives; configuration section <c>Storage</c>.</summary>
public sealed class StorageOptions
{
    public const string Section = "Storage";

    /// <summary>Folder of the database and the model files, absolute or relative to the content root. Default <c>data</c>.</summary>
    public string Directory { get; set; } = "data";
}
