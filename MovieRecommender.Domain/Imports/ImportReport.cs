using MovieRecommender.Domain.Catalog;

namespace MovieRecommender.Domain.Imports;

/// <summary>What an import job did, kept with it.</summary>
/// <param name="Changed">Ratings that were new or different.</param>
/// <param name="Errors">The first rows that were skipped.</param>
public sealed record ImportReport(int Films, int Viewers, long Ratings, long Tags, long Changed, IReadOnlyList<BadRow> Errors);
