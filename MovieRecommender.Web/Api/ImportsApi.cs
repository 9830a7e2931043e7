using System.ComponentModel;
using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using MovieRecommender.Domain;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Catalog.MovieLens;
using MovieRecommender.Domain.Imports;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Web.Api;

/// <summary>A row that was skipped.</summary>
/// <param name="Line">1-based line of the file.</param>
sealed record ImportErrorAnswer(string File, long Line, string Column, string Reason);

/// <summary>An import.</summary>
/// <param name="State">queued, running, done, failed or cancelled.</param>
/// <param name="Percent">0 to 100.</param>
/// <param name="Step">What is being done, or how it ended.</param>
/// <param name="Rows">Ratings read; films, where there were only films.</param>
/// <param name="Source">The source's name, or the uploaded file's.</param>
/// <param name="Size">Of an uploaded file, in bytes.</param>
/// <param name="Rejected">Rows that were skipped; the first 1,000 are in errors.</param>
/// <param name="Changed">Ratings that were new or different.</param>
/// <param name="Reissued">SHA-256 of a download that is not the known one but may have been issued anew; sent as hash of another import it confirms it.</param>
sealed record ImportAnswer(
    int Id, string State, int Percent, string? Step, long Rows, string Source, long? Size, string RequestedBy,
    DateTime QueuedUtc, DateTime? StartedUtc, DateTime? FinishedUtc, long Rejected,
    int? Films, int? Viewers, long? Ratings, long? Tags, long? Changed, string? Reissued, IReadOnlyList<ImportErrorAnswer> Errors)
{
    public static ImportAnswer Of(ImportJob job, ImportProgress? progress)
    {
        var report = ImportService.ReportOf(job);
        return new(
            job.Id, job.State.ToString().ToLowerInvariant(), job.State == ImportState.Done ? 100 : (int)(100 * (progress?.Fraction ?? 0)),
            job.Outcome ?? progress?.Step.ToString(), progress?.Rows ?? job.Rows, job.Source, job.Size, job.RequestedBy,
            job.QueuedUtc, job.StartedUtc, job.FinishedUtc, job.Rejected,
            report?.Films, report?.Viewers, report?.Ratings, report?.Tags, report?.Changed, job.Reissued,
            [.. (report?.Errors ?? []).Select(bad => new ImportErrorAnswer(bad.File, bad.Line, bad.Column, bad.Reason))]);
    }
}

/// <param name="Source">demo, a published data set such as ml-latest-small, or the path of a MovieLens folder or zip on the server.</param>
/// <param name="AcceptTerms">For what is downloaded: that its terms, as the list of data sets tells them, are accepted.</param>
/// <param name="Hash">For what is downloaded: MD5 or SHA-256 it must have, in hex. Missing for the one that is known or published beside it.</param>
sealed record ImportRequest(string? Source, bool? AcceptTerms = null, string? Hash = null);

/// <summary>A data set that can be downloaded.</summary>
/// <param name="Holds">How much is in it.</param>
/// <param name="Terms">What whoever downloads it agrees to.</param>
/// <param name="Sha256">What its zip must have; null where the MD5 that is published beside it has to do.</param>
sealed record DataSetAnswer(string Name, string Holds, string Terms, bool MayBePassedOn, string? Sha256);

static class ImportsApi
{
    /// <summary>The form's own lines around the file.</summary>
    const int AroundTheFile = 1 << 16;

