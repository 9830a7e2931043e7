using Microsoft.AspNetCore.Diagnostics;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Web.Api;
using static MovieRecommender.Web.Shell.Languages.Text;

namespace MovieRecommender.Web.Features.Account;

/// <summary>Leads who is not signed in to the sign-in page, and refuses the others; the API says it in its own way.</summary>
sealed class DeniedHandler : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is not AccessDeniedException denied || httpContext.Features.Get<IExceptionHandlerPathFeature>() is not { } failed || ApiRefusal.IsApi(failed.Path)) return false;
        if (!denied.SignedIn && httpContext.Request.Headers.Authorization.Count == 0 && HttpMethods.IsGet(httpContext.Request.Method))
        {
            httpContext.Response.Redirect(Address.Of("/account/sign-in", failed.Path));
            return true;
        }
        httpContext.Response.StatusCode = denied.SignedIn ? StatusCodes.Status403Forbidden : StatusCodes.Status401Unauthorized;
        await httpContext.Response.WriteAsync(Said(denied), cancellationToken);
        return true;
    }
}
