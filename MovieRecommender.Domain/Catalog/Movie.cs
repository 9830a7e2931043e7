using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Domain.Catalog;

/// <summary>A film.</summary>
public sealed class Movie
{
    /// <summary>Films added here count up from this number; below it are the ids of data sets.</summary>
    public const int FirstLocalId = 1_000_000_000;

    /// <summary>MovieLens's movie id for films that came from there.</summary>
    public int Id { get; init; }

    /// <summary>The title as spoken ("The Matrix"), without the year.</summary>
    public required string Title { get; set; }

    /// <summary>Other titles the data set gives in brackets, as spoken; empty when there is none.</summary>
    public string OtherTitles { get; set; } = "";

    public int? Year { get; set; }

    /// <summary>Genre names joined by '|'; empty when none are listed.</summary>
    public string Genres { get; set; } = "";

    /// <summary>IMDb's number, without <c>tt</c> but with its leading zeros.</summary>
    public string? ImdbId { get; set; }

    public int? TmdbId { get; set; }

    /// <summary>Number of ratings, kept with each change so that a page needs no count.</summary>
    public int RatingCount { get; set; }

    /// <summary>Sum of the ratings in half stars.</summary>
    public long RatingHalves { get; set; }

    /// <summary>Neither listed nor recommended; ratings of it stay and count.</summary>
    public bool IsHidden { get; set; }

    /// <summary>An admin wrote title, year, genres and links: a later import leaves them alone.</summary>
    public bool IsEdited { get; set; }

    /// <summary>The film this one turned out to be; its row stays, so that links and later imports arrive there.</summary>
    public int? MergedIntoId { get; set; }
}

/// <summary>A word someone put on a film.</summary>
public sealed class MovieTag
{
    /// <summary>Stands in the place of a viewer where an admin put the word on the film: it is the house's and goes with nobody.</summary>
    public const int OfTheHouse = 0;

    public const int LongestText = 200;

    public int ViewerId { get; init; }

    public int MovieId { get; init; }

    public required string Text { get; init; }

    /// <summary>Unix seconds.</summary>
    public long TaggedAt { get; init; }
}

sealed class MovieConfiguration : IEntityTypeConfiguration<Movie>, IEntityTypeConfiguration<MovieTag>
{
    public void Configure(EntityTypeBuilder<Movie> builder)
    {
        builder.ToTable("Movies");
        builder.Property(movie => movie.Id).ValueGeneratedNever();
        builder.Property(movie => movie.Title).HasMaxLength(500);
        builder.Property(movie => movie.ImdbId).HasMaxLength(16);
    }

    public void Configure(EntityTypeBuilder<MovieTag> builder)
    {
        builder.ToTable("MovieTags");
        builder.HasKey(tag => new { tag.MovieId, tag.ViewerId, tag.Text });
        builder.Property(tag => tag.Text).HasMaxLength(MovieTag.LongestText);
    }
}

public static class MovieTable
{
    extension(AppDbContext db)
    {
        public DbSet<Movie> Movies => db.Set<Movie>();

        public DbSet<MovieTag> MovieTags => db.Set<MovieTag>();
    }
}
