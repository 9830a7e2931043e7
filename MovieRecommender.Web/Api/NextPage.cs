using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;

namespace MovieRecommender.Web.Api;

/// <summary>
/// Where a list goes on. A page is asked for by the number of the last thing seen, not by counting: what comes or goes
/// meanwhile makes nobody miss a thing or see it twice.
/// </summary>
static class NextPage
{
    /// <summary>Tells of the next page in a link (RFC 8288) that holds relative to the request's own address.</summary>
    /// <param name="name">The query's part that says where to go on.</param>
    public static void Link(HttpContext http, string name, int last)
    {
        var query = QueryHelpers.ParseQuery(http.Request.QueryString.Value);
        query[name] = last.ToString(CultureInfo.InvariantCulture);
        http.Response.Headers.Link = $"<{QueryString.Create(query)}>; rel=\"next\"";
    }
}
