using System.ComponentModel.DataAnnotations;

namespace MovieRecommender.Web.Shell.Protection;

/// <summary>How much one person or address may ask for; configuration section <c>Limits</c>. Each is 1 to 1,000,000.</summary>
sealed class LimitOptions
{
    public const string Section = "Limits";
    const string Wrong = "Limits:{0} is out of range; allowed is {1} to {2}.";

    /// <summary>Calls of the API a minute, by account, else by address. Default 30,000.</summary>
    [Range(1, 1_000_000, ErrorMessage = Wrong)]
    public int ApiPerMinute { get; set; } = 30_000;

    /// <summary>Attempts to sign in a minute, by address. Default 30. Ten wrong passwords lock an account besides.</summary>
    [Range(1, 1_000_000, ErrorMessage = Wrong)]
    public int SignInsPerMinute { get; set; } = 30;

    /// <summary>Attempts to sign up, to set up, or to set a new password by a link or ask for one, a minute, by address. Default 20.</summary>
    [Range(1, 1_000_000, ErrorMessage = Wrong)]
    public int SignUpsPerMinute { get; set; } = 20;

    /// <summary>New guests a minute, by address. Default 20.</summary>
    [Range(1, 1_000_000, ErrorMessage = Wrong)]
    public int GuestsPerMinute { get; set; } = 20;

    /// <summary>Pages a minute for those without an account, by address. Default 600.</summary>
    [Range(1, 1_000_000, ErrorMessage = Wrong)]
    public int PagesPerMinute { get; set; } = 600;

    /// <summary>Open pages with a live connection, by account, else by address. Default 100.</summary>
    [Range(1, 1_000_000, ErrorMessage = Wrong)]
    public int OpenPages { get; set; } = 100;

    /// <summary>Clicks and keys a second on all of somebody's open pages, by account, else by address; four times as many may come at once. Default 50.</summary>
    [Range(1, 1_000_000, ErrorMessage = Wrong)]
    public int EventsPerSecond { get; set; } = 50;
}
