using System.CommandLine;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using MovieRecommender.Web.Api;
using MovieRecommender.Web.Shell;

namespace MovieRecommender.Web.Commands;

static class OpenApiVerb
{
    public static Command Create(SplitArguments arguments)
    {
        var verb = new Command("openapi", "Print the description of the REST API, for programs that generate clients.");
        verb.SetAction(async (_, cancellationToken) =>
        {
            // The app as it serves, but never started: no store is opened, and nothing listens.
            await using var app = AppHost.Build(arguments, Program.AddServices);
            Program.Map(app);
            ((IApplicationBuilder)app).UseEndpoints(_ => { });
            var document = await app.Services.GetRequiredKeyedService<IOpenApiDocumentProvider>(ApiSetup.Document).GetOpenApiDocumentAsync(cancellationToken);
            Console.WriteLine(await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1, cancellationToken));
            return ExitCode.Done;
        });
        return verb;
    }
}
