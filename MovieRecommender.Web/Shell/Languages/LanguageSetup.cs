using System.Globalization;
using Microsoft.AspNetCore.Localization;
using Microsoft.AspNetCore.Mvc;
using MovieRecommender.Web.Features.Account;

namespace MovieRecommender.Web.Shell.Languages;

/// <summary>Which language a request is answered in: the one chosen here, else the first that its browser asks for and we have, else English.</summary>
static class LanguageSetup
{
    /// <summary>In their own words, as whoever looks for theirs reads no other.</summary>
    public static readonly (string Tag, string Name)[] Languages = [("en", "English"), ("de", "Deutsch")];

    const string Cookie = "mr_language";
    static readonly CookieRequestCultureProvider Chosen = new() { CookieName = Cookie };

    public static void UseLanguages(this WebApplication app) => app.UseRequestLocalization(new RequestLocalizationOptions
    {
        // Only words change with the language; see Text.
        DefaultRequestCulture = new(CultureInfo.InvariantCulture, CultureInfo.GetCultureInfo(Languages[0].Tag)),
        SupportedCultures = [CultureInfo.InvariantCulture],
        SupportedUICultures = [.. Languages.Select(language => CultureInfo.GetCultureInfo(language.Tag))],
        RequestCultureProviders = [Chosen, new AcceptLanguageHeaderRequestCultureProvider()],
    });

    public static void MapLanguageChoice(this WebApplication app)
        => app.MapPost("/language", (HttpContext context, [FromForm] string? language, [FromForm] string? returnUrl) =>
        {
            if (language is null || !Languages.Any(known => known.Tag == language)) return Results.BadRequest();
            context.Response.Cookies.Append(Cookie, CookieRequestCultureProvider.MakeCookieValue(new("", language)), new()
            {
                HttpOnly = true,
                IsEssential = true,
                MaxAge = TimeSpan.FromDays(365),
                SameSite = SameSiteMode.Lax,
                Secure = context.Request.IsHttps,
            });
            return Results.LocalRedirect(Address.Local(returnUrl));
        }).DisableAntiforgery().ExcludeFromDescription();
}
