using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Domain.Accounts;

/// <summary>A program's key to the API. Only its hash is stored.</summary>
public sealed class ApiToken
{
    public int Id { get; init; }

    public required int AccountId { get; init; }

    /// <inheritdoc cref="Secret.HashOf"/>
    public required string Hash { get; init; }

    /// <summary>What its owner calls it.</summary>
    public required string Name { get; init; }

    public TokenScopes Scopes { get; init; }

    public DateTime CreatedUtc { get; init; }

    /// <summary>From when on it is no good; null for never.</summary>
    public DateTime? ExpiresUtc { get; init; }

    /// <summary>To the minute; null before its first use.</summary>
    public DateTime? LastUsedUtc { get; set; }
}

sealed class ApiTokenConfiguration : IEntityTypeConfiguration<ApiToken>
{
    public void Configure(EntityTypeBuilder<ApiToken> builder)
    {
        builder.ToTable("ApiTokens");
        builder.Property(token => token.Hash).HasMaxLength(64);
        builder.Property(token => token.Name).HasMaxLength(ApiTokens.LongestName);
        builder.HasIndex(token => token.Hash).IsUnique();
        builder.HasOne<Account>().WithMany().HasForeignKey(token => token.AccountId).OnDelete(DeleteBehavior.Cascade);
    }
}

/// <summary>Issues, recognises and revokes API tokens.</summary>
public sealed class ApiTokens(Store store, UserManager<Account> users, AdminActions actions, TimeProvider time)
{
    public const int LongestName = 60;
    public const int MostPerAccount = 50;

    // One question for all of it, and compiled: programs send their token with every request.
    static readonly Func<AppDbContext, string, CancellationToken, Task<Known?>> _known = EF.CompileAsyncQuery((AppDbContext db, string hash, CancellationToken cancellationToken) => (
        from row in db.Set<ApiToken>()
        join account in db.Users on row.AccountId equals account.Id
        where row.Hash == hash
        select new Known(
            row.Id, row.AccountId, row.Scopes, row.ExpiresUtc, row.LastUsedUtc, account.UserName, account.ViewerId, account.LockedUtc, account.LockoutEnd,
            db.UserRoles.Any(given => given.UserId == account.Id && db.Roles.Any(role => role.Id == given.RoleId && role.Name == Caller.AdminRole)))).FirstOrDefault());

    /// <summary>A token with all rights of an account, for the person at the command line.</summary>
    /// <returns>The token; this is the only time it can be read.</returns>
    /// <exception cref="InvalidInputException">No account has this address.</exception>
    public async Task<string> AddAsync(Caller caller, string email, CancellationToken cancellationToken = default)
    {
        caller.RequireAdmin();
        var account = await users.FindByEmailAsync(email)
            ?? throw new InvalidInputException($"No account has the address '{email}'. Add it first: users add {email}");
        return await AddAsync(caller, account.Id, "command line", TokenScopes.All, null, cancellationToken);
    }

    /// <summary>A token of the caller's own account.</summary>
    /// <param name="lifetime">Null for a token that never expires.</param>
    /// <returns>The token; this is the only time it can be read.</returns>
    /// <exception cref="AccessDeniedException">The caller has no account, or is a token.</exception>
    public async Task<string> AddMineAsync(Caller caller, string name, TokenScopes scopes, TimeSpan? lifetime, CancellationToken cancellationToken = default)
    {
        var account = caller.RequireMember();
        name = name.Trim();
        if (name.Length is 0 or > LongestName) throw new InvalidInputException($"A token's name has 1 to {LongestName} characters.");
        if (scopes == TokenScopes.None || (scopes & ~TokenScopes.All) != TokenScopes.None) throw new InvalidInputException("Choose what the token may do: read, rate or admin.");
        if (scopes.HasFlag(TokenScopes.Admin)) caller.RequireAdmin();
        if ((await MineAsync(caller, cancellationToken)).Count >= MostPerAccount) throw new InvalidInputException($"You have {MostPerAccount} tokens; revoke one first.");
        return await AddAsync(caller, account, name, scopes, lifetime, cancellationToken);
    }

