using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Domain.Accounts;

/// <summary>A link by which one person sets a new password, once. Only the hash of its code is stored.</summary>
public sealed class ResetLink
{
    /// <summary>Whose password; the newest link is the only one.</summary>
    public required int AccountId { get; init; }

    /// <inheritdoc cref="Secret.HashOf"/>
    public required string Hash { get; set; }

    public DateTime ExpiresUtc { get; set; }
}

sealed class ResetLinkConfiguration : IEntityTypeConfiguration<ResetLink>
{
    public void Configure(EntityTypeBuilder<ResetLink> builder)
    {
        builder.ToTable("ResetLinks");
        builder.HasKey(link => link.AccountId);
        builder.Property(link => link.AccountId).ValueGeneratedNever();
        builder.Property(link => link.Hash).HasMaxLength(64);
        builder.HasIndex(link => link.Hash).IsUnique();
        builder.HasOne<Account>().WithMany().HasForeignKey(link => link.AccountId).OnDelete(DeleteBehavior.Cascade);
    }
}
