using Microsoft.EntityFrameworkCore;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Domain.Accounts;

/// <summary>A line of the log.</summary>
/// <param name="Who">The admin's e-mail address, or null: <paramref name="By"/> tells the command line from somebody whose account is gone.</param>
/// <param name="On">What it was done on; a person's e-mail address, as long as the account exists.</param>
public sealed record AdminActionView(int Id, DateTime AtUtc, ActedBy By, string? Who, string What, string? On);

/// <summary>
/// The log of what admins did. The service that acts writes the line, in the transaction of what it does: an action without its line,
/// or a line without its action, cannot be. What the app does by itself, on schedule, is not in it.
/// </summary>
public sealed class AdminActions(Store store, TimeProvider time)
{
    /// <summary>Stands for a person whose account is gone.</summary>
    public const string Somebody = "an account";

    public const int MostPerPage = 200;
    internal const int LongestText = 300;

    /// <summary>One page, newest first. What is added meanwhile moves no line to another page.</summary>
    /// <param name="before">Lines older than this one's id; null for the newest.</param>
    /// <param name="most">1 to 200.</param>
    /// <exception cref="InvalidInputException">A number is out of range.</exception>
    public Task<List<AdminActionView>> ListAsync(Caller caller, int? before = null, int most = 50, CancellationToken cancellationToken = default)
    {
        caller.RequireAdmin();
        if (most is < 1 or > MostPerPage) throw new InvalidInputException($"pageSize is {most}; allowed is 1 to {MostPerPage}.");
        return store.ReadAsync(db => (
            from action in db.Set<AdminAction>()
            where before == null || action.Id < before
            orderby action.Id descending
            join account in db.Users on action.AccountId equals account.Id into admins
            from admin in admins.DefaultIfEmpty()
            join account in db.Users on action.OnAccountId equals account.Id into people
            from person in people.DefaultIfEmpty()
            select new AdminActionView(action.Id, action.AtUtc, action.By, admin!.Email, action.What, person!.Email ?? action.On))
            .Take(most).ToListAsync(cancellationToken), cancellationToken);
    }

    /// <summary>Adds a line; call it inside <see cref="Store.WriteAsync{T}"/>, together with what it tells of.</summary>
    internal void Record(AppDbContext db, Caller caller, string what, string? on)
        => Add(db, caller, what, on is { Length: > LongestText } ? on[..LongestText] : on, null);

    /// <inheritdoc cref="Record"/>
    internal void RecordOnPerson(AppDbContext db, Caller caller, string what, int? accountId) => Add(db, caller, what, Somebody, accountId);

    /// <summary>For what Identity writes past the store's own transaction.</summary>
    internal Task RecordOnPersonAsync(Caller caller, string what, int accountId, CancellationToken cancellationToken)
        => store.WriteAsync(db =>
        {
            RecordOnPerson(db, caller, what, accountId);
            return Task.CompletedTask;
        }, cancellationToken);

    void Add(AppDbContext db, Caller caller, string what, string? on, int? onAccount)
    {
        if (caller == Caller.Schedule) return;
        db.Add(new AdminAction
        {
            AtUtc = time.GetUtcNow().UtcDateTime,
            By = caller == Caller.Operator ? ActedBy.CommandLine : caller.IsToken ? ActedBy.Token : ActedBy.Person,
            AccountId = caller.AccountId,
            What = what,
            On = on,
            OnAccountId = onAccount,
        });
    }
}