    /// <summary>The caller's tokens, newest first.</summary>
    public Task<List<ApiToken>> MineAsync(Caller caller, CancellationToken cancellationToken = default)
    {
        var account = caller.RequireMember();
        return store.ReadAsync(db => db.Set<ApiToken>().Where(token => token.AccountId == account).OrderByDescending(token => token.Id).ToListAsync(cancellationToken), cancellationToken);
    }

    /// <summary>Ends one of the caller's tokens at once; somebody else's does not exist for them.</summary>
    /// <exception cref="NotFoundException">The caller has no such token.</exception>
    public async Task RevokeAsync(Caller caller, int id, CancellationToken cancellationToken = default)
    {
        var account = caller.RequireMember();
        var revoked = await store.WriteAsync(db => db.Set<ApiToken>().Where(token => token.Id == id && token.AccountId == account).ExecuteDeleteAsync(cancellationToken), cancellationToken);
        if (revoked == 0) throw new NotFoundException($"You have no token {id}.");
    }

    /// <summary>The principal a token stands for, or null when it is not one of ours, expired, or its account is locked.</summary>
    public async Task<ClaimsPrincipal?> RecogniseAsync(string token, CancellationToken cancellationToken = default)
    {
        var hash = Secret.HashOf(token);
        var now = time.GetUtcNow().UtcDateTime;
        var known = await store.ReadAsync(db => _known(db, hash, cancellationToken), cancellationToken);
        if (known is null || known.ExpiresUtc <= now || known.LockedUtc is not null || known.LockoutEnd?.UtcDateTime > now) return null;
        if (known.LastUsedUtc is null || now - known.LastUsedUtc > TimeSpan.FromMinutes(1))
        {
            await store.WriteAsync(db => db.Set<ApiToken>().Where(row => row.Id == known.Id)
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.LastUsedUtc, now), cancellationToken), cancellationToken);
        }
        List<Claim> claims =
        [
            new(ClaimTypes.NameIdentifier, known.AccountId.ToString(CultureInfo.InvariantCulture)),
            new(ClaimTypes.Name, known.UserName ?? ""),
            new(Caller.ViewerClaim, known.ViewerId.ToString(CultureInfo.InvariantCulture)),
            new(Caller.ScopesClaim, known.Scopes.ToString()),
        ];
        // Pages look at the role alone.
        if (known.IsAdmin && known.Scopes.HasFlag(TokenScopes.Admin)) claims.Add(new(ClaimTypes.Role, Caller.AdminRole));
        return new(new ClaimsIdentity(claims, "Token"));
    }

    async Task<string> AddAsync(Caller caller, int accountId, string name, TokenScopes scopes, TimeSpan? lifetime, CancellationToken cancellationToken)
    {
        var token = "mr_" + Secret.New();
        var now = time.GetUtcNow().UtcDateTime;
        await store.WriteAsync(db =>
        {
            db.Add(new ApiToken { AccountId = accountId, Hash = Secret.HashOf(token), Name = name, Scopes = scopes, CreatedUtc = now, ExpiresUtc = now + lifetime });
            // What members make for themselves is nobody's business.
            if (scopes.HasFlag(TokenScopes.Admin) || accountId != caller.AccountId) actions.RecordOnPerson(db, caller, "made a token for", accountId);
            return Task.CompletedTask;
        }, cancellationToken);
        return token;
    }

    sealed record Known(
        int Id, int AccountId, TokenScopes Scopes, DateTime? ExpiresUtc, DateTime? LastUsedUtc, string? UserName, int ViewerId, DateTime? LockedUtc, DateTimeOffset? LockoutEnd, bool IsAdmin);
}
