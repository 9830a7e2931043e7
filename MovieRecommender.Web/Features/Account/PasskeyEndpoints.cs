using System.Globalization;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Identity;
using MovieRecommender.Domain;
using MovieRecommender.Domain.Accounts;
using static MovieRecommender.Web.Shell.Languages.Text;

namespace MovieRecommender.Web.Features.Account;

/// <summary>The challenges that a browser's passkeys answer. What was asked is kept in a sealed cookie until the answer comes.</summary>
static class PasskeyEndpoints
{
    public const string Create = "/account/passkey/create";
    public const string SignUp = "/account/passkey/sign-up";
    public const string Get = "/account/passkey/get";

    public static void MapPasskeys(this WebApplication app)
    {
        app.MapPost(Create, async (HttpContext context, IAntiforgery antiforgery, SignInManager<Domain.Storage.Account> signIn) =>
        {
            var caller = Caller.From(context.User);
            var account = caller.RequireMember().ToString(CultureInfo.InvariantCulture);
            if (!await antiforgery.IsRequestValidAsync(context)) return Results.BadRequest();
            var name = caller.Name ?? account;
            return Results.Text(await signIn.MakePasskeyCreationOptionsAsync(new() { Id = account, Name = name, DisplayName = name }), "application/json");
        }).ExcludeFromDescription();

        app.MapPost(SignUp, async (HttpContext context, IAntiforgery antiforgery, SignInManager<Domain.Storage.Account> signIn, Passkeys passkeys, string? invite) =>
        {
            if (!await antiforgery.IsRequestValidAsync(context)) return Results.BadRequest();
            try
            {
                var newcomer = await passkeys.BeginSignUpAsync(Caller.From(context.User), context.Request.Form["Passkey.Name"].ToString(), invite, context.RequestAborted);
                return Results.Text(await signIn.MakePasskeyCreationOptionsAsync(new() { Id = newcomer.Account.ToString(CultureInfo.InvariantCulture), Name = newcomer.Email, DisplayName = newcomer.Email }), "application/json");
            }
            catch (InvalidInputException error)
            {
                return Results.Text(Said(error), statusCode: StatusCodes.Status422UnprocessableEntity);
            }
        }).ExcludeFromDescription();

        // Asks for no account, so that nobody learns who has one: the browser offers what it holds for this site.
        app.MapPost(Get, async (HttpContext context, IAntiforgery antiforgery, SignInManager<Domain.Storage.Account> signIn)
            => await antiforgery.IsRequestValidAsync(context) ? Results.Text(await signIn.MakePasskeyRequestOptionsAsync(null), "application/json") : Results.BadRequest())
            .ExcludeFromDescription();
    }
}
