using System.ComponentModel;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Models;
using MovieRecommender.Domain.Ratings.Showings;
using MovieRecommender.Domain.Recommendations;
using MovieRecommender.Domain.Storage;
using MovieRecommender.Domain.Training;

namespace MovieRecommender.Web.Api;

/// <summary>A published model version.</summary>
/// <param name="Live">Whether it serves.</param>
/// <param name="Alias">live, candidate, previous, or null.</param>
/// <param name="Pinned">Whether it is held on to, so that training publishes candidates only.</param>
/// <param name="Size">Of its file, in bytes.</param>
/// <param name="Checksum">SHA-256 of its file, in hex.</param>
/// <param name="RequestedBy">Who or what asked for its training.</param>
/// <param name="Reason">Why the gate let it through.</param>
/// <param name="Scorecard">What its run measured.</param>
sealed record ModelAnswer(
    int Version, bool Live, string? Alias, bool Pinned, DateTime CreatedUtc, int RunId, string RankingAlgorithm, string StarsAlgorithm,
    int Films, int Viewers, long Ratings, long Size, string Checksum, string? RequestedBy, string? Reason, RunScorecard? Scorecard)
{
    public static ModelAnswer Of(ShelfView shelf, ModelVersion version, TrainingRun? run)
    {
        var alias = shelf.AliasOf(version);
        var live = alias == VersionAlias.Live;
        return new(
            version.Id, live, alias == VersionAlias.None ? null : alias.ToString().ToLowerInvariant(), live && shelf.IsPinned, version.CreatedUtc, version.RunId,
            version.RankingAlgorithm, version.StarsAlgorithm, version.Films, version.Viewers, version.Ratings, version.Size, version.Checksum,
            run?.RequestedBy, run?.Outcome, run is null ? null : TrainingService.ScorecardOf(run));
    }
}

/// <summary>One person's top 10 by a version, beside the one by the version that serves.</summary>
/// <param name="Ratings">How many of the person's ratings count.</param>
/// <param name="Live">The version that serves, or null while popularity does.</param>
sealed record PreviewAnswer(int Version, int? Live, int Ratings, IReadOnlyList<RecommendationAnswer> Items, IReadOnlyList<RecommendationAnswer> LiveItems);

/// <param name="Pinned">Whether to hold on to the version that serves.</param>
sealed record PinRequest([property: JsonRequired] bool Pinned);

/// <param name="Percent">Of a hundred viewers whose own lists come from the candidate: 1 to 50, or 0 to end it.</param>
sealed record SplitRequest([property: JsonRequired] int Percent);

/// <summary>Which share of viewers is served by the candidate, and how both versions do since.</summary>
/// <param name="Percent">0 while everybody is served by the live version; then the rest is null.</param>
/// <param name="Served">Whether the candidate really serves its share; false when its file cannot be read, and everybody gets the live version.</param>
/// <param name="Figures">Of the candidate; of films that were on nobody's list before. Null while it has shown none.</param>
/// <param name="LiveFigures">The same of the live version.</param>
/// <param name="Liked">By how much more of the candidate's films were then given four stars or more, with a 95 % interval.</param>
/// <param name="Dismissed">By how much more of its films were then "not for me".</param>
/// <param name="Says">The verdict so far, in words.</param>
sealed record SplitAnswer(
    int Percent, int? Version, int? Live, DateTime? SinceUtc, bool Served, OnlineFigures? Figures, OnlineFigures? LiveFigures, OnlineDifference? Liked, OnlineDifference? Dismissed, string? Says);

static class ModelsApi
{
    const string SafetensorsType = "application/octet-stream";

