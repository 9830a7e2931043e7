namespace MovieRecommender.Web.Features.Account;

/// <summary>What kind of browser somebody uses, for them to tell theirs apart: names of our own, never what was sent.</summary>
static class BrowserName
{
    // The first that fits: browsers name those they want to be taken for, too.
    static readonly (string Mark, string Name)[] Browsers =
        [("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"), ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari")];

    static readonly (string Mark, string Name)[] Systems =
        [("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS X", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux")];

    /// <returns>Such as <c>Firefox · Windows</c>; null where nothing is known.</returns>
    public static string? Of(string userAgent)
    {
        string?[] known = [Find(Browsers), Find(Systems)];
        return string.Join(" · ", known.Where(name => name is not null)) is { Length: > 0 } name ? name : null;

        string? Find((string Mark, string Name)[] all) => all.FirstOrDefault(one => userAgent.Contains(one.Mark, StringComparison.Ordinal)).Name;
    }
}
