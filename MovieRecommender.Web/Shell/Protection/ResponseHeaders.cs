using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Endpoints;
using Scalar.AspNetCore;

namespace MovieRecommender.Web.Shell.Protection;

/// <summary>What every answer tells the browser not to do.</summary>
static class ResponseHeaders
{
    // MudBlazor writes style elements and attributes as it goes, so styles may be inline; scripts may not, but for the import map by its hash.
    const string PagePolicy = "default-src 'self'; script-src 'self'{0}; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
        + "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    /// <summary>For what is no page: opened by itself, it loads and runs nothing.</summary>
    const string OtherPolicy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    const string Permissions = "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=()";

    static readonly Lock Once = new();
    static (string Map, string Policy) _known = ("", string.Format(null, PagePolicy, ""));

    public static void UseResponseHeaders(this WebApplication app) => app.Use((context, next) =>
    {
        // At the last moment: an error page is another endpoint than the one that failed, and Blazor sets a policy of its own.
        context.Response.OnStarting(() =>
        {
            var headers = context.Response.Headers;
            headers.ContentSecurityPolicy = PolicyOf(context);
            headers.XContentTypeOptions = "nosniff";
            headers.XFrameOptions = "DENY";
            headers["Referrer-Policy"] = "same-origin";
            headers["Permissions-Policy"] = Permissions;
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
            headers["Cross-Origin-Resource-Policy"] = "same-origin";
            return Task.CompletedTask;
        });
        return next(context);
    });

    static string PolicyOf(HttpContext context)
    {
        // The API reference starts itself by a script in its page, which carries a nonce of this one answer.
        if (context.Items[ScalarOptions.NonceHttpContextItemKey] is string nonce) return string.Format(null, PagePolicy, $" 'nonce-{nonce}'");
        var endpoint = context.GetEndpoint();
        if (endpoint?.Metadata.GetMetadata<ComponentTypeMetadata>() is null) return OtherPolicy;
        // The page carries this text between its script tags, letter by letter.
        var map = endpoint.Metadata.GetMetadata<ImportMapDefinition>()?.ToString() ?? "";
        lock (Once)
        {
            if (_known.Map != map) _known = (map, string.Format(null, PagePolicy, $" 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(map)))}'"));
            return _known.Policy;
        }
    }
}
