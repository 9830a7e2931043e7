using Microsoft.AspNetCore.Diagnostics;
using MovieRecommender.Domain;
using MovieRecommender.Domain.Accounts;

namespace MovieRecommender.Web.Api;

/// <summary>Turns the domain's refusals into problem details (RFC 9457) for the API; pages have their own error page.</summary>
sealed class ProblemExceptionHandler : IExceptionHandler
{
    /// <summary>Whether it is a caller's fault; all else is the program's, and logged.</summary>
    public static bool IsRefusal(Exception exception) => exception is InvalidInputException or NotFoundException or ConflictException or AccessDeniedException or BadHttpRequestException;

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        // The request's own path reads "/error" by now.
        if (httpContext.Features.Get<IExceptionHandlerPathFeature>() is not { } failed || !ApiRefusal.IsApi(failed.Path)) return false;
        var (status, detail) = exception switch
        {
            NotFoundException => (StatusCodes.Status404NotFound, exception.Message),
            ConflictException => (StatusCodes.Status409Conflict, exception.Message),
            InvalidInputException => (StatusCodes.Status400BadRequest, exception.Message),
            BadHttpRequestException bad => (bad.StatusCode, UnreadableRequest.Describe(bad)),
            AccessDeniedException { SignedIn: false } => (StatusCodes.Status401Unauthorized, exception.Message),
            AccessDeniedException => (StatusCodes.Status403Forbidden, exception.Message),
            _ => (StatusCodes.Status500InternalServerError, "Something went wrong here. It has been logged."),
        };
        if (status == StatusCodes.Status401Unauthorized) httpContext.Response.Headers.WWWAuthenticate = "Bearer";
        await TypedResults.Problem(detail, statusCode: status).ExecuteAsync(httpContext);
        return true;
    }
}
