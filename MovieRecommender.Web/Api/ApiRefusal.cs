using Microsoft.AspNetCore.WebUtilities;
using MovieRecommender.Web.Api.Serving;

namespace MovieRecommender.Web.Api;

/// <summary>How programs are refused: with problem details (RFC 9457), whatever else they say they read, and on TensorFlow Serving's paths as it does.</summary>
static class ApiRefusal
{
    public static bool IsApi(PathString path) => path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase);

    public static bool IsForPrograms(PathString path) => IsApi(path) || IsServing(path);

    public static Task WriteAsync(HttpContext context, int status, string detail)
    {
        IResult answer = IsServing(context.Request.Path)
            ? TypedResults.Json(new ServingAnswers.Error(detail), ServingAnswers.Json, statusCode: status)
            : TypedResults.Problem(detail, statusCode: status);
        return answer.ExecuteAsync(context);
    }

    /// <summary>For what was refused without a word.</summary>
    public static void UseApiRefusals(this IApplicationBuilder app) => app.UseStatusCodePages(pages =>
    {
        var (request, response) = (pages.HttpContext.Request, pages.HttpContext.Response);
        return WriteAsync(pages.HttpContext, response.StatusCode, response.StatusCode switch
        {
            StatusCodes.Status404NotFound => $"There is nothing at {request.Path}.",
            StatusCodes.Status405MethodNotAllowed => $"{request.Path} does not take {request.Method}; allowed is {response.Headers.Allow}.",
            StatusCodes.Status415UnsupportedMediaType => $"A body of the type '{request.ContentType}' is not read here.",
            var status => ReasonPhrases.GetReasonPhrase(status) + ".",
        });
    });

    static bool IsServing(PathString path) => path.StartsWithSegments("/v1", StringComparison.OrdinalIgnoreCase);
}
