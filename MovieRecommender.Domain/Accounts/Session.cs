using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Domain.Accounts;

/// <summary>A browser in which somebody is signed in. It holds no address: where somebody was is nobody's business.</summary>
public sealed class Session
{
    public int Id { get; init; }

    public required int AccountId { get; init; }

    /// <summary>The account's security stamp at its start; once the account has another, the session is over.</summary>
    public required string Stamp { get; init; }

    /// <summary>What kind of browser, such as <c>Firefox · Windows</c>; null where it does not say.</summary>
    public string? Browser { get; init; }

    public DateTime StartedUtc { get; init; }

    /// <summary>To the hour.</summary>
    public DateTime LastSeenUtc { get; init; }
}

sealed class SessionConfiguration : IEntityTypeConfiguration<Session>
{
    public void Configure(EntityTypeBuilder<Session> builder)
    {
        builder.ToTable("Sessions");
        builder.Property(session => session.Stamp).HasMaxLength(64);
        builder.Property(session => session.Browser).HasMaxLength(Sessions.LongestBrowser);
        builder.HasIndex(session => session.AccountId);
        builder.HasOne<Account>().WithMany().HasForeignKey(session => session.AccountId).OnDelete(DeleteBehavior.Cascade);
    }
}
