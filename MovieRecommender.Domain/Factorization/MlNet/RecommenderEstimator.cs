using Microsoft.ML;
using Microsoft.ML.Data;

namespace MovieRecommender.Domain.Factorization.MlNet;

/// <summary>Names of the columns that a <see cref="RecommenderEstimator"/> reads.</summary>
public sealed record RecommenderColumns
{
    /// <summary>The person, as a key (such as <c>MapValueToKey</c> makes). Default "User".</summary>
    public string User { get; init; } = "User";

    /// <summary>The film, as a key. Default "Movie".</summary>
    public string Movie { get; init; } = "Movie";

    /// <summary>Stars from 0.5 to 5, as float. Default "Label".</summary>
    public string Label { get; init; } = "Label";

    /// <summary>Unix seconds as long, or null when there are no times. Default null.</summary>
    public string? Time { get; init; }
}

/// <summary>
/// Any <see cref="ITrainer"/> as an ML.NET estimator: it composes, cross-validates, evaluates and saves like ML.NET's own.
/// </summary>
/// <remarks>
/// The fitted transformer adds a float column Score: expected stars from a trainer that predicts stars, else the ranking score.
/// It keeps the ratings it was fitted on, because a person is folded in from them; a person it does not know gets what is said
/// to a newcomer, a film it does not know the model's fallback.
/// </remarks>
/// <param name="ml">The context of the pipeline.</param>
/// <param name="trainer">What learns.</param>
/// <param name="columns">Where the ratings are.</param>
/// <param name="features">What is known of the films by key value minus one; null for nothing. Its length must be the movie key's count.</param>
public sealed class RecommenderEstimator(MLContext ml, ITrainer trainer, RecommenderColumns? columns = null, ItemFeatures? features = null) : IEstimator<ITransformer>
{
    readonly RecommenderColumns columns = columns ?? new();

    /// <summary>Trains.</summary>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type, or the features do not fit the films.</exception>
    public ITransformer Fit(IDataView input)
    {
        var users = KeyCount(input, columns.User);
        var movies = KeyCount(input, columns.Movie);
        if (features is not null && features.Genres.Count != movies)
            throw new ArgumentException($"The features describe {features.Genres.Count} films; the column '{columns.Movie}' has {movies}.");
        var ratings = RatingMatrix.Build(users, movies, Read(input));
        var model = trainer.Train(new TrainingSet(ratings, features ?? Nothing(movies)), null, CancellationToken.None);
        return People(ratings).Append(MlNetModel.ScoreFilms(ml, model)).Fit(input);
    }

    /// <summary>Adds Score to the input's columns.</summary>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        // A column's shape can only be made by ML.NET: this one is borrowed from a copy of the stars.
        return ml.Transforms.Expression("Score", "x => x", columns.Label).GetOutputSchema(inputSchema);
    }

    /// <summary>Fetches the history of each row's person, and the number of its film.</summary>
    IEstimator<ITransformer> People(RatingMatrix ratings)
    {
        IEnumerable<KeyValuePair<uint, T[]>> Map<T>(Func<RatedItem, T> select) => Enumerable.Range(0, ratings.Users)
            .Select(user => KeyValuePair.Create((uint)user + 1, Array.ConvertAll(ratings.HistoryOf(user).ToArray(), rated => select(rated))));
        return ml.Transforms.CopyColumns(KeyNumbers.PersonKey, columns.User)
            .Append(ml.Transforms.CopyColumns(KeyNumbers.FilmKey, columns.Movie))
            .Append(ml.Transforms.CustomMapping(new KeyNumbers().GetMapping(), KeyNumbers.Contract))
            .Append(ml.Transforms.Conversion.MapValue(FilmScoring.Films, Map(rated => (uint)rated.Item + 1), KeyNumbers.Person))
            .Append(ml.Transforms.Conversion.MapValue(FilmScoring.Stars, Map(rated => rated.Stars), KeyNumbers.Person))
            .Append(ml.Transforms.Conversion.MapValue(FilmScoring.Times, Map(rated => rated.Time), KeyNumbers.Person))
            .Append(ml.Transforms.DropColumns(KeyNumbers.PersonKey, KeyNumbers.FilmKey, KeyNumbers.Person));
    }

    RatingEntry[] Read(IDataView input)
    {
        var entries = new List<RatingEntry>();
        var (user, movie, label) = (input.Schema[columns.User], input.Schema[columns.Movie], Column(input, columns.Label, NumberDataViewType.Single));
        var time = columns.Time is null ? (DataViewSchema.Column?)null : Column(input, columns.Time, NumberDataViewType.Int64);
        using var cursor = input.GetRowCursor(time is null ? [user, movie, label] : [user, movie, label, time.Value]);
        var getUser = cursor.GetGetter<uint>(user);
        var getMovie = cursor.GetGetter<uint>(movie);
        var getLabel = cursor.GetGetter<float>(label);
        var getTime = time is null ? null : cursor.GetGetter<long>(time.Value);
        while (cursor.MoveNext())
        {
            uint u = 0, m = 0;
            float stars = 0;
            long seconds = 0;
            getUser(ref u);
            getMovie(ref m);
            getLabel(ref stars);
            getTime?.Invoke(ref seconds);
            // Key 0 means missing.
            if (u > 0 && m > 0)
                entries.Add(new RatingEntry((int)u - 1, (int)m - 1, stars, seconds));
        }
        return [.. entries];
    }

    static int KeyCount(IDataView input, string name)
    {
        var column = Column(input, name, null);
        return column.Type is KeyDataViewType { Count: <= int.MaxValue } key && key.RawType == typeof(uint)
            ? (int)key.Count
            : throw new ArgumentException($"The column '{name}' is of type {column.Type}; a key of 32 bits is needed, as MapValueToKey makes.");
    }

    static DataViewSchema.Column Column(IDataView input, string name, DataViewType? type)
    {
        var column = input.Schema.GetColumnOrNull(name) ?? throw new ArgumentException($"There is no column '{name}'.");
        return type is null || column.Type.Equals(type) ? column : throw new ArgumentException($"The column '{name}' is of type {column.Type}; {type} is needed.");
    }

    static ItemFeatures Nothing(int films) => new(
        [.. Enumerable.Repeat<IReadOnlyList<string>>([], films)], [.. Enumerable.Repeat<int?>(null, films)], [.. Enumerable.Repeat<IReadOnlyList<string>>([], films)]);
}
