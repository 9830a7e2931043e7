using MovieRecommender.Web.Api;
using static MovieRecommender.Web.Shell.Languages.Text;

namespace MovieRecommender.Web.Shell.Protection;

/// <summary>
/// Keeps other sites from acting in a visitor's name: what changes something, and the connection of an open page,
/// must come from one of our own pages or from no page at all.
/// </summary>
static class SameOrigin
{
    public static void UseSameOrigin(this WebApplication app) => app.Use((context, next) =>
    {
        if (!Acts(context.Request) || !IsForeign(context.Request)) return next(context);
        if (ApiRefusal.IsForPrograms(context.Request.Path)) return ApiRefusal.WriteAsync(context, StatusCodes.Status403Forbidden, "This request came from another site and was refused.");
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return context.Response.WriteAsync(T("This request came from another site and was refused."), context.RequestAborted);
    });

    static bool Acts(HttpRequest request)
        => request.Path.StartsWithSegments("/_blazor", StringComparison.OrdinalIgnoreCase)
            || !(HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method));

    /// <summary>By what browsers say and pages cannot change. Programs say neither, and have no visitor's cookies.</summary>
    static bool IsForeign(HttpRequest request)
    {
        // Right behind proxies that change the host, too.
        if (request.Headers["Sec-Fetch-Site"] is [{ } site]) return site is not ("same-origin" or "none");
        if (request.Headers.Origin is not [{ } origin]) return request.Headers.Origin.Count > 0;
        return !Uri.TryCreate(origin, UriKind.Absolute, out var from) || !string.Equals(from.Authority, request.Host.ToUriComponent(), StringComparison.OrdinalIgnoreCase);
    }
}
