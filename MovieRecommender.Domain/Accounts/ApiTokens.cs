using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
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

    /// <summary>SHA-256 of the token, in hex. The token is random and long, so a slow hash would protect nothing more.</summary>
    public required string Hash { get; init; }

    public DateTime CreatedUtc { get; init; }
}

sealed class ApiTokenConfiguration : IEntityTypeConfiguration<ApiToken>
{
    public void Configure(EntityTypeBuilder<ApiToken> builder)
    {
        builder.ToTable("ApiTokens");
        builder.Property(token => token.Hash).HasMaxLength(64);
        builder.HasIndex(token => token.Hash).IsUnique();
        builder.HasOne<Account>().WithMany().HasForeignKey(token => token.AccountId).OnDelete(DeleteBehavior.Cascade);
    }
}

/// <summary>Issues and recognises API tokens.</summary>
public sealed class ApiTokens(Store store, UserManager<Account> users, IUserClaimsPrincipalFactory<Account> principals, TimeProvider time)
{
    /// <summary>A new token for an account; this is the only time it can be read.</summary>
    /// <exception cref="InvalidInputException">No account has this address.</exception>
    public async Task<string> AddAsync(Caller caller, string email, CancellationToken cancellationToken = default)
    {
        caller.RequireAdmin();
        var account = await users.FindByEmailAsync(email)
            ?? throw new InvalidInputException($"No account has the address '{email}'. Add it first: users add {email}");
        var token = "mr_" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        await store.WriteAsync(db =>
        {
            db.Add(new ApiToken { AccountId = account.Id, Hash = HashOf(token), CreatedUtc = time.GetUtcNow().UtcDateTime });
            return Task.CompletedTask;
        }, cancellationToken);
        return token;
    }

    /// <summary>The principal a token stands for, or null when it is not one of ours.</summary>
    public async Task<ClaimsPrincipal?> RecogniseAsync(string token, CancellationToken cancellationToken = default)
    {
        var hash = HashOf(token);
        var accountId = await store.ReadAsync(db => db.Set<ApiToken>().Where(known => known.Hash == hash)
            .Select(known => (int?)known.AccountId).FirstOrDefaultAsync(cancellationToken), cancellationToken);
        if (accountId is null) return null;
        var account = await users.FindByIdAsync(accountId.Value.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return account is null ? null : await principals.CreateAsync(account);
    }

    static string HashOf(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
