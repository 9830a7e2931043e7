using MudBlazor;
using static MovieRecommender.Web.Shell.Languages.Text;

namespace MovieRecommender.Web.Shell;

static class UndoToast
{
    /// <summary>Says what was done, instead of what was said before, and offers to undo it.</summary>
    public static void SayWithUndo(this ISnackbar snackbar, string text, Func<Task> undo)
    {
        snackbar.Clear();
        snackbar.Add(text, Severity.Normal, options =>
        {
            options.Action = T("Undo");
            options.HideIcon = true;
            // With something to click it would stay until somebody clicks.
            options.RequireInteraction = false;
            options.VisibleStateDuration = 8000;
            options.OnClick = _ => undo();
        });
    }
}
