using System.Net;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using MovieRecommender.Domain;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Boot;
using MovieRecommender.Domain.Imports;
using MovieRecommender.Domain.Privacy;
using MovieRecommender.Domain.Recommendations;
using MovieRecommender.Domain.Storage;
using MovieRecommender.Web.Features.Account;
using MovieRecommender.Web.Shell;
using MovieRecommender.Web.Shell.Protection;

namespace MovieRecommender.Tests.Shell.Languages;

/// <summary>No text for viewers gets past the translation: none that a page draws, and none that a service says to it. Admins' pages are English.</summary>
public sealed partial class LiteralTests
{
    static readonly Type[] NotForViewers =
    [
        typeof(AppHost), typeof(ProxySetup), typeof(KeyProtection), typeof(OpenIdOptions), typeof(MailOptions), typeof(RecommendationQuery), typeof(RecommendationService), typeof(VersionPreview), typeof(AccountRights), typeof(AdminActions), typeof(PeopleService), typeof(PrivacyService),
    ];

    /// <summary>What tells the first visitor how far the first load is; its failures are for the log.</summary>
    static readonly Type[] Loading = [typeof(Readiness), typeof(FirstLoad), typeof(DataImporter), .. typeof(Wording).Assembly.GetTypes().Where(type => type.Name == "Download")];

    static readonly IReadOnlyDictionary<string, string> German = TextTests.Read("Text.de.resx");

    static IEnumerable<Type> Pages => typeof(Words).Assembly.GetTypes().Where(type => !type.IsNested && !NotForViewers.Contains(type)
        && type.Namespace is { } space && (space.StartsWith("MovieRecommender.Web.Shell", StringComparison.Ordinal) || space.StartsWith("MovieRecommender.Web.Features", StringComparison.Ordinal))
        && !space.EndsWith(".Admin", StringComparison.Ordinal));

    static IEnumerable<Type> Services => typeof(Wording).Assembly.GetTypes().Where(type => !type.IsNested && !NotForViewers.Contains(type) && Room().IsMatch(type.Namespace ?? ""));

    [Fact]
    public void WhatPagesDrawIsTranslated()
    {
        Assert.NotEmpty(DrawnIn(Instructions.OfAll([typeof(Planted)])));
        Assert.Empty(DrawnIn(Instructions.OfAll(Pages.Where(type => type.IsAssignableTo(typeof(IComponent))))).Distinct(StringComparer.Ordinal));
    }

    [Fact]
    public void WhatServicesSayToViewersIsTranslated()
    {
        var said = SaidByServices();
        Assert.Contains("A name has 1 to {0} characters; '{1}' does not.", said);
        var missing = said.Except(German.Keys, StringComparer.Ordinal).ToList();
        Assert.True(missing.Count == 0, string.Join(Environment.NewLine, missing));
    }

    public static HashSet<string> SaidByServices()
        => Instructions.OfAll(Pages.Concat(Services)).SelectMany(steps => SaidIn(steps)).Concat(Instructions.OfAll(Loading).SelectMany(steps => SaidIn(steps, thrown: false))).ToHashSet(StringComparer.Ordinal);

    /// <summary>The sentences that become a <see cref="Wording"/>, written out or put together from parts and values.</summary>
    /// <param name="thrown">Also those of exceptions.</param>
    static IEnumerable<string> SaidIn(IReadOnlyList<Step> steps, bool thrown = true)
    {
        StringBuilder? sentence = null;
        var values = 0;
        for (var i = 1; i < steps.Count; i++)
        {
            if (!thrown && steps[i].Call is ConstructorInfo made && made.DeclaringType!.IsAssignableTo(typeof(Exception))) sentence = null;
            if (steps[i].Call is not { } call || call.DeclaringType != typeof(Wording)) continue;
            switch (call.Name)
            {
                case ".ctor":
                    if (sentence is not null) yield return sentence.ToString();
                    (sentence, values) = (new(), 0);
                    break;
                case nameof(Wording.AppendLiteral):
                    sentence!.Append(steps[i - 1].Text);
                    break;
                case nameof(Wording.AppendFormatted):
                    sentence!.Append($"{{{values++}{(steps[i - 1].Text is { } format ? ":" + format : "")}}}");
                    break;
                case "op_Implicit":
                    // Either of two, when the sentence is chosen on the spot.
                    if (steps[i - 1].Text is { } one) yield return one;
                    if (i >= 3 && steps[i - 2].Code.FlowControl == System.Reflection.Emit.FlowControl.Branch && steps[i - 3].Text is { } other) yield return other;
                    break;
            }
        }
        if (sentence is not null) yield return sentence.ToString();
    }

    /// <summary>Letters between tags, in attributes that people read or hear, and sentences anywhere in a page's code.</summary>
    static IEnumerable<string> DrawnIn(IEnumerable<IReadOnlyList<Step>> methods)
    {
        foreach (var steps in methods)
        {
            string? attribute = null;
            for (var i = 0; i < steps.Count; i++)
            {
                if (steps[i].Call is { Name: nameof(RenderTreeBuilder.AddAttribute) or nameof(RenderTreeBuilder.AddComponentParameter) }) attribute = null;
                if (steps[i].Text is not { } text || German.ContainsKey(text)) continue;
                var call = i + 1 < steps.Count ? steps[i + 1].Call?.Name : null;
                if (call is nameof(RenderTreeBuilder.AddContent) or nameof(RenderTreeBuilder.AddMarkupContent))
                {
                    foreach (var part in Tag().Split(text).Concat(Tag().Matches(text).SelectMany(tag => Heard().Matches(tag.Value)).Select(match => match.Groups["text"].Value)))
                        if (IsWords(part)) yield return part.Trim();
                }
                else if (attribute is null && IsHeard(text) && steps[i - 1].Code.Name!.StartsWith("ldc", StringComparison.Ordinal) && steps[i - 2].Code.Name!.StartsWith("ld", StringComparison.Ordinal))
                {
                    attribute = text;
                }
                else if (attribute is not null ? IsWords(text) : Sentence().IsMatch(text))
                {
                    yield return text;
                }
            }
        }
    }

    static bool IsHeard(string attribute) => attribute is "aria-label" or "title" or "placeholder" or "alt" or "Label";

    /// <summary>Names are the same everywhere.</summary>
    static bool IsWords(string text) => Letters().IsMatch(Names().Replace(WebUtility.HtmlDecode(text), ""));

    [GeneratedRegex(@"^MovieRecommender\.Domain\.(Accounts|Ratings|Recommendations|Privacy)\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Room();

    [GeneratedRegex("<[^>]*>", RegexOptions.None, 1000)]
    private static partial Regex Tag();

    [GeneratedRegex("""\b(aria-label|title|placeholder|alt)="(?<text>[^"]*)""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Heard();

    [GeneratedRegex(@"\p{L}{2}", RegexOptions.None, 1000)]
    private static partial Regex Letters();

    [GeneratedRegex(@"^\p{Lu}[\p{L}’']* [\p{L}’' ,:]+", RegexOptions.None, 1000)]
    private static partial Regex Sentence();

    [GeneratedRegex(@"MovieRecommender|IMDb|TMDB|Bricolage Grotesque|Gloock|Lucide|Authorization: Bearer TOKEN|F\. Maxwell Harper and .*", RegexOptions.None, 1000)]
    private static partial Regex Names();

    /// <summary>A page with text of its own.</summary>
    sealed class Planted : ComponentBase
    {
        protected override void BuildRenderTree(RenderTreeBuilder builder) => builder.AddMarkupContent(0, "<p>Never translated</p>");
    }
}
