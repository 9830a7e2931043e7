using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MovieRecommender.Domain.Accounts;

/// <summary>A link by which one person may sign up. Only the hash of its code is stored; using it deletes the row.</summary>
public sealed class Invitation
{
    public int Id { get; init; }

    /// <inheritdoc cref="Secret.HashOf"/>
    public required string Hash { get; init; }

    public DateTime ExpiresUtc { get; init; }

    public DateTime CreatedUtc => ExpiresUtc - AccountService.InvitationLifetime;
}

sealed class InvitationConfiguration : IEntityTypeConfiguration<Invitation>
{
    public void Configure(EntityTypeBuilder<Invitation> builder)
    {
        builder.ToTable("Invitations");
        builder.Property(invitation => invitation.Hash).HasMaxLength(64);
        builder.HasIndex(invitation => invitation.Hash).IsUnique();
        builder.Ignore(invitation => invitation.CreatedUtc);
    }
}

/// <summary>Random texts that are known by their hash only.</summary>
static class Secret
{
    /// <summary>256 random bits, in letters that fit into an address.</summary>
    public static string New() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    /// <summary>SHA-256, in hex. What is hashed is random and long, so a slow hash would protect nothing more.</summary>
    public static string HashOf(string secret) => Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(secret)));
}
