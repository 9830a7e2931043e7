using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.Extensions;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Privacy;
using MovieRecommender.Web.Features.Admin;
using MovieRecommender.Web.Shell;

namespace MovieRecommender.Web.Api;

/// <summary>A person with an account: counts, never what they like.</summary>
/// <param name="LastSeen">To the day; null for who has not signed in yet.</param>
/// <param name="LockedSince">Since when an admin keeps them out.</param>
/// <param name="WaitsUntil">Until when too many wrong passwords keep them out.</param>
sealed record PersonAnswer(int Id, string Email, bool Admin, DateTime Since, DateTime? LastSeen, int Ratings, DateTime? LockedSince, DateTimeOffset? WaitsUntil)
{
    public static PersonAnswer Of(Person person)
        => new(person.Id, person.Email, person.IsAdmin, person.SinceUtc, person.LastSeenUtc, person.Ratings, person.LockedUtc, person.WaitsUntil);
}

/// <summary>One page of people.</summary>
/// <param name="Guests">Visitors without an account.</param>
sealed record PeopleAnswer(IReadOnlyList<PersonAnswer> Items, int Total, int Page, int PageSize, int Guests);

/// <param name="Admin">Whether they are to be an admin.</param>
sealed record AdminRequest([property: JsonRequired] bool Admin);

/// <summary>A link for one person, to be used once; it cannot be read again.</summary>
sealed record LinkAnswer(string Link, DateTime Expires);

/// <summary>An invitation that is out.</summary>
sealed record InvitationAnswer(int Id, DateTime Created, DateTime Expires);

/// <summary>Something an admin did.</summary>
/// <param name="By">person, token or command line.</param>
/// <param name="Who">The admin's address; null for the command line, and once the account is gone.</param>
/// <param name="On">What it was done on.</param>
sealed record ActionAnswer(int Id, DateTime At, string By, string? Who, string What, string? On)
{
    public static ActionAnswer Of(AdminActionView action)
        => new(action.Id, action.AtUtc, action.By == ActedBy.CommandLine ? "command line" : action.By.ToString().ToLowerInvariant(), action.Who, action.What, action.On);
}

/// <summary>One page of the log.</summary>
/// <param name="Before">What to send as before for the next, older page; null on the last one.</param>
sealed record ActionsAnswer(IReadOnlyList<ActionAnswer> Items, int? Before);

