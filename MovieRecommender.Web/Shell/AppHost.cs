using Microsoft.Extensions.Options;
using MovieRecommender.Domain;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Boot;
using MovieRecommender.Domain.Catalog;
using MovieRecommender.Domain.Storage;
using MovieRecommender.Domain.Training;
using MovieRecommender.Web.Commands;
using MovieRecommender.Web.Shell.Protection;

namespace MovieRecommender.Web.Shell;

/// <summary>Builds and runs the web app; what cannot work is said in one line and ends the process with exit code 1.</summary>
static partial class AppHost
{
    public static async Task<int> RunAsync(SplitArguments arguments, Action<WebApplicationBuilder> configure, Action<WebApplication> map)
    {
        string? urls = null;
        try
        {
            await using var app = Build(arguments, configure);
            urls = app.Configuration["urls"];
            await PrepareAsync(app);
            map(app);
            var firstLoad = app.Services.GetRequiredService<FirstLoad>();
            await app.RunAsync();
            return firstLoad.Failure is { } failure ? ExitCode.Fail(failure) : ExitCode.Done;
        }
        catch (OperationCanceledException)
        {
            // Stopped by its owner while it was starting.
            return ExitCode.Done;
        }
        catch (Exception error) when (Failure.Describe(error, urls) is { } line)
        {
            return ExitCode.Fail(line);
        }
    }

    /// <summary>The app, not yet started.</summary>
    public static WebApplication Build(SplitArguments arguments, Action<WebApplicationBuilder> configure)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = [.. arguments.Configuration], ContentRootPath = ContentRoot(arguments) });
        // Without publishing, assets of packages and of wwwroot-assets lie in their own folders, in any environment.
        builder.WebHost.UseStaticWebAssets();
        configure(builder);
        return builder.Build();
    }

    /// <summary>
    /// Where appsettings.json lies: the top level of the repository under <c>dotnet run</c>, beside the program once published,
    /// whatever folder it is started from.
    /// </summary>
    public static string? ContentRoot(SplitArguments arguments)
        => arguments.Configuration.Any(argument => argument.StartsWith("--contentRoot", StringComparison.OrdinalIgnoreCase)) ? null
            : File.Exists("MovieRecommender.sln") && File.Exists("appsettings.json") ? Directory.GetCurrentDirectory()
            : AppContext.BaseDirectory;

    public static string StoreDirectory(IHostApplicationBuilder builder)
    {
        var options = builder.Configuration.GetSection(StorageOptions.Section).Get<StorageOptions>() ?? new();
        if (string.IsNullOrWhiteSpace(options.Directory)) throw new InvalidInputException("Storage:Directory is empty; give a folder.");
        return Path.Combine(builder.Environment.ContentRootPath, options.Directory);
    }

    /// <summary>Everything that must be right before the first request is answered.</summary>
    static async Task PrepareAsync(WebApplication app)
    {
        // Options first: a typing error is reported before anything is touched.
        _ = app.Services.GetRequiredService<IOptions<TrainingOptions>>().Value;
        var source = app.Services.GetRequiredService<IOptions<CatalogOptions>>().Value.Source;
        if (!File.Exists(app.Services.GetRequiredService<StorePaths>().Database)) DataSources.Check(source);
        await StoreSetup.MigrateAsync(app.Services);
        await app.Services.GetRequiredService<KeyProtection>().SealAsync();
        if (await FirstLoad.IsEmptyAsync(app.Services.GetRequiredService<Store>())) DataSources.Check(source);

        var firstAdmin = app.Services.GetRequiredService<FirstAdmin>();
        if (await firstAdmin.IsOpenAsync())
        {
            app.Lifetime.ApplicationStarted.Register(() =>
                LogSetup(app.Logger, $"{app.Urls.FirstOrDefault() ?? "http://localhost:5000"}/setup?code={firstAdmin.Code}"));
        }
    }

    [LoggerMessage(LogLevel.Warning, "There is no admin yet. Become the first one here (the link works once): {Link}")]
    static partial void LogSetup(ILogger logger, string link);
}

/// <summary>Exit codes of the program.</summary>
static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int WrongUsage = 2;

    /// <summary>Prints one line on standard error.</summary>
    public static int Fail(string message)
    {
        Console.Error.WriteLine(message.ReplaceLineEndings(" "));
        return Failed;
    }
}
