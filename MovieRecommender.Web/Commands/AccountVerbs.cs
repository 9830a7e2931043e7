using System.CommandLine;
using MovieRecommender.Domain;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Web.Shell;

namespace MovieRecommender.Web.Commands;

static class AccountVerbs
{
    public static Command CreateUsers(VerbContext context)
    {
        var email = new Argument<string>("email");
        var admin = new Option<bool>("--admin") { Description = "May train models and import data." };
        var password = new Option<bool>("--password-stdin") { Description = "Read the password from standard input.", Required = true };
        var add = new Command("add", "Add an account.") { email, admin, password };
        add.SetAction(async (parsed, cancellationToken) =>
        {
            var secret = (await Console.In.ReadToEndAsync(cancellationToken)).TrimEnd('\r', '\n');
            if (secret.Length == 0) throw new InvalidInputException("No password came on standard input. Pipe it in: printf '%s' \"$PASSWORD\" | … users add EMAIL --password-stdin");
            using var host = await context.OpenStoreAsync(cancellationToken);
            await using var scope = host.Services.CreateAsyncScope();
            var account = await scope.ServiceProvider.GetRequiredService<AccountService>()
                .AddAsync(Caller.Operator, parsed.GetRequiredValue(email), secret, parsed.GetValue(admin), cancellationToken);
            Console.WriteLine($"{account.Email} can sign in{(parsed.GetValue(admin) ? " and is an admin" : "")}.");
            return ExitCode.Done;
        });
        return new Command("users", "Accounts.") { add };
    }

    public static Command CreateTokens(VerbContext context)
    {
        var email = new Argument<string>("email");
        var add = new Command("add", "Make an API token for an account. It is printed once.") { email };
        add.SetAction(async (parsed, cancellationToken) =>
        {
            using var host = await context.OpenStoreAsync(cancellationToken);
            await using var scope = host.Services.CreateAsyncScope();
            Console.WriteLine(await scope.ServiceProvider.GetRequiredService<ApiTokens>().AddAsync(Caller.Operator, parsed.GetRequiredValue(email), cancellationToken));
            return ExitCode.Done;
        });
        return new Command("tokens", "API tokens.") { add };
    }
}
