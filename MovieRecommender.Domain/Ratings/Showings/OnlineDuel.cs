namespace MovieRecommender.Domain.Ratings.Showings;

/// <summary>How the films of two versions that serve side by side do in use.</summary>
/// <param name="One">Null while it has shown nothing.</param>
/// <param name="Other">Null while it has shown nothing.</param>
public sealed record OnlineDuel(OnlineFigures? One, OnlineFigures? Other)
{
    /// <summary>By how much more of the one's films were then given four stars or more; null while one has shown nothing.</summary>
    public OnlineDifference? Liked => One is null || Other is null ? null : OnlineDifference.Of(One.Liked, Other.Liked);

    /// <summary>By how much more of the one's films were then "not for me".</summary>
    public OnlineDifference? Dismissed => One is null || Other is null ? null : OnlineDifference.Of(One.Dismissed, Other.Dismissed);

    /// <summary>The verdict so far, in words.</summary>
    public string Says => Liked switch
    {
        null => "There is nothing to compare yet.",
        { Low: > 0 } => $"More of version {One!.Version}’s films were then given four stars or more, by more than chance.",
        { High: < 0 } => $"Fewer of version {One!.Version}’s films were then given four stars or more, by more than chance.",
        _ => "So far the two differ by no more than chance.",
    };
}
