using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Domain.Accounts;

/// <summary>By what way an admin acted.</summary>
public enum ActedBy
{
    /// <summary>In person, signed in.</summary>
    Person = 0,

    /// <summary>A program, by a token of theirs.</summary>
    Token = 1,

    /// <summary>Whoever sits at the machine's command line; no account is known.</summary>
    CommandLine = 2,
}

/// <summary>
/// Something an admin did: who, when, what, on what. People stand in it by the number of their account only;
/// when an account goes, the database clears the number, and what was done stays.
/// </summary>
public sealed class AdminAction
{
    public int Id { get; init; }

    public DateTime AtUtc { get; init; }

    public ActedBy By { get; init; }

    /// <summary>The admin's account; null for the command line, and once the account is gone.</summary>
    public int? AccountId { get; init; }

    /// <summary>A verb for people to read, such as "promoted".</summary>
    public required string What { get; init; }

    /// <summary>What it was done on, such as "version 3"; null where that is a person, or nothing.</summary>
    public string? On { get; init; }

    /// <summary>The account it was done on; null for what is no person, and once the account is gone.</summary>
    public int? OnAccountId { get; init; }
}

sealed class AdminActionConfiguration : IEntityTypeConfiguration<AdminAction>
{
    public void Configure(EntityTypeBuilder<AdminAction> builder)
    {
        builder.ToTable("AdminActions");
        builder.Property(action => action.What).HasMaxLength(AdminActions.LongestText);
        builder.Property(action => action.On).HasMaxLength(AdminActions.LongestText);
        builder.HasOne<Account>().WithMany().HasForeignKey(action => action.AccountId).OnDelete(DeleteBehavior.SetNull);
        builder.HasOne<Account>().WithMany().HasForeignKey(action => action.OnAccountId).OnDelete(DeleteBehavior.SetNull);
    }
}
