namespace MovieRecommender.Domain.Accounts;

/// <summary>What a token may do of what its account may.</summary>
[Flags]
public enum TokenScopes
{
    None = 0,

    /// <summary>See ratings and recommendations.</summary>
    Read = 1,

    /// <summary>Change ratings, and see them.</summary>
    Rate = 2,

    /// <summary>Train, import and decide which model serves; nothing without an admin's account.</summary>
    Admin = 4,

    /// <summary>Either of those that stand for a person.</summary>
    Viewer = Read | Rate,

    All = Read | Rate | Admin,
}
