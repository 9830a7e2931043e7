using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using MovieRecommender.Domain.Accounts;

namespace MovieRecommender.Web.Features.Account;

/// <summary>Recognises <c>Authorization: Bearer TOKEN</c>.</summary>
sealed class TokenHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, ApiTokens tokens)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "Token";
    const string Prefix = "Bearer ";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)) return AuthenticateResult.Fail("Only bearer tokens are understood.");
        var principal = await tokens.RecogniseAsync(header[Prefix.Length..].Trim(), Context.RequestAborted);
        return principal is null
            ? AuthenticateResult.Fail("This token is not known.")
            : AuthenticateResult.Success(new(principal, TokenHandler.SchemeName));
    }
}
