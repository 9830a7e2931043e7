using MudBlazor;

namespace MovieRecommender.Web.Features.Admin;

/// <summary>How a question before an action is drawn.</summary>
static class Questions
{
    /// <param name="forGood">Whether what is asked about cannot be undone: its button then warns (pages.css).</param>
    public static DialogOptions Of(bool forGood) => new() { BackgroundClass = forGood ? "for-good" : null };
}
