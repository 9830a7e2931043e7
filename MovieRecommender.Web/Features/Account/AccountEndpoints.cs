using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using MovieRecommender.Domain.Accounts;

namespace MovieRecommender.Web.Features.Account;

/// <summary>What pages ask for that needs a cookie set.</summary>
static class AccountEndpoints
{
    public static void MapAccount(this WebApplication app)
    {
        app.MapPost("/guest", async (HttpContext context, AccountService accounts, GuestTickets tickets) =>
        {
            if (Caller.From(context.User).ViewerId is { } known) return Results.Text(tickets.Issue(known));
            var guest = await accounts.AddGuestAsync(context.RequestAborted);
            await context.SignInAsync(GuestIdentity.Scheme, GuestIdentity.For(guest.Id), new() { IsPersistent = true });
            return Results.Text(tickets.Issue(guest.Id));
        }).DisableAntiforgery().ExcludeFromDescription();

        app.MapPost("/account/sign-out", async (HttpContext context, IAntiforgery antiforgery) =>
        {
            if (!await antiforgery.IsRequestValidAsync(context)) return Results.BadRequest();
            await context.SignOutAsync(IdentityConstants.ApplicationScheme);
            return Results.LocalRedirect("/");
        }).ExcludeFromDescription();
    }
}
