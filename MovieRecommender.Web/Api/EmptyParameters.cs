using Microsoft.Extensions.Primitives;

namespace MovieRecommender.Web.Api;

/// <summary>A parameter without a value is as none: <c>?search=&amp;genre=&amp;page=</c> asks for everything.</summary>
static class EmptyParameters
{
    public static void UseEmptyParameters(this WebApplication app) => app.Use((context, next) =>
    {
        var request = context.Request;
        if (ApiRefusal.IsApi(request.Path) && request.Query.Any(part => StringValues.IsNullOrEmpty(part.Value)))
            request.QueryString = QueryString.Create(request.Query.Where(part => !StringValues.IsNullOrEmpty(part.Value)));
        return next(context);
    });
}
