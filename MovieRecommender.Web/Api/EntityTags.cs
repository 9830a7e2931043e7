using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace MovieRecommender.Web.Api;

/// <summary>Answers that are asked for again and again carry a tag of their content; whoever has that content already gets 304 and nothing more.</summary>
static class EntityTags
{
    public static RouteHandlerBuilder WithEntityTag(this RouteHandlerBuilder endpoint)
        => endpoint.AddEndpointFilter(async (context, next) =>
        {
            if (await next(context) is not { } answer) return null;
            var http = context.HttpContext;
            var json = JsonSerializer.SerializeToUtf8Bytes(answer, answer.GetType(), http.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions);
            var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(json).AsSpan(0, 16))}\"", isWeak: true);
            http.Response.GetTypedHeaders().ETag = tag;
            return http.Request.GetTypedHeaders().IfNoneMatch.Any(known => known.Equals(EntityTagHeaderValue.Any) || known.Compare(tag, useStrongComparison: false))
                ? TypedResults.StatusCode(StatusCodes.Status304NotModified)
                : TypedResults.Bytes(json, "application/json; charset=utf-8");
        }).Produces(StatusCodes.Status304NotModified);
}
