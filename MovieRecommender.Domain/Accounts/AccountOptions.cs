namespace MovieRecommender.Domain.Accounts;

/// <summary>Who may make an account.</summary>
public enum Registration
{
    Open = 0,

    /// <summary>Whoever has an admin's invitation.</summary>
    Invite = 1,

    /// <summary>Nobody; an admin adds accounts at the command line.</summary>
    Closed = 2,
}

/// <summary>Configuration section <c>Accounts</c>.</summary>
public sealed class AccountOptions
{
    public const string Section = "Accounts";

    /// <summary>open, invite or closed. Default: open until there is an admin, closed from then on.</summary>
    public Registration? Registration { get; set; }

    /// <summary>Days, 1 to 3,650, after which a guest who has not come back is forgotten. Default 30.</summary>
    public int GuestDays { get; set; } = 30;
}
