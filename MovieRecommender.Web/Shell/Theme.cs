using MudBlazor;

namespace MovieRecommender.Web.Shell;

/// <summary>The look's tokens for the parts that MudBlazor draws.</summary>
static class Theme
{
    public static MudTheme Cinema { get; } = new()
    {
        PaletteLight = new PaletteLight
        {
            Background = "#f2eff0",
            Surface = "#ffffff",
            Primary = "#ffc857",
            PrimaryContrastText = "#241703",
            Secondary = "#9a1f3d",
            Success = "#0b6e49",
            Info = "#1d5a9e",
            Warning = "#8a4b00",
            Error = "#ab2318",
            TextPrimary = "#21161b",
            TextSecondary = "#51434a",
            LinesDefault = "#d8d0d3",
            LinesInputs = "#85777d",
        },
        PaletteDark = new PaletteDark
        {
            Background = "#161012",
            Surface = "#1f181b",
            Primary = "#ffc857",
            PrimaryContrastText = "#241703",
            Secondary = "#f79ba3",
            Success = "#63d8a6",
            Info = "#93c5f5",
            Warning = "#ffb873",
            Error = "#ff9384",
            TextPrimary = "#f6eee9",
            TextSecondary = "#cfc2bf",
            LinesDefault = "#392e33",
            LinesInputs = "#85767b",
        },
        Typography = new() { Default = new DefaultTypography { FontFamily = ["Bricolage UI", "system-ui", "sans-serif"], FontSize = "1rem", LineHeight = "1.5" } },
        LayoutProperties = new() { DefaultBorderRadius = "8px", AppbarHeight = "64px" },
    };
}
