namespace MovieRecommender.Domain.Catalog.Demo;

/// <summary>The built-in demo as a data set: real films, a simulated community.</summary>
public sealed class DemoDataSet : DataSet
{
    public const string SourceName = "demo";

    public override string Name => SourceName;

    public override bool IsSimulated => true;

    public override IEnumerable<MovieRow> Movies(BadRows bad)
        => DemoCommunity.Films.Select(film => new MovieRow(film.Id, new(film.Title, [], film.Year), string.Join('|', film.Genres), film.ImdbId));

    public override IEnumerable<RatingRow> Ratings(BadRows bad, Action<long>? read = null)
        => DemoCommunity.Ratings().Select((rating, row) => new RatingRow(row, rating.ViewerId, rating.FilmId, (float)rating.Stars, rating.UnixSeconds));

    public override IEnumerable<TagRow> Tags(BadRows bad)
        => DemoCommunity.Tags().Select((tag, row) => new TagRow(row, tag.ViewerId, tag.FilmId, tag.Tag, tag.UnixSeconds));
}
