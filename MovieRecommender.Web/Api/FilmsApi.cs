using System.ComponentModel;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Catalog;
using MovieRecommender.Domain.Curation;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Web.Api;

/// <summary>A film as admins see it.</summary>
/// <param name="Hidden">Neither listed nor recommended.</param>
/// <param name="Edited">An admin's words, which imports leave alone.</param>
/// <param name="Tags">Words people put on it, most used first; null in a list.</param>
sealed record FilmAnswer(int MovieId, string Title, int? Year, IReadOnlyList<string> Genres, string? ImdbId, int? TmdbId, int Ratings, double? AverageStars, bool Hidden, bool Edited, IReadOnlyList<string>? Tags)
{
    public static FilmAnswer Of(Film film, IReadOnlyList<string>? tags = null) => new(film.Id, film.Title, film.Year, film.Genres, film.ImdbId, film.TmdbId, film.RatingCount,
        film.RatingCount == 0 ? null : Math.Round(film.AverageStars, 3), film.IsHidden, film.IsEdited, tags);
}

/// <summary>One page of films.</summary>
sealed record FilmsAnswer(IReadOnlyList<FilmAnswer> Items, int Total, int Page, int PageSize);

/// <param name="Hidden">Whether to keep the film out of every list.</param>
sealed record HiddenRequest([property: JsonRequired] bool Hidden);

/// <param name="Tag">A word of 1 to 200 characters.</param>
sealed record TagRequest(string? Tag);

/// <summary>What merging a film into another does.</summary>
/// <param name="Ratings">How many move.</param>
/// <param name="RatedBoth">People who rated both: their newer rating stays.</param>
/// <param name="Marks">Entries on watchlists, "not for me" and "seen it" that move.</param>
sealed record MergeAnswer(FilmAnswer From, FilmAnswer Into, int Ratings, int RatedBoth, int Marks, int Tags);

