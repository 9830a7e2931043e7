using System.CommandLine;
using System.Globalization;
using MovieRecommender.Domain;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Backups;
using MovieRecommender.Domain.Storage;
using MovieRecommender.Web.Shell;

namespace MovieRecommender.Web.Commands;

static class BackupVerbs
{
    public static Command CreateBackup(VerbContext context)
    {
        var file = new Argument<string>("file") { Description = "A file that does not exist yet." };
        var verb = new Command("backup", "Copy the whole store into one file; the app may go on running.") { file };
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            using var host = context.BuildHost();
            // A folder's name with a slip of the pen in it would become a new store, and its backup would hold nothing.
            var paths = host.Services.GetRequiredService<StorePaths>();
            if (!File.Exists(paths.Database)) throw new InvalidInputException($"There is no store in '{paths.Directory}'. Give its folder as --Storage:Directory=PATH.");
            await StoreSetup.MigrateAsync(host.Services, cancellationToken);
            var backup = await host.Services.GetRequiredService<BackupService>().BackupAsync(Caller.Operator, parsed.GetRequiredValue(file), cancellationToken);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{backup.Files} files in {backup.Size:N0} bytes, read back and found sound."));
            return ExitCode.Done;
        });
        return verb;
    }

    public static Command CreateRestore(VerbContext context)
    {
        var file = new Argument<string>("file") { Description = "A file that 'backup' wrote." };
        var verb = new Command("restore", "Put a backup in the store's place; nothing may use the store meanwhile.") { file };
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            // The store is not opened: it may be damaged, or none.
            using var host = context.BuildHost();
            var backup = await host.Services.GetRequiredService<BackupService>().RestoreAsync(Caller.Operator, parsed.GetRequiredValue(file), cancellationToken);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"The store is as it was on {backup.CreatedUtc:yyyy-MM-dd HH:mm:ss} UTC: {backup.Files} files."));
            return ExitCode.Done;
        });
        return verb;
    }
}
