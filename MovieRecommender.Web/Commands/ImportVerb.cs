using System.CommandLine;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Catalog;
using MovieRecommender.Domain.Catalog.MovieLens;
using MovieRecommender.Domain.Imports;
using MovieRecommender.Web.Shell;

namespace MovieRecommender.Web.Commands;

static class ImportVerb
{
    public static Command Create(VerbContext context)
    {
        var source = new Argument<string>("source") { Description = "demo, a MovieLens set such as ml-latest-small, or the path of a MovieLens folder or zip." };
        var verb = new Command("import", "Bring films, ratings and tags into the store.") { source };
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            var name = parsed.GetRequiredValue(source);
            DataSources.Check(name);
            // Standard output is for what the import did.
            if (KnownDataSets.Find(name) is { } known) await Console.Error.WriteLineAsync(known.Terms);
            using var host = await context.OpenStoreAsync(cancellationToken);
            var progress = new ConsoleProgress();
            using var data = await host.Services.GetRequiredService<DataSources>().OpenAsync(name, progress, cancellationToken: cancellationToken);
            var result = await host.Services.GetRequiredService<DataImporter>().ImportAsync(
                Caller.Operator, data, new Relay<ImportProgress>(step => progress.Report($"{step.Fraction,4:P0} {step.Step}")), cancellationToken);
            progress.End();
            foreach (var bad in result.Bad.First) Console.WriteLine(bad);
            if (result.Bad.Total > result.Bad.First.Count) Console.WriteLine($"… and {result.Bad.Total - result.Bad.First.Count:N0} more");
            Console.WriteLine(result);
            return ExitCode.Done;
        });
        return verb;
    }
}