    public static void MapImports(this RouteGroupBuilder v1)
    {
        var imports = v1.MapGroup("/admin/imports").WithTags("Imports").ProducesProblem(StatusCodes.Status403Forbidden);

        imports.MapGet("", async (
            HttpContext http, ImportService jobs, Caller caller,
            [Description("Imports older than this one")] int? before, [Description("1 to 200; 50 if missing")] int? pageSize, CancellationToken cancellationToken) =>
        {
            var most = pageSize ?? 50;
            var list = await jobs.ListAsync(caller, most, before, cancellationToken);
            if (list.Count == most && (await jobs.ListAsync(caller, 1, list[^1].Id, cancellationToken)).Count > 0) NextPage.Link(http, "before", list[^1].Id);
            return list.Select(job => ImportAnswer.Of(job, jobs.Progress(caller, job.Id)));
        }).WithSummary("Imports, newest first, with a Link to the next page.");

        imports.MapPost("", async (
            HttpRequest request, ImportService jobs, IOptions<ImportOptions> options, Caller caller,
            [FromHeader(Name = "Idempotency-Key"), Description(ApiDocument.KeyMeaning)] string? key, CancellationToken cancellationToken) =>
        {
            caller.RequireAdmin();
            var job = await QueueAsync(request, jobs, options.Value, caller, RequestKey.Of(key), cancellationToken);
            return TypedResults.Accepted($"/api/v1/admin/imports/{job.Id}", ImportAnswer.Of(job, jobs.Progress(caller, job.Id)));
        }).Accepts<ImportRequest>("application/json", "multipart/form-data").ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .WithSummary("Import a source by name or server path (JSON), or an uploaded zip, ratings.csv or movies.csv (multipart, field 'file').");

        imports.MapGet("/data-sets", (Caller caller) =>
        {
            caller.RequireAdmin();
            return KnownDataSets.All.Select(known => new DataSetAnswer(known.Name, known.Holds, known.Terms, known.MayBePassedOn, known.Sha256));
        }).WithSummary("Data sets that can be downloaded, with their terms.");

        imports.MapGet("/{id:int}", async (ImportService jobs, Caller caller, int id, CancellationToken cancellationToken) =>
            ImportAnswer.Of(await jobs.GetAsync(caller, id, cancellationToken), jobs.Progress(caller, id)))
            .WithSummary("One import.").ProducesProblem(StatusCodes.Status404NotFound);

        imports.MapPost("/{id:int}/cancel", async (ImportService jobs, Caller caller, int id, CancellationToken cancellationToken) =>
            ImportAnswer.Of(await jobs.CancelAsync(caller, id, cancellationToken), jobs.Progress(caller, id)))
            .WithSummary("Stop an import; nothing of it is stored.").ProducesProblem(StatusCodes.Status404NotFound);

        imports.MapGet("/{id:int}/rejected.csv", async (ImportService jobs, Caller caller, int id, CancellationToken cancellationToken) =>
        {
            var report = ImportService.ReportOf(await jobs.GetAsync(caller, id, cancellationToken));
            var csv = new StringBuilder("file,line,column,reason\r\n");
            foreach (var bad in report?.Errors ?? [])
                csv.Append(Csv.Line(bad.File, bad.Line.ToString(System.Globalization.CultureInfo.InvariantCulture), bad.Column, bad.Reason));
            return TypedResults.File(Encoding.UTF8.GetBytes(csv.ToString()), "text/csv; charset=utf-8", $"import-{id}-rejected.csv");
        }).WithSummary("The first 1,000 rejected rows as csv.").Produces<Stream>(StatusCodes.Status200OK, contentType: "text/csv; charset=utf-8").ProducesProblem(StatusCodes.Status404NotFound);
    }

    static async Task<ImportJob> QueueAsync(HttpRequest request, ImportService jobs, ImportOptions options, Caller caller, RequestKey? key, CancellationToken cancellationToken)
    {
        if (request.HasJsonContentType())
        {
            var body = await JsonBody.ReadAsync<ImportRequest>(request, cancellationToken);
            if (string.IsNullOrWhiteSpace(body?.Source)) throw new InvalidInputException("source is missing; send the name of a data set or the path of a MovieLens folder or zip on the server.");
            return await jobs.RequestAsync(caller, body.Source.Trim(), key, new(body.AcceptTerms ?? false, body.Hash), cancellationToken);
        }
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase) || type.Boundary.Length == 0)
            throw new BadHttpRequestException("Send JSON with a source, or a multipart form with a file.", StatusCodes.Status415UnsupportedMediaType);
        // Kestrel's own limit is for everybody; an admin's file may be larger.
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = options.LargestUpload + AroundTheFile;
        var form = new MultipartReader(HeaderUtilities.RemoveQuotes(type.Boundary).ToString(), request.Body);
        while (await NextAsync(form, cancellationToken) is { } section)
        {
            if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var part) || HeaderUtilities.RemoveQuotes(part.Name) != "file") continue;
            var name = part.FileNameStar.Length > 0 ? part.FileNameStar : part.FileName;
            return await jobs.RequestAsync(caller, HeaderUtilities.RemoveQuotes(name).ToString(), section.Body, key, cancellationToken);
        }
        throw new InvalidInputException("The form has no part named 'file'.");
    }

    static async Task<MultipartSection?> NextAsync(MultipartReader form, CancellationToken cancellationToken)
    {
        try
        {
            return await form.ReadNextSectionAsync(cancellationToken);
        }
        catch (Exception error) when (error is IOException or InvalidDataException)
        {
            throw new InvalidInputException($"The form cannot be read: {error.Message}", error);
        }
    }
}
