using System.Globalization;
using Microsoft.AspNetCore.Components;

namespace MovieRecommender.Web.Shell;

/// <summary>Text in a drawing; Razor keeps the tag name <c>text</c> for itself.</summary>
static class ChartText
{
    /// <param name="anchor">start, middle or end.</param>
    public static RenderFragment At(double x, double y, string text, string? css = null, string anchor = "middle") => builder =>
    {
        builder.OpenElement(0, "text");
        builder.AddAttribute(1, "class", css);
        builder.AddAttribute(2, "x", x.ToString("0.0", CultureInfo.InvariantCulture));
        builder.AddAttribute(3, "y", y.ToString("0.0", CultureInfo.InvariantCulture));
        builder.AddAttribute(4, "text-anchor", anchor);
        builder.AddContent(5, text);
        builder.CloseElement();
    };
}
