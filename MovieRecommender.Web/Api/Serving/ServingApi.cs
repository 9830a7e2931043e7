using System.Globalization;
using Microsoft.AspNetCore.Http.Features;
using MovieRecommender.Domain;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Serving;

namespace MovieRecommender.Web.Api.Serving;

/// <summary>
/// TensorFlow Serving's REST contract, so that a program written against the article's model server finds this one in its place:
/// the same paths, bodies, codes and messages.
/// </summary>
static class ServingApi
{
    /// <summary>Some half a million instances.</summary>
    const int LargestBody = 8 << 20;

    public static void MapServing(this WebApplication app)
        => app.Map("/v1/{**rest}", (Delegate)RespondAsync).ExcludeFromDescription();

    static async Task<IResult> RespondAsync(HttpContext context, ServingService serving, Caller caller)
    {
        if (!serving.IsEnabled) return TypedResults.NotFound();
        try
        {
            return await AnswerAsync(context.Request, serving, caller, context.RequestAborted);
        }
        catch (Exception error) when (StatusOf(error) is { } status)
        {
            if (status == StatusCodes.Status401Unauthorized) context.Response.Headers.WWWAuthenticate = "Bearer";
            return Error(status, error.Message);
        }
    }

    static async Task<IResult> AnswerAsync(HttpRequest request, ServingService serving, Caller caller, CancellationToken cancellationToken)
    {
        var available = await serving.VersionsAsync(caller, cancellationToken);
        if (ServingPath.Parse(request.Path.Value ?? "") is not { } path || !HttpMethods.Equals(request.Method, path.Action == "predict" ? HttpMethods.Post : HttpMethods.Get))
            return Error(StatusCodes.Status400BadRequest, $"Malformed request: {request.Method} {request.Path.Value}");
        if (path.Label is { } label && path.IsOurs && !IsLabel(label))
            return Error(StatusCodes.Status400BadRequest, $"Unrecognized servable version label: {label}");
        if (path.Action.Length == 0) return await StatusAsync(path, Chosen(path, available, serving.Live), available, serving, caller, cancellationToken);

        if (Chosen(path, available, serving.Live) is not { } version) return Error(StatusCodes.Status404NotFound, $"Servable not found for request: {path.Servable}");
        return path.Action == "metadata"
            ? TypedResults.Json(ServingAnswers.Metadata(Text(version)), ServingAnswers.Json)
            : await PredictAsync(request, version, serving, caller, cancellationToken);
    }

    static async Task<IResult> StatusAsync(ServingPath path, int? chosen, IReadOnlyList<int> available, ServingService serving, Caller caller, CancellationToken cancellationToken)
    {
        if (chosen is null)
            return Error(StatusCodes.Status404NotFound, path.Version is { } missing ? $"Could not find version {missing} of model {path.Model}" : $"Could not find any versions of model {path.Model}");
        var named = path.Version is not null || path.Label is not null;
        var statuses = new List<ServingAnswers.VersionStatus>();
        foreach (var version in named ? [chosen.Value] : available)
        {
            var served = await serving.StatusAsync(caller, version, cancellationToken);
            statuses.Add(served.Problem is { } problem ? new(Text(version), "END", new("DATA_LOSS", problem)) : new(Text(version), "AVAILABLE", new("OK", "")));
        }
        return TypedResults.Json(new ServingAnswers.Status(statuses), ServingAnswers.Json);
    }

    static async Task<IResult> PredictAsync(HttpRequest request, int version, ServingService serving, Caller caller, CancellationToken cancellationToken)
    {
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = LargestBody;
        var body = await PredictBody.ReadAsync(request.Body, cancellationToken);
        var answers = (await serving.PredictAsync(caller, version, body.Questions, cancellationToken)).Select(answer => new[] { Math.Round(answer, 6) });
        return body.ByColumns ? TypedResults.Json(new ServingAnswers.Columns(answers), ServingAnswers.Json) : TypedResults.Json(new ServingAnswers.Rows(answers), ServingAnswers.Json);
    }

    /// <summary>The version a path means; null when it is not available.</summary>
    static int? Chosen(ServingPath path, IReadOnlyList<int> available, int? live)
    {
        if (!path.IsOurs || available.Count == 0) return null;
        int? wanted = path switch
        {
            { Version: { } number } => number <= int.MaxValue ? (int)number : null,
            { Label: { } label } => label.Equals("canary", StringComparison.OrdinalIgnoreCase) ? available[0] : live,
            _ => live is { } now && available.Contains(now) ? now : available[0],
        };
        return wanted is { } version && available.Contains(version) ? version : null;
    }

    static bool IsLabel(string label) => label.Equals("stable", StringComparison.OrdinalIgnoreCase) || label.Equals("canary", StringComparison.OrdinalIgnoreCase);

    static int? StatusOf(Exception error) => error switch
    {
        NotFoundException => StatusCodes.Status404NotFound,
        InvalidInputException => StatusCodes.Status400BadRequest,
        AccessDeniedException { SignedIn: false } => StatusCodes.Status401Unauthorized,
        AccessDeniedException => StatusCodes.Status403Forbidden,
        BadHttpRequestException bad => bad.StatusCode,
        _ => null,
    };

    static Microsoft.AspNetCore.Http.HttpResults.JsonHttpResult<ServingAnswers.Error> Error(int status, string text)
        => TypedResults.Json(new ServingAnswers.Error(text), ServingAnswers.Json, statusCode: status);

    static string Text(int version) => version.ToString(CultureInfo.InvariantCulture);
}
