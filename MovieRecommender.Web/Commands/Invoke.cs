using System.CommandLine;
using MovieRecommender.Domain;
using MovieRecommender.Domain.Storage;
using MovieRecommender.Web.Shell;

namespace MovieRecommender.Web.Commands;

static partial class CommandLine
{
    /// <summary>Runs a verb. Results go to standard output; progress and errors to standard error.</summary>
    /// <returns>0 done, 1 failed, 2 wrong usage.</returns>
    public static async Task<int> InvokeAsync(SplitArguments arguments)
    {
        var context = new VerbContext(arguments);
        var root = new RootCommand("MovieRecommender: rate films, get ten you will love. Every verb takes configuration overrides such as --Storage:Directory=PATH.")
        {
            new Command("serve", "Start the web app (the default)."),
            ImportVerb.Create(context),
            TrainVerb.Create(context),
            EvaluateVerb.Create(context),
            RecommendVerb.Create(context),
            AccountVerbs.CreateUsers(context),
            AccountVerbs.CreateTokens(context),
            BackupVerbs.CreateBackup(context),
            BackupVerbs.CreateRestore(context),
            OpenApiVerb.Create(arguments),
        };
        var parsed = root.Parse(arguments.Verb);
        if (parsed.Errors.Count > 0)
        {
            ExitCode.Fail($"{string.Join(' ', parsed.Errors.Select(error => error.Message))} '{parsed.CommandResult.Command.Name} --help' shows what is allowed.");
            return ExitCode.WrongUsage;
        }
        try
        {
            return await parsed.InvokeAsync(new() { EnableDefaultExceptionHandler = false });
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Fail("Cancelled.");
        }
        catch (Exception error) when (Failure.Describe(error) is { } line)
        {
            return ExitCode.Fail(line);
        }
    }
}

/// <summary>What the verbs share: the app's services without its web server.</summary>
sealed class VerbContext(SplitArguments arguments)
{
    /// <summary>Builds the services as the app does, without touching the store.</summary>
    public IHost BuildHost()
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { Args = [.. arguments.Configuration], ContentRootPath = AppHost.ContentRoot(arguments) });
        builder.Logging.ClearProviders();
        builder.Logging.AddConsole(options => options.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Logging.AddFilter("MovieRecommender", LogLevel.Warning);
        // What the store refuses is said in one line at the end.
        builder.Logging.AddFilter("Microsoft.EntityFrameworkCore", LogLevel.None);
        builder.Services.AddDomain(AppHost.StoreDirectory(builder));
        return builder.Build();
    }

    /// <summary>Builds the services and opens the store, creating it if need be.</summary>
    public async Task<IHost> OpenStoreAsync(CancellationToken cancellationToken)
    {
        var host = BuildHost();
        await StoreSetup.MigrateAsync(host.Services, cancellationToken);
        return host;
    }
}
