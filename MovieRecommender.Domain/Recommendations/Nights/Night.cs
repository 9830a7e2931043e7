using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Domain.Recommendations.Nights;

/// <summary>A movie night: a few people who look for one film.</summary>
public sealed class Night
{
    /// <summary>The random part of the link that lets people in.</summary>
    public required string Code { get; init; }

    public DateTime CreatedUtc { get; init; }

    /// <summary>The film they watched, once they said so.</summary>
    public int? WatchedMovieId { get; set; }
}

/// <summary>Someone at a movie night.</summary>
public sealed class NightGuest
{
    public int Id { get; init; }

    public required string NightCode { get; init; }

    /// <summary>Whose ratings count; null for someone who only named favourites.</summary>
    public int? ViewerId { get; init; }

    /// <summary>What the others call them. Empty for a viewer who has left after the film: they have no seat any more, but are asked for stars still.</summary>
    public required string Name { get; init; }

    /// <summary>Ids of favourites someone typed in for them, parted by commas; empty for a viewer.</summary>
    public string Favourites { get; init; } = "";
}

/// <summary>A film somebody does not want tonight.</summary>
public sealed class NightVeto
{
    public required string NightCode { get; init; }

    public int GuestId { get; init; }

    public int MovieId { get; init; }
}

sealed class NightConfiguration : IEntityTypeConfiguration<Night>, IEntityTypeConfiguration<NightGuest>, IEntityTypeConfiguration<NightVeto>
{
    const int CodeLength = 32;

    public void Configure(EntityTypeBuilder<Night> builder)
    {
        builder.ToTable("Nights");
        builder.HasKey(night => night.Code);
        builder.Property(night => night.Code).HasMaxLength(CodeLength);
    }

    public void Configure(EntityTypeBuilder<NightGuest> builder)
    {
        builder.ToTable("NightGuests");
        builder.Property(guest => guest.NightCode).HasMaxLength(CodeLength);
        builder.Property(guest => guest.Name).HasMaxLength(60);
        builder.Property(guest => guest.Favourites).HasMaxLength(200);
        builder.HasIndex(guest => new { guest.NightCode, guest.ViewerId }).IsUnique();
        builder.HasOne<Night>().WithMany().HasForeignKey(guest => guest.NightCode).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<Viewer>().WithMany().HasForeignKey(guest => guest.ViewerId).OnDelete(DeleteBehavior.Cascade);
    }

    public void Configure(EntityTypeBuilder<NightVeto> builder)
    {
        builder.ToTable("NightVetoes");
        builder.HasKey(veto => new { veto.NightCode, veto.GuestId, veto.MovieId });
        builder.Property(veto => veto.NightCode).HasMaxLength(CodeLength);
        builder.HasOne<NightGuest>().WithMany().HasForeignKey(veto => veto.GuestId).OnDelete(DeleteBehavior.Cascade);
    }
}

public static class NightTables
{
    extension(AppDbContext db)
    {
        public DbSet<Night> Nights => db.Set<Night>();

        public DbSet<NightGuest> NightGuests => db.Set<NightGuest>();

        /// <summary>Of the guests, those who have not left.</summary>
        public IQueryable<NightGuest> NightSeats => db.NightGuests.Where(guest => guest.Name != "");

        public DbSet<NightVeto> NightVetoes => db.Set<NightVeto>();
    }
}
