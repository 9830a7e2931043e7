using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace MovieRecommender.Web.Api;

/// <summary>What the OpenAPI document says beyond what the endpoints tell by themselves.</summary>
static partial class ApiDocument
{
    const string Scheme = "token";

    public const string KeyMeaning = "A name of your own for this request: sent again under it within seven days, because no answer came, it does nothing twice and brings what it made";

    /// <summary>A body that works as it stands, by method and path.</summary>
    static readonly Dictionary<string, string> Examples = new(StringComparer.Ordinal)
    {
        ["PUT api/v1/me/ratings/{movieId}"] = """{"stars":4.5}""",
        ["POST api/v1/recommendations"] = """{"ratings":[{"movieId":1,"stars":5},{"movieId":2,"stars":3.5}],"n":10}""",
        ["POST api/v1/recommendations/group"] = """{"viewers":[[{"movieId":1,"stars":5}],[{"movieId":2,"stars":4}]],"n":10}""",
        ["POST api/v1/admin/imports"] = """{"source":"ml-latest-small","acceptTerms":true}""",
        ["POST api/v1/admin/training/runs"] = """{"algorithms":["linear-autoencoder","biased-mf"],"options":{"biased-mf":{"factors":16,"sweeps":10}}}""",
        ["PUT api/v1/admin/training/schedule"] = """{"schedule":"0 3 * * *","timeZone":"Europe/Berlin","afterChanges":500}""",
        ["POST api/v1/admin/films"] = """{"title":"Lanterns","year":1999,"genres":["Drama"],"imdbId":"tt0114709","tmdbId":862}""",
        ["PUT api/v1/admin/films/{id}"] = """{"title":"Lanterns","year":1999,"genres":["Drama"],"imdbId":null,"tmdbId":null}""",
        ["POST api/v1/admin/films/{id}/tags"] = """{"tag":"film noir"}""",
        ["PUT api/v1/admin/films/{id}/hidden"] = """{"hidden":true}""",
        ["PUT api/v1/admin/models/split"] = """{"percent":20}""",
        ["PUT api/v1/admin/models/pin"] = """{"pinned":true}""",
    };

    public static Task DescribeTokens(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Components ??= new();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal);
        document.Components.SecuritySchemes[Scheme] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "A token from: tokens add EMAIL" };
        document.Security = [new() { [new(Scheme, document)] = [] }];
        return Task.CompletedTask;
    }

    /// <summary>Names an operation after its method and path, for clients that call it: <c>getAdminModelsPreview</c>.</summary>
    public static Task Name(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var parts = (context.Description.RelativePath ?? "").Replace("api/v1/", "", StringComparison.Ordinal).Split('/', StringSplitOptions.RemoveEmptyEntries);
        operation.OperationId = (context.Description.HttpMethod ?? "").ToLowerInvariant() + string.Concat(parts.Select((part, position) =>
            // The path of one thing ends in its number; in the middle a number says nothing that the parameter does not.
            part[0] != '{' ? string.Concat(part.Split('-', '.').Select(word => char.ToUpperInvariant(word[0]) + word[1..])) : position == parts.Length - 1 ? "One" : ""));
        return Task.CompletedTask;
    }

    /// <summary>Numbers are told as numbers: that they are also taken as text is kindness to callers, and nothing that answers do.</summary>
    public static Task TellNumbers(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        if (schema.Type is { } type && (type.HasFlag(JsonSchemaType.Integer) || type.HasFlag(JsonSchemaType.Number)))
            (schema.Type, schema.Pattern) = (type & ~JsonSchemaType.String, null);
        return Task.CompletedTask;
    }

    /// <summary>Whatever takes a body refuses one that is too large or of another type.</summary>
    public static Task TellRefusals(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        if (operation.RequestBody is null || operation.Responses?.TryGetValue("400", out var refusal) != true || refusal is not OpenApiResponse { Content: { } content }) return Task.CompletedTask;
        operation.Responses.TryAdd("413", new OpenApiResponse { Description = "Content Too Large", Content = content });
        operation.Responses.TryAdd("415", new OpenApiResponse { Description = "Unsupported Media Type", Content = content });
        return Task.CompletedTask;
    }

    public static Task GiveExample(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        // Routes come with the types of their parts, which paths in the document have not.
        var path = PartType().Replace(context.Description.RelativePath ?? "", "").TrimEnd('/');
        if (Examples.TryGetValue($"{context.Description.HttpMethod} {path}", out var example)
            && operation.RequestBody?.Content?.TryGetValue("application/json", out var json) == true)
            json.Example = JsonNode.Parse(example);
        if (operation.RequestBody?.Content?.TryGetValue("multipart/form-data", out var form) == true)
        {
            form.Schema = new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Required = new HashSet<string>(["file"], StringComparer.Ordinal),
                Properties = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal) { ["file"] = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" } },
            };
        }
        // Spelt out: generators of clients do not look behind a reference for it.
        if (operation.RequestBody?.Content?.TryGetValue("application/octet-stream", out var bytes) == true)
            bytes.Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" };
        return Task.CompletedTask;
    }

    [GeneratedRegex(":[a-z]+(?=})", RegexOptions.None, 1000)]
    private static partial Regex PartType();
}