    public static void MapModels(this RouteGroupBuilder v1)
    {
        var models = v1.MapGroup("/admin/models").WithTags("Models").ProducesProblem(StatusCodes.Status403Forbidden);

        models.MapGet("", ListAsync).WithEntityTag().WithSummary("Model versions, newest first.");

        models.MapPost("/{version:int}/promote", async (ModelShelf shelf, TrainingService training, Caller caller, int version, CancellationToken cancellationToken) =>
        {
            await shelf.PromoteAsync(caller, version, cancellationToken);
            return (await ListAsync(shelf, training, caller, cancellationToken)).First(answer => answer.Version == version);
        }).WithSummary("Let a version serve, newer or older than the one that does; doing it twice is fine.")
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

        models.MapDelete("/{version:int}", async (ModelShelf shelf, Caller caller, int version, CancellationToken cancellationToken) =>
        {
            await shelf.DeleteAsync(caller, version, cancellationToken);
            return TypedResults.NoContent();
        }).WithSummary("Delete a version that does not serve.").ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

        models.MapGet("/{version:int}/preview", async (VersionPreview preview, Caller caller, int version, int? viewer, CancellationToken cancellationToken) =>
        {
            var found = await preview.CompareAsync(caller, version, viewer, cancellationToken);
            return new PreviewAnswer(version, found.Live.Version, found.Ratings, [.. found.Version.Items.Select(RecommendationAnswer.Of)], [.. found.Live.Items.Select(RecommendationAnswer.Of)]);
        }).WithSummary("The top 10 of somebody of the data set (viewer), or of the caller, by a version and by the one that serves.").ProducesProblem(StatusCodes.Status404NotFound);

        models.MapGet("/{version:int}/ml-net.zip", async (VersionExport export, Caller caller, int version, ModelHead? head, CancellationToken cancellationToken) =>
            TypedResults.File(await export.AsMlNetAsync(caller, version, head ?? ModelHead.Ranking, cancellationToken), "application/zip", $"version-{version}-{(head ?? ModelHead.Ranking).ToString().ToLowerInvariant()}.zip"))
            .WithSummary("A version's ranking or stars model for programs that use ML.NET; head is ranking (the default) or stars.")
            .Produces<Stream>(StatusCodes.Status200OK, contentType: "application/zip").ProducesProblem(StatusCodes.Status404NotFound);

        foreach (var (format, type, layout) in new[] { (FactorFormat.Safetensors, SafetensorsType, "two tensors, item_ids and item_factors"), (FactorFormat.Parquet, "application/vnd.apache.parquet", "a row for each film with item_ids and the list item_factors") })
        {
            var name = $"item-factors.{format.ToString().ToLowerInvariant()}";
            models.MapGet($"/{{version:int}}/{name}", async (VersionExport export, Caller caller, int version, CancellationToken cancellationToken) =>
                    TypedResults.File(await export.FactorsAsync(caller, version, format, cancellationToken), type, $"version-{version}-{name}"))
                .WithSummary($"The films' vectors behind a version's lists, with their ids: {layout}.")
                .Produces<Stream>(StatusCodes.Status200OK, contentType: type).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        }

        models.MapPost("/item-factors", async (
            HttpRequest request, TrainingService training, Caller caller, [FromHeader(Name = "Idempotency-Key"), Description(ApiDocument.KeyMeaning)] string? key, CancellationToken cancellationToken) =>
        {
            caller.RequireAdmin();
            if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = GivenFactors.LargestFile;
            var run = await training.JudgeAsync(caller, request.Body, RequestKey.Of(key), cancellationToken);
            return TypedResults.Accepted($"/api/v1/admin/training/runs/{run.Id}", RunAnswer.Of(run, training.Progress(caller)));
        }).Accepts<Stream>(SafetensorsType).ProducesProblem(StatusCodes.Status409Conflict)
            .WithSummary("Films' vectors trained elsewhere, as safetensors or Parquet: a training run judges them, and publishes them if the gate lets them.");

        models.MapGet("/online", async (OnlineQuality online, Caller caller, CancellationToken cancellationToken) => await online.ReadAsync(caller, cancellationToken: cancellationToken))
            .WithSummary("What became of the films on people's own lists, by the version that put them there, with 95 % intervals.");

        models.MapGet("/online/curve", async (OnlineQuality online, Caller caller, CancellationToken cancellationToken) => await online.CurveAsync(caller, cancellationToken))
            .WithSummary("The same by day or by week.");

        models.MapGet("/split", SplitAsync).WithSummary("Which share of viewers is served by the candidate, and how both versions do since.");

        models.MapPut("/split", async (ModelShelf shelf, LiveModel live, OnlineQuality online, Caller caller, SplitRequest request, CancellationToken cancellationToken) =>
        {
            await shelf.SplitAsync(caller, request.Percent, cancellationToken);
            return await SplitAsync(shelf, live, online, caller, cancellationToken);
        }).WithSummary("Let the candidate make the own lists of a share of viewers, 1 to 50 %; 0 ends it. It also ends when another version becomes live or the candidate is deleted.")
            .ProducesProblem(StatusCodes.Status409Conflict);

        models.MapPut("/pin", async (ModelShelf shelf, Caller caller, PinRequest request, CancellationToken cancellationToken) =>
        {
            await shelf.PinAsync(caller, request.Pinned, cancellationToken);
            return TypedResults.NoContent();
        }).WithSummary("Hold on to the version that serves, so that training publishes candidates only; or let go.").ProducesProblem(StatusCodes.Status409Conflict);
    }

    static async Task<IEnumerable<ModelAnswer>> ListAsync(ModelShelf shelf, TrainingService training, Caller caller, CancellationToken cancellationToken)
    {
        var view = await shelf.ListAsync(caller, cancellationToken);
        var runs = await training.RunsOfAsync(caller, view.Versions, cancellationToken);
        return view.Versions.Select(version => ModelAnswer.Of(view, version, runs.GetValueOrDefault(version.Id)));
    }

    static async Task<SplitAnswer> SplitAsync(ModelShelf shelf, LiveModel live, OnlineQuality online, Caller caller, CancellationToken cancellationToken)
    {
        var view = await shelf.ListAsync(caller, cancellationToken);
        if (view is not { Split: { } split, Live: { } now }) return new(0, null, view.Live, null, false, null, null, null, null, null);
        var duel = await online.CompareAsync(caller, split.Version, now, split.SinceUtc, cancellationToken);
        return new(split.Percent, split.Version, now, split.SinceUtc, live.Split is not null, duel.One, duel.Other, duel.Liked, duel.Dismissed, duel.Says);
    }
}
