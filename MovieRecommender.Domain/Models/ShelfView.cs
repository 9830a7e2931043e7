namespace MovieRecommender.Domain.Models;

/// <summary>What a version is to the app right now.</summary>
public enum VersionAlias
{
    None,

    /// <summary>It serves.</summary>
    Live,

    /// <summary>Newer than what serves, and waiting for someone to promote it; during a split the version that is tried.</summary>
    Candidate,

    /// <summary>It served before; rolling back means promoting it.</summary>
    Previous,
}

/// <summary>The shelf as an admin sees it, newest version first.</summary>
/// <param name="Live">The version that serves, or null while popularity does.</param>
/// <param name="Previous">The version that served before, or null when there is none or it is gone.</param>
/// <param name="IsPinned">Whether new versions wait as candidates.</param>
/// <param name="Split">Null while the live version serves everybody.</param>
public sealed record ShelfView(IReadOnlyList<ModelVersion> Versions, int? Live, int? Previous, bool IsPinned, SplitView? Split)
{
    /// <summary>The version with the alias candidate.</summary>
    public int? Candidate => Versions.FirstOrDefault(version => AliasOf(version) == VersionAlias.Candidate)?.Id;

    public VersionAlias AliasOf(ModelVersion version)
        => version.Id == Live ? VersionAlias.Live
            : version.Id == Previous ? VersionAlias.Previous
            : Split is null ? version == Versions[0] && version.Id > Live ? VersionAlias.Candidate : VersionAlias.None
            : version.Id == Split.Version ? VersionAlias.Candidate
            : VersionAlias.None;
}

/// <summary>A share of viewers whose own lists come from the candidate.</summary>
/// <param name="Percent">1 to 50.</param>
public sealed record SplitView(int Version, int Percent, DateTime SinceUtc);