static class FilmsApi
{
    public static void MapFilms(this RouteGroupBuilder v1)
    {
        v1.MapGet("/admin/statistics", async (DataStatistics statistics, Caller caller, CancellationToken cancellationToken) => await statistics.ReadAsync(caller, cancellationToken))
            .WithTags("Films").WithSummary("The data in figures: counts, density, distribution of stars, long tail.").ProducesProblem(StatusCodes.Status403Forbidden);

        foreach (var format in Enum.GetValues<ExportFormat>())
        {
            var (name, type) = (format.ToString().ToLowerInvariant(), format == ExportFormat.Csv ? "text/csv; charset=utf-8" : "application/vnd.apache.parquet");
            v1.MapGet($"/admin/export/ratings.{name}", (
                    HttpContext http, DataExport export, Caller caller, [Description("Without the tenth that models are judged by, to train elsewhere")] bool? toLearnFrom, CancellationToken cancellationToken) =>
                    Stream(http, caller, target => export.RatingsAsync(caller, format, target, toLearnFrom ?? false, cancellationToken), type, $"ratings.{name}"))
                .WithTags("Films").WithSummary("All ratings, or those to learn from; people are numbered at random, anew with each export.").Produces<Stream>(StatusCodes.Status200OK, contentType: type).ProducesProblem(StatusCodes.Status403Forbidden);
            v1.MapGet($"/admin/export/films.{name}", (HttpContext http, DataExport export, Caller caller, CancellationToken cancellationToken) =>
                    Stream(http, caller, target => export.FilmsAsync(caller, format, target, cancellationToken), type, $"films.{name}"))
                .WithTags("Films").WithSummary("The catalogue.").Produces<Stream>(StatusCodes.Status200OK, contentType: type).ProducesProblem(StatusCodes.Status403Forbidden);
        }

        var films = v1.MapGroup("/admin/films").WithTags("Films").ProducesProblem(StatusCodes.Status403Forbidden);

        films.MapGet("", (FilmService service, Caller caller, string? search, bool? hidden, int? page, int? pageSize) =>
        {
            var found = service.List(caller, search, hidden ?? false, page ?? 1, pageSize ?? 25);
            return new FilmsAnswer([.. found.Films.Select(film => FilmAnswer.Of(film))], found.Total, page ?? 1, pageSize ?? 25);
        }).WithSummary("Films, hidden ones too; with hidden=true only those.");

        films.MapPost("", async (
            FilmService service, Caller caller, FilmDraft request, [FromHeader(Name = "Idempotency-Key"), Description(ApiDocument.KeyMeaning)] string? key, CancellationToken cancellationToken) =>
        {
            var film = await service.AddAsync(caller, request, RequestKey.Of(key), cancellationToken);
            return TypedResults.Created($"/api/v1/admin/films/{film.Id}", FilmAnswer.Of(film, []));
        }).WithSummary("Add a film.").ProducesProblem(StatusCodes.Status409Conflict);

        films.MapGet("/{id:int}", async (FilmService service, Caller caller, int id, CancellationToken cancellationToken) =>
        {
            var found = await service.GetAsync(caller, id, cancellationToken);
            return FilmAnswer.Of(found.Film, found.Tags);
        }).WithSummary("One film with its tags. The id of a merged film answers with the one it became.").ProducesProblem(StatusCodes.Status404NotFound);

        films.MapPut("/{id:int}", async (FilmService service, Caller caller, int id, FilmDraft request, CancellationToken cancellationToken) =>
                FilmAnswer.Of(await service.EditAsync(caller, id, request, cancellationToken)))
            .WithSummary("Write title, year, genres and links anew; later imports leave them alone.").ProducesProblem(StatusCodes.Status404NotFound);

        films.MapPut("/{id:int}/hidden", async (FilmService service, Caller caller, int id, HiddenRequest request, CancellationToken cancellationToken) =>
                FilmAnswer.Of(await service.SetHiddenAsync(caller, id, request.Hidden, cancellationToken)))
            .WithSummary("Keep a film out of every list, or let it in again.").ProducesProblem(StatusCodes.Status404NotFound);

        films.MapPost("/{id:int}/tags", async (FilmService service, Caller caller, int id, TagRequest request, CancellationToken cancellationToken) =>
                await service.AddTagAsync(caller, id, request.Tag, cancellationToken))
            .WithSummary("Put a word on a film, which the next training learns from; doing it twice is fine. Answers with the film's tags.").ProducesProblem(StatusCodes.Status404NotFound);

        films.MapDelete("/{id:int}/tags", async (FilmService service, Caller caller, int id, string? tag, CancellationToken cancellationToken) =>
                await service.RemoveTagAsync(caller, id, tag, cancellationToken))
            .WithSummary("Take a word off a film, whoever put it there. Answers with the film's tags.").ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

        films.MapGet("/{id:int}/merge/{into:int}", async (FilmMerger merger, Caller caller, int id, int into, CancellationToken cancellationToken) =>
        {
            var plan = await merger.PlanAsync(caller, id, into, cancellationToken);
            return new MergeAnswer(FilmAnswer.Of(plan.From), FilmAnswer.Of(plan.Into), plan.Ratings, plan.RatedBoth, plan.Marks, plan.Tags);
        }).WithSummary("What merging a film into another would do.").ProducesProblem(StatusCodes.Status404NotFound);

        films.MapPost("/{id:int}/merge/{into:int}", async (FilmMerger merger, Caller caller, int id, int into, CancellationToken cancellationToken) =>
                FilmAnswer.Of(await merger.MergeAsync(caller, id, into, cancellationToken)))
            .WithSummary("Merge a film into another; it cannot be undone.").ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
    }

    static Microsoft.AspNetCore.Http.HttpResults.PushStreamHttpResult Stream(HttpContext http, Caller caller, Func<Stream, Task> write, string type, string name)
    {
        // Once a stream has begun, no problem can be told any more.
        caller.RequireAdmin();
        // Parquet.Net flushes synchronously.
        if (http.Features.Get<IHttpBodyControlFeature>() is { } body) body.AllowSynchronousIO = true;
        return TypedResults.Stream(write, type, name);
    }
}
