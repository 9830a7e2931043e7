using Microsoft.AspNetCore.Diagnostics;
using MovieRecommender.Domain;
using MovieRecommender.Domain.Accounts;

namespace MovieRecommender.Web.Api;

/// <summary>Turns the domain's refusals into problem details (RFC 9457) for the API; pages have their own error page.</summary>
sealed class ProblemExceptionHandler(IProblemDetailsService problems) : IExceptionHandler
{
    public static bool IsApi(PathString path) => path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase);

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        // The request's own path reads "/error" by now.
        if (httpContext.Features.Get<IExceptionHandlerPathFeature>() is not { } failed || !IsApi(failed.Path)) return false;
        var (status, detail) = exception switch
        {
            NotFoundException => (StatusCodes.Status404NotFound, exception.Message),
            ConflictException => (StatusCodes.Status409Conflict, exception.Message),
            InvalidInputException => (StatusCodes.Status400BadRequest, exception.Message),
            BadHttpRequestException bad => (bad.StatusCode, Innermost(bad).Message),
            AccessDeniedException { SignedIn: false } => (StatusCodes.Status401Unauthorized, exception.Message),
            AccessDeniedException => (StatusCodes.Status403Forbidden, exception.Message),
            _ => (StatusCodes.Status500InternalServerError, "Something went wrong here. It has been logged."),
        };
        httpContext.Response.StatusCode = status;
        if (status == StatusCodes.Status401Unauthorized) httpContext.Response.Headers.WWWAuthenticate = "Bearer";
        return await problems.TryWriteAsync(new()
        {
            HttpContext = httpContext,
            ProblemDetails = { Status = status, Detail = detail },
        });
    }

    static Exception Innermost(Exception error)
    {
        while (error.InnerException is { } inner) error = inner;
        return error;
    }
}
