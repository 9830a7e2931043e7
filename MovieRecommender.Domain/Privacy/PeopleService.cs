using Microsoft.EntityFrameworkCore;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Ratings;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Domain.Privacy;

/// <summary>What an admin sees of a person: who they are and how much they rated, never what.</summary>
/// <param name="Id">Of the account.</param>
/// <param name="LastSeenUtc">To the day; null for who has not signed in yet.</param>
/// <param name="LockedUtc">Since when an admin keeps them out.</param>
/// <param name="WaitsUntil">Until when too many wrong passwords keep them out.</param>
public sealed record Person(int Id, string Email, bool IsAdmin, DateTime SinceUtc, DateTime? LastSeenUtc, int Ratings, DateTime? LockedUtc, DateTimeOffset? WaitsUntil);

/// <summary>One page of people.</summary>
/// <param name="Total">People who fit the search, on all pages.</param>
/// <param name="Guests">Visitors without an account who rated something; they are a number only.</param>
public sealed record FoundPeople(IReadOnlyList<Person> People, int Total, int Guests);

/// <summary>The people who have an account, for admins to look after.</summary>
public sealed class PeopleService(Store store, TimeProvider time)
{
    public const int MostPerPage = 100;

    /// <summary>By e-mail address.</summary>
    /// <param name="search">Part of the address, in capitals or not; nothing for everybody.</param>
    /// <param name="page">From 1.</param>
    /// <exception cref="InvalidInputException">A number is out of range.</exception>
    public Task<FoundPeople> ListAsync(Caller caller, string? search = null, int page = 1, int pageSize = 25, CancellationToken cancellationToken = default)
    {
        caller.RequireAdmin();
        if (page is < 1 or > 1_000_000) throw new InvalidInputException($"page is {page}; allowed is 1 to 1,000,000.");
        if (pageSize is < 1 or > MostPerPage) throw new InvalidInputException($"pageSize is {pageSize}; allowed is 1 to {MostPerPage}.");
        var wanted = search?.Trim().ToUpperInvariant() ?? "";
        return store.ReadSnapshotAsync(async db =>
        {
            var found = db.Users.Where(account => account.NormalizedEmail!.Contains(wanted));
            var people = await DescribeAsync(db, found.OrderBy(account => account.NormalizedEmail).Skip((page - 1) * pageSize).Take(pageSize), cancellationToken);
            return new FoundPeople(people, await found.CountAsync(cancellationToken), await db.Viewers.CountAsync(viewer => viewer.Kind == ViewerKind.Guest, cancellationToken));
        }, cancellationToken);
    }

    /// <exception cref="NotFoundException">There is no such account.</exception>
    public async Task<Person> GetAsync(Caller caller, int accountId, CancellationToken cancellationToken = default)
    {
        caller.RequireAdmin();
        var found = await store.ReadAsync(db => DescribeAsync(db, db.Users.Where(account => account.Id == accountId), cancellationToken), cancellationToken);
        return found.Count == 1 ? found[0] : throw new NotFoundException($"There is no person {accountId}.");
    }

    async Task<List<Person>> DescribeAsync(AppDbContext db, IQueryable<Account> accounts, CancellationToken cancellationToken)
    {
        var (ratings, viewers) = (db.Ratings, db.Viewers);
        var admins = db.UserRoles.Where(row => db.Roles.Any(role => role.Id == row.RoleId && role.Name == Caller.AdminRole)).Select(row => row.UserId);
        var rows = await accounts.Select(account => new
        {
            account.Id,
            account.Email,
            account.CreatedUtc,
            account.LockedUtc,
            account.LockoutEnd,
            IsAdmin = admins.Contains(account.Id),
            Ratings = ratings.Count(rating => rating.ViewerId == account.ViewerId),
            LastSeenUtc = viewers.Where(viewer => viewer.Id == account.ViewerId).Select(viewer => viewer.LastSeenUtc).FirstOrDefault(),
        }).ToListAsync(cancellationToken);
        var now = time.GetUtcNow();
        return [.. rows.Select(row => new Person(row.Id, row.Email ?? "", row.IsAdmin, row.CreatedUtc, row.LastSeenUtc, row.Ratings, row.LockedUtc, row.LockoutEnd > now ? row.LockoutEnd : null))];
    }
}
