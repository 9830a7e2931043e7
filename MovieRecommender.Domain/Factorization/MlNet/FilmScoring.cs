using System.IO.Compression;
using System.Runtime.InteropServices;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace MovieRecommender.Domain.Factorization.MlNet;

/// <summary>What a film's score is made from, as columns of a row.</summary>
sealed class FilmScoringInput
{
    /// <summary>The wanted film: dense index plus one; 0 for one the model does not know.</summary>
    [ColumnName(FilmScoring.Film)]
    public uint Film { get; set; }

    /// <summary>The person's films, oldest first: dense index plus one; 0 for one the model does not know.</summary>
    [ColumnName(FilmScoring.Films)]
    public uint[] Films { get; set; } = [];

    /// <summary>Parallel to <see cref="Films"/>: 0.5 to 5.</summary>
    [ColumnName(FilmScoring.Stars)]
    public float[] Stars { get; set; } = [];

    /// <summary>Parallel to <see cref="Films"/>: Unix seconds, 0 when unknown.</summary>
    [ColumnName(FilmScoring.Times)]
    public long[] Times { get; set; } = [];

    /// <summary>The model as text; every row refers to the same one.</summary>
    [ColumnName(FilmScoring.Model)]
    public ReadOnlyMemory<char> Model { get; set; }
}

/// <summary>The score of a film: expected stars from a model that predicts stars, else the ranking score.</summary>
sealed class FilmScoringOutput
{
    /// <summary>In stars, or on the ranking's own scale.</summary>
    public float Score { get; set; }
}

/// <summary>
/// Scores a film for a history inside an ML.NET pipeline. ML.NET lets a mapping by contract carry no state of its own, so the
/// model travels as a column whose text is the model's bytes; every row points at the same text, which is read once.
/// </summary>
[CustomMappingFactoryAttribute(Contract)]
sealed class FilmScoring : CustomMappingFactory<FilmScoringInput, FilmScoringOutput>
{
    internal const string Contract = "MovieRecommender.FilmScoring";
    internal const string Film = "MovieRecommender.Film";
    internal const string Films = "MovieRecommender.Films";
    internal const string Stars = "MovieRecommender.Stars";
    internal const string Times = "MovieRecommender.Times";
    internal const string Model = "MovieRecommender.Model";

    /// <inheritdoc/>
    public override Action<FilmScoringInput, FilmScoringOutput> GetMapping()
    {
        Loaded? loaded = null;
        Scored? last = null;
        return (row, result) =>
        {
            // Rows may come from several cursors at once: both caches are immutable and replaced whole.
            var model = loaded;
            if (model is null || !model.IsOf(row.Model))
                loaded = model = new Loaded(row.Model, FromText(row.Model.Span));
            var person = last;
            if (person is null || !person.IsOf(model, row))
                last = person = new Scored(model, row);
            result.Score = person.Of(row.Film);
        };
    }

    internal static string ToText(ItemModel model)
    {
        using var bytes = new MemoryStream();
        using (var packed = new BrotliStream(bytes, CompressionLevel.Fastest, leaveOpen: true))
        using (var writer = new BinaryWriter(packed))
            ItemModelFormat.Write(model, writer);
        return Convert.ToBase64String(bytes.GetBuffer(), 0, (int)bytes.Length);
    }

    static ItemModel FromText(ReadOnlySpan<char> text)
    {
        var bytes = new byte[(text.Length / 4 * 3) + 3];
        if (!Convert.TryFromBase64Chars(text, bytes, out var length))
            throw new InvalidDataException("The pipeline is damaged: its model is not one.");
        using var packed = new BrotliStream(new MemoryStream(bytes, 0, length), CompressionMode.Decompress);
        using var reader = new BinaryReader(packed);
        return ItemModelFormat.Read(reader);
    }

    sealed record Loaded(ReadOnlyMemory<char> Text, ItemModel Model)
    {
        internal bool IsOf(ReadOnlyMemory<char> text) =>
            text.Length == Text.Length && (text.Span.Overlaps(Text.Span) || text.Span.SequenceEqual(Text.Span));
    }

    /// <summary>One person's scores of all films. Rows of one person usually follow each other.</summary>
    sealed class Scored
    {
        readonly Loaded model;
        readonly uint[] films;
        readonly float[] stars;
        readonly long[] times;
        readonly float[] scores;
        readonly float unknown = float.NegativeInfinity;

        internal Scored(Loaded model, FilmScoringInput row)
        {
            this.model = model;
            (films, stars, times) = ([.. row.Films], [.. row.Stars], [.. row.Times]);
            if (stars.Length != films.Length || times.Length != films.Length)
                throw new InvalidDataException($"A history has {films.Length} films, {stars.Length} stars and {times.Length} times; there must be as many of each.");
            var history = new RatedItem[films.Length];
            for (var p = 0; p < history.Length; p++)
                history[p] = new RatedItem((int)films[p] - 1, stars[p], times[p]);
            scores = new float[model.Model.Items];
            if (model.Model is not StarModel predictor)
            {
                model.Model.Score(history, scores);
                return;
            }
            var wanted = Enumerable.Range(-1, scores.Length + 1).ToArray();
            var predictions = new StarPrediction[wanted.Length];
            predictor.Predict(history, wanted, predictions);
            unknown = predictions[0].Stars;
            for (var item = 0; item < scores.Length; item++)
                scores[item] = predictions[item + 1].Stars;
        }

        internal bool IsOf(Loaded other, FilmScoringInput row) =>
            ReferenceEquals(model, other) && films.AsSpan().SequenceEqual(row.Films)
            && MemoryMarshal.AsBytes<float>(stars).SequenceEqual(MemoryMarshal.AsBytes<float>(row.Stars)) && times.AsSpan().SequenceEqual(row.Times);

        internal float Of(uint film) => film == 0 || film > scores.Length ? unknown : scores[film - 1];
    }
}
