using MovieRecommender.Domain.Accounts;
using MovieRecommender.Web.Api.Metrics;
using MovieRecommender.Web.Api.Serving;
using Scalar.AspNetCore;

namespace MovieRecommender.Web.Api;

/// <summary>The REST API under <c>/api/v1</c>, its description and its errors.</summary>
static class ApiSetup
{
    /// <summary>Name of the description, and part of its address.</summary>
    public const string Document = "v1";

    public static IServiceCollection AddApi(this IServiceCollection services)
    {
        services.AddProblemDetails();
        services.AddExceptionHandler<ProblemExceptionHandler>();
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        services.AddOpenApi(Document, options => options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "MovieRecommender";
            document.Info.Description = "Films, ratings and personal recommendations. Send 'Authorization: Bearer TOKEN', or use the cookie of a signed-in browser.";
            return Task.CompletedTask;
        }).AddDocumentTransformer(ApiDocument.DescribeTokens).AddOperationTransformer(ApiDocument.Name).AddOperationTransformer(ApiDocument.GiveExample).AddOperationTransformer(ApiDocument.TellRefusals).AddSchemaTransformer(ApiDocument.TellNumbers));
        services.AddAppMetrics();
        services.AddOptions<ApiOptions>().BindConfiguration(ApiOptions.Section);
        services.AddScoped(provider => Caller.From(provider.GetRequiredService<IHttpContextAccessor>().HttpContext!.User));
        services.AddHttpContextAccessor();
        return services;
    }

    public static void MapApi(this WebApplication app)
    {
        app.MapOpenApi("/openapi/{documentName}.json");
        app.MapScalarApiReference("/docs/api", options => options.WithTitle("MovieRecommender API").DisableDefaultFonts().DisableTelemetry().WithNonce()
            .AddHeadContent("<script src=\"/api-reference.js\"></script>"));
        app.MapHealth();
        app.MapMetrics();
        app.MapServing();
        var v1 = app.MapGroup("/api/v1").ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status429TooManyRequests);
        v1.MapMovies();
        v1.MapMyRatings();
        v1.MapRecommendations();
        v1.MapOverview();
        v1.MapTraining();
        v1.MapModels();
        v1.MapImports();
        v1.MapFilms();
        v1.MapPeople();
    }
}

/// <summary>Configuration section <c>Api</c>.</summary>
sealed class ApiOptions
{
    public const string Section = "Api";

    /// <summary>Whether films and recommendations for a posted history answer anyone. Default true.</summary>
    public bool Anonymous { get; set; } = true;
}
