using Microsoft.ML;

namespace MovieRecommender.Domain.Factorization.MlNet;

/// <summary>A person's ratings and the film whose score is wanted; movies by their public ids.</summary>
public sealed class FilmQuery
{
    /// <summary>The wanted movie.</summary>
    public int MovieId { get; set; }

    /// <summary>The movies the person has rated, oldest first; unknown ones are ignored.</summary>
    public int[] RatedMovieIds { get; set; } = [];

    /// <summary>Parallel to <see cref="RatedMovieIds"/>: 0.5 to 5.</summary>
    public float[] RatedStars { get; set; } = [];

    /// <summary>Parallel to <see cref="RatedMovieIds"/>: Unix seconds, 0 when unknown.</summary>
    public long[] RatedTimes { get; set; } = [];
}

/// <summary>A film's score: expected stars from a model that predicts stars, else the ranking score.</summary>
public sealed class FilmScore
{
    /// <summary>In stars, or on the ranking's own scale; negative infinity for a film that cannot be ranked.</summary>
    public float Score { get; set; }
}

/// <summary>A trained model as an ML.NET zip, which any ML.NET program that references this assembly can load.</summary>
public static class MlNetModel
{
    /// <summary>Writes a pipeline from <see cref="FilmQuery"/> to <see cref="FilmScore"/>.</summary>
    /// <param name="ml">Any context.</param>
    /// <param name="model">What training published.</param>
    /// <param name="movieIds">Public id of each dense index.</param>
    /// <param name="zip">Receives the zip.</param>
    /// <exception cref="ArgumentException">There is not one id for every film.</exception>
    public static void Save(MLContext ml, ItemModel model, IReadOnlyList<int> movieIds, Stream zip)
    {
        if (movieIds.Count != model.Items)
            throw new ArgumentException($"There are {movieIds.Count} movie ids for {model.Items} films.");
        var dense = movieIds.Select((id, index) => KeyValuePair.Create(id, (uint)index + 1)).ToArray();
        var queries = ml.Data.LoadFromEnumerable<FilmQuery>([]);
        var pipeline = ml.Transforms.Conversion.MapValue(FilmScoring.Film, dense, nameof(FilmQuery.MovieId))
            .Append(ml.Transforms.Conversion.MapValue(FilmScoring.Films, dense, nameof(FilmQuery.RatedMovieIds)))
            .Append(ml.Transforms.CopyColumns(FilmScoring.Stars, nameof(FilmQuery.RatedStars)))
            .Append(ml.Transforms.CopyColumns(FilmScoring.Times, nameof(FilmQuery.RatedTimes)))
            .Append(ScoreFilms(ml, model));
        ml.Model.Save(pipeline.Fit(queries), queries.Schema, zip);
    }

    /// <summary>Loads what <see cref="Save"/> wrote, or a saved pipeline that ends in a <see cref="RecommenderEstimator"/>'s.</summary>
    /// <param name="ml">Learns where the pipeline's code is.</param>
    /// <param name="zip">Seekable.</param>
    public static ITransformer Load(MLContext ml, Stream zip)
    {
        Register(ml);
        return ml.Model.Load(zip, out _);
    }

    /// <summary>Tells a context where a saved pipeline's code is; needed once before <c>ml.Model.Load</c>.</summary>
    public static void Register(MLContext ml) => ml.ComponentCatalog.RegisterAssembly(typeof(FilmScoring).Assembly);

    /// <summary>From the columns of <see cref="FilmScoringInput"/> but its model to Score; leaves none of them behind.</summary>
    internal static IEstimator<ITransformer> ScoreFilms(MLContext ml, ItemModel model)
    {
        Register(ml);
        // A map with one entry puts the model into the saved pipeline, and a constant key fetches it.
        const string Constant = "MovieRecommender.Constant";
        var text = new Dictionary<float, string> { [1] = FilmScoring.ToText(model) };
        return ml.Transforms.Conversion.ConvertType(Constant, FilmScoring.Film, Microsoft.ML.Data.DataKind.Single)
            .Append(ml.Transforms.Expression(Constant, "x => 1.0f", Constant))
            .Append(ml.Transforms.Conversion.MapValue(FilmScoring.Model, text, Constant))
            .Append(ml.Transforms.CustomMapping(new FilmScoring().GetMapping(), FilmScoring.Contract))
            .Append(ml.Transforms.DropColumns(Constant, FilmScoring.Film, FilmScoring.Films, FilmScoring.Stars, FilmScoring.Times, FilmScoring.Model));
    }
}
