using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Ratings;
using MovieRecommender.Domain.Ratings.Histories;
using MovieRecommender.Domain.Recommendations.Nights;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Domain.Privacy;

/// <summary>All that is stored about a person in one file: what they like, and around it links, nights, imports and the account.</summary>
public sealed class PersonalExport(Store store, HistoryExport history)
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>As JSON. Of an account it tells what there is, not what would open it; to a token it tells nothing of the account.</summary>
    /// <exception cref="AccessDeniedException">The caller is no viewer yet.</exception>
    public async Task<string> JsonAsync(Caller caller, CancellationToken cancellationToken = default)
    {
        var id = caller.RequireViewer();
        var all = JsonNode.Parse(await history.JsonAsync(caller, cancellationToken))!.AsObject();
        await store.ReadSnapshotAsync(async db =>
        {
            var viewer = await db.Viewers.FirstOrDefaultAsync(row => row.Id == id, cancellationToken) ?? throw new AccessDeniedException(signedIn: false);
            Add("person", new { viewer.CreatedUtc, viewer.LastSeenUtc, Kind = viewer.Kind.ToString().ToLowerInvariant() });
            Add("watchlistLinks", await db.WatchlistShares.Where(row => row.ViewerId == id).Select(row => new { row.Code, row.CreatedUtc }).ToListAsync(cancellationToken));
            var (nights, vetoes) = (db.Nights, db.NightVetoes);
            Add("nights", await db.NightGuests.Where(row => row.ViewerId == id).Select(row => new
            {
                row.NightCode,
                row.Name,
                nights.First(night => night.Code == row.NightCode).CreatedUtc,
                Vetoes = vetoes.Where(veto => veto.GuestId == row.Id).Select(veto => veto.MovieId).ToList(),
            }).ToListAsync(cancellationToken));
            Add("imports", await db.HistoryImports.Where(row => row.ViewerId == id).Select(row => new { row.Source, row.ImportedUtc, row.Films }).ToListAsync(cancellationToken));
            if (caller is { AccountId: { } account, IsToken: false }) await AddAccountAsync(db, account);
            return all;
        }, cancellationToken);
        return all.ToJsonString(Json);

        void Add<T>(string name, T value) => all[name] = JsonSerializer.SerializeToNode(value, Json);

        async Task AddAccountAsync(AppDbContext db, int account)
        {
            Add("account", await db.Users.Where(row => row.Id == account).Select(row => new { row.Email, row.CreatedUtc, HasPassword = row.PasswordHash != null, SecondStep = row.TwoFactorEnabled }).FirstAsync(cancellationToken));
            Add("browsers", await db.Set<Session>().Where(row => row.AccountId == account).Select(row => new { row.Browser, row.StartedUtc, row.LastSeenUtc }).ToListAsync(cancellationToken));
            Add("tokens", await db.Set<ApiToken>().Where(row => row.AccountId == account).Select(row => new { row.Name, row.CreatedUtc, row.ExpiresUtc, row.LastUsedUtc }).ToListAsync(cancellationToken));
            Add("passkeys", await db.Set<Microsoft.AspNetCore.Identity.IdentityUserPasskey<int>>().Where(row => row.UserId == account).Select(row => new { row.Data.Name, row.Data.CreatedAt }).ToListAsync(cancellationToken));
            Add("providers", await db.UserLogins.Where(row => row.UserId == account).Select(row => new { row.LoginProvider, row.ProviderKey }).ToListAsync(cancellationToken));
            Add("actionsAsAdmin", await db.Set<AdminAction>().Where(row => row.AccountId == account).OrderBy(row => row.Id).Select(row => new { row.AtUtc, row.What, row.On }).ToListAsync(cancellationToken));
        }
    }
}
