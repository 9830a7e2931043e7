using MovieRecommender.Domain;
using MovieRecommender.Web.Api;
using MovieRecommender.Web.Commands;
using MovieRecommender.Web.Features.Account;
using MovieRecommender.Web.Features.Ratings;
using MovieRecommender.Web.Shell;
using MovieRecommender.Web.Shell.Protection;

var commandLine = CommandLine.Split(args);
if (commandLine.Verb.Count > 0 && commandLine.Verb[0] != "serve")
    return await CommandLine.InvokeAsync(commandLine);

return await AppHost.RunAsync(commandLine, AddServices, Map);

/// <summary>What the app is made of.</summary>
static partial class Program
{
    internal static void AddServices(WebApplicationBuilder builder)
    {
        builder.Services.AddDomain(AppHost.StoreDirectory(builder));
        builder.Services.AddDomainBackground();
        builder.Services.AddKeyProtection(builder.Configuration);
        builder.Services.AddSignIn(builder.Configuration);
        builder.Services.AddApi();
        builder.Services.AddShell();
    }

    internal static void Map(WebApplication app)
    {
        app.UseShell();
        app.MapApi();
        app.MapAccount();
        app.MapPasskeys();
        app.MapOpenId();
        app.MapExports();
        app.MapShell();
    }
}
