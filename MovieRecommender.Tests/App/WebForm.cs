using System.Net;
using System.Text.RegularExpressions;

namespace MovieRecommender.Tests.App;

/// <summary>Fills in a page's form as a browser without scripts does, antiforgery token and all.</summary>
static partial class WebForm
{
    /// <param name="name">The form's name, as the page gives it.</param>
    public static async Task<HttpResponseMessage> SubmitAsync(this HttpClient client, string page, string name, params IEnumerable<(string Field, string Value)> fields)
    {
        var html = await client.GetStringAsync(page);
        var values = FieldsOf(html, name).Concat(fields.Select(field => KeyValuePair.Create(field.Field, field.Value)));
        return await client.PostAsync(page, new FormUrlEncodedContent(values));
    }

    /// <summary>The fields that a form on a page brings along by itself.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> FieldsOf(string html, string name)
    {
        var form = Forms().Matches(html).Select(match => match.Value).FirstOrDefault(form => form.Contains($"value=\"{name}\"", StringComparison.Ordinal))
            ?? throw new InvalidOperationException($"The page has no form {name}: {html}");
        return [.. Inputs().Matches(form).Select(input => KeyValuePair.Create(Attribute(input.Value, "name"), Attribute(input.Value, "value"))).Where(input => input.Key.StartsWith('_'))];
    }

    public static async Task<HttpResponseMessage> SignInAsync(this HttpClient client, string email, string password)
        => await client.SubmitAsync("/account/sign-in", "sign-in", ("Input.Email", email), ("Input.Password", password));

    public static async Task<HttpResponseMessage> SignUpAsync(this HttpClient client, string email, string password, string page = "/account/sign-up")
        => await client.SubmitAsync(page, "sign-up", ("Input.Email", email), ("Input.Password", password));

    /// <summary>Makes a token on the account page of who is signed in, and returns it.</summary>
    /// <param name="scopes">Read, Rate, Admin or All.</param>
    public static async Task<string> MakeTokenAsync(this HttpClient client, string scopes, string name = "made by a test")
    {
        using var answer = await client.SubmitAsync("/account", "token", ("Input.Name", name), ("Input.Scopes", scopes), ("Input.Days", "30"));
        var html = await answer.Content.ReadAsStringAsync();
        return Token().Match(html) is { Success: true } token ? token.Value : throw new InvalidOperationException($"No token was made: {html}");
    }

    static string Attribute(string tag, string name)
        => WebUtility.HtmlDecode(Regex.Match(tag, $" {name}=\"(?<value>[^\"]*)\"", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)).Groups["value"].Value);

    [GeneratedRegex("mr_[A-Za-z0-9_-]{43}", RegexOptions.None, 1000)]
    private static partial Regex Token();

    [GeneratedRegex("<form.*?</form>", RegexOptions.Singleline, 1000)]
    private static partial Regex Forms();

    [GeneratedRegex("<input[^>]*>", RegexOptions.None, 1000)]
    private static partial Regex Inputs();
}