static class PeopleApi
{
    public static void MapPeople(this RouteGroupBuilder v1)
    {
        var admin = v1.MapGroup("/admin").WithTags("People").ProducesProblem(StatusCodes.Status403Forbidden);
        var people = admin.MapGroup("/people");

        people.MapGet("", async (PeopleService service, Caller caller, string? search, int? page, int? pageSize, CancellationToken cancellationToken) =>
        {
            var found = await service.ListAsync(caller, search, page ?? 1, pageSize ?? 25, cancellationToken);
            return new PeopleAnswer([.. found.People.Select(PersonAnswer.Of)], found.Total, page ?? 1, pageSize ?? 25, found.Guests);
        }).WithSummary("People with an account, by e-mail address.");

        people.MapGet("/{id:int}", async (PeopleService service, Caller caller, int id, CancellationToken cancellationToken) => PersonAnswer.Of(await service.GetAsync(caller, id, cancellationToken)))
            .WithSummary("One person.").ProducesProblem(StatusCodes.Status404NotFound);

        people.MapPut("/{id:int}/admin", async (AccountRights rights, Caller caller, int id, AdminRequest request, CancellationToken cancellationToken) =>
        {
            await rights.SetAdminAsync(caller, id, request.Admin, cancellationToken);
            return TypedResults.NoContent();
        }).WithSummary("Make somebody an admin, or end it; for a signed-in admin, not for tokens.").ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

        people.MapPost("/{id:int}/lock", async (AccountRights rights, PeopleService service, Caller caller, int id, CancellationToken cancellationToken) =>
        {
            await rights.LockAsync(caller, id, cancellationToken);
            return PersonAnswer.Of(await service.GetAsync(caller, id, cancellationToken));
        }).WithSummary("Keep somebody out, with every session and token.").ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

        people.MapPost("/{id:int}/unlock", async (AccountRights rights, PeopleService service, Caller caller, int id, CancellationToken cancellationToken) =>
        {
            await rights.UnlockAsync(caller, id, cancellationToken);
            return PersonAnswer.Of(await service.GetAsync(caller, id, cancellationToken));
        }).WithSummary("Let somebody in again, also after too many wrong passwords.").ProducesProblem(StatusCodes.Status404NotFound);

        people.MapPost("/{id:int}/password-link", async (PasswordResets resets, Caller caller, HttpRequest request, int id, CancellationToken cancellationToken) =>
        {
            var made = await resets.LinkAsync(caller, id, cancellationToken);
            return new LinkAnswer(Absolute(request, PersonalLinks.Reset(made.Code)), made.ExpiresUtc);
        }).WithSummary("A link by which somebody sets a new password, once, within a day; for a signed-in admin, not for tokens.").ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

        people.MapDelete("/{id:int}", async (PrivacyService privacy, Caller caller, int id, CancellationToken cancellationToken) =>
        {
            await privacy.ForgetMemberAsync(caller, id, cancellationToken);
            return TypedResults.NoContent();
        }).WithSummary("Delete somebody with all they left.").ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

        admin.MapPost("/invitations", async (AccountService accounts, Caller caller, HttpRequest request, TimeProvider time, CancellationToken cancellationToken) =>
        {
            var code = await accounts.InviteAsync(caller, cancellationToken);
            return new LinkAnswer(Absolute(request, PersonalLinks.Invitation(code)), time.GetUtcNow().UtcDateTime + AccountService.InvitationLifetime);
        }).WithSummary("A link by which one person can sign up; for a signed-in admin, not for tokens.").ProducesProblem(StatusCodes.Status409Conflict);

        admin.MapGet("/invitations", async (AccountService accounts, Caller caller, CancellationToken cancellationToken)
            => (await accounts.InvitationsAsync(caller, cancellationToken)).Select(invitation => new InvitationAnswer(invitation.Id, invitation.CreatedUtc, invitation.ExpiresUtc)))
            .WithSummary("The invitations that are out and still good, newest first; their links cannot be read again.");

        admin.MapDelete("/invitations/{id:int}", async (AccountService accounts, Caller caller, int id, CancellationToken cancellationToken) =>
        {
            await accounts.RevokeInvitationAsync(caller, id, cancellationToken);
            return TypedResults.NoContent();
        }).WithSummary("Take an invitation back.").ProducesProblem(StatusCodes.Status404NotFound);

        admin.MapGet("/actions", async (HttpContext http, AdminActions actions, Caller caller, int? before, int? pageSize, CancellationToken cancellationToken) =>
        {
            var most = pageSize ?? 50;
            var found = await actions.ListAsync(caller, before, most, cancellationToken);
            int? next = found.Count == most && (await actions.ListAsync(caller, found[^1].Id, 1, cancellationToken)).Count > 0 ? found[^1].Id : null;
            if (next is { } last) NextPage.Link(http, "before", last);
            return new ActionsAnswer([.. found.Select(ActionAnswer.Of)], next);
        }).WithSummary("What admins did, newest first.");

        admin.MapGet("/check", async (InstallationCheck check, Caller caller, HttpContext context, CancellationToken cancellationToken) =>
                (await check.ReadAsync(caller, context, cancellationToken)).Select(line => new CheckAnswer(line.Name, line.State.ToString().ToLowerInvariant(), line.Says, line.Advice)))
            .WithSummary("How this installation stands, as this very request sees it.");
    }

    static string Absolute(HttpRequest request, string address) => UriHelper.BuildAbsolute(request.Scheme, request.Host, request.PathBase).TrimEnd('/') + address;
}

/// <summary>One thing about the installation.</summary>
/// <param name="State">fine, look or change.</param>
/// <param name="Advice">What to change, or null.</param>
sealed record CheckAnswer(string Name, string State, string Says, string? Advice);
