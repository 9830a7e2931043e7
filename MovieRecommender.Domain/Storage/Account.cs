using Microsoft.AspNetCore.Identity;

namespace MovieRecommender.Domain.Storage;

/// <summary>How a member signs in. What they rate belongs to their viewer, so an account can go without taking the ratings along.</summary>
public sealed class Account : IdentityUser<int>
{
    /// <summary>The viewer this account signs in as.</summary>
    public int ViewerId { get; set; }

    public DateTime CreatedUtc { get; set; }

    /// <summary>Since when an admin keeps the account out; null for never. Too many wrong passwords are Identity's lockout, not this.</summary>
    public DateTime? LockedUtc { get; set; }

    /// <summary>The step of time of the last code taken from an authenticator app: that one and those before it are used up.</summary>
    public long? LastCodeStep { get; set; }
}
