using Microsoft.Extensions.Localization;
using MudBlazor;
using static MovieRecommender.Web.Shell.Languages.Text;

namespace MovieRecommender.Web.Shell.Languages;

/// <summary>The words that MudBlazor itself puts on our pages: the crosses of messages and dialogs.</summary>
sealed class MudWords : MudLocalizer
{
    public override LocalizedString this[string key]
        => key is "MudSnackbar_Close" or "MudDialog_Close" ? new(key, T("Close")) : new(key, key, resourceNotFound: true);
}
