using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Catalog;
using MovieRecommender.Domain.Ratings;
using MovieRecommender.Domain.Ratings.Histories;
using MovieRecommender.Domain.Storage;
using MovieRecommender.Domain.Training;
using Parquet;
using Parquet.Schema;

namespace MovieRecommender.Domain.Curation;

public enum ExportFormat
{
    Csv,
    Parquet,
}

/// <summary>
/// Ratings and catalogue for other programs, written as they are read. People are numbered anew at random with each export, also those of a
/// data set, and come in that order: numbers of two exports say nothing of each other. What somebody rated and when may still tell who they are.
/// </summary>
public sealed class DataExport(Store store, MovieCatalog catalog, AdminActions actions)
{
    /// <summary>People read at a time.</summary>
    const int Batch = 500;

    /// <summary>Ratings in a row group of Parquet.</summary>
    const int Group = 200_000;

    /// <summary>The ratings as <c>userId, movieId, rating, timestamp</c>, MovieLens's own layout.</summary>
    /// <param name="toLearnFrom">Without the tenth that models are judged by: what is trained elsewhere on the rest is judged fairly here.</param>
    public async Task RatingsAsync(Caller caller, ExportFormat format, Stream target, bool toLearnFrom = false, CancellationToken cancellationToken = default)
    {
        await RecordAsync(caller, $"ratings {(toLearnFrom ? "to learn from " : "")}as {format}", cancellationToken);
        await using var writer = format == ExportFormat.Csv ? (RatingsWriter)new CsvRatings(target) : await ParquetRatings.CreateAsync(target, cancellationToken);
        await store.ReadSnapshotAsync(async db =>
        {
            var viewers = (await db.Ratings.Select(rating => rating.ViewerId).Distinct().ToListAsync(cancellationToken)).ToArray();
            RandomNumberGenerator.Shuffle(viewers.AsSpan());
            for (var from = 0; from < viewers.Length; from += Batch)
            {
                var batch = viewers.AsSpan(from, Math.Min(Batch, viewers.Length - from)).ToArray();
                var ratings = (await db.Ratings.Where(rating => batch.Contains(rating.ViewerId)).ToListAsync(cancellationToken)).ToLookup(rating => rating.ViewerId);
                for (var i = 0; i < batch.Length; i++)
                    foreach (var rating in ratings[batch[i]].Where(rating => !toLearnFrom || !TrainingPipeline.IsHeldOut(rating.ViewerId, rating.MovieId))) await writer.AddAsync(new(from + i + 1, rating.MovieId, rating.HalfStars / 2f, rating.RatedAt), cancellationToken);
            }
            await writer.EndAsync(cancellationToken);
            return true;
        }, cancellationToken);
    }

    /// <summary>The films as <c>movieId, title, year, genres, imdbId, tmdbId, ratings, averageStars, hidden</c>; genres are parted by bars.</summary>
    public async Task FilmsAsync(Caller caller, ExportFormat format, Stream target, CancellationToken cancellationToken = default)
    {
        await RecordAsync(caller, $"films as {format}", cancellationToken);
        var films = catalog.Films;
        if (format == ExportFormat.Parquet)
        {
            await WriteParquetAsync(films, target, cancellationToken);
            return;
        }
        await using var csv = Text(target);
        await csv.WriteAsync("movieId,title,year,genres,imdbId,tmdbId,ratings,averageStars,hidden\r\n");
        foreach (var film in films)
        {
            await csv.WriteAsync(string.Create(CultureInfo.InvariantCulture,
                $"{film.Id},{HistoryExport.Cell(film.Title)},{film.Year},{HistoryExport.Cell(string.Join('|', film.Genres))},{film.ImdbId},{film.TmdbId},{film.RatingCount},{Average(film):0.###},{(film.IsHidden ? "true" : "false")}\r\n").AsMemory(), cancellationToken);
        }
        await csv.FlushAsync(cancellationToken);
    }

    static async Task WriteParquetAsync(IReadOnlyList<Film> films, Stream target, CancellationToken cancellationToken)
    {
        var (id, title, year, genres, imdb, tmdb, ratings, average, hidden) = (
            new DataField<int>("movieId"), new DataField<string>("title"), new DataField<int?>("year"), new DataField<string>("genres"), new DataField<string>("imdbId"),
            new DataField<int?>("tmdbId"), new DataField<int>("ratings"), new DataField<double?>("averageStars"), new DataField<bool>("hidden"));
        await using var writer = await ParquetWriter.CreateAsync(new ParquetSchema(id, title, year, genres, imdb, tmdb, ratings, average, hidden), target, cancellationToken: cancellationToken);
        using var group = writer.CreateRowGroup();
        await group.WriteAsync<int>(id, Column(film => film.Id), cancellationToken: cancellationToken);
        await group.WriteAsync(title, Column(film => film.Title));
        await group.WriteAsync<int>(year, Column(film => film.Year), cancellationToken: cancellationToken);
        await group.WriteAsync(genres, Column(film => string.Join('|', film.Genres)));
        await group.WriteAsync(imdb, Column(film => film.ImdbId!));
        await group.WriteAsync<int>(tmdb, Column(film => film.TmdbId), cancellationToken: cancellationToken);
        await group.WriteAsync<int>(ratings, Column(film => film.RatingCount), cancellationToken: cancellationToken);
        await group.WriteAsync<double>(average, Column(Average), cancellationToken: cancellationToken);
        await group.WriteAsync<bool>(hidden, Column(film => film.IsHidden), cancellationToken: cancellationToken);
        group.CompleteValidate();

        T[] Column<T>(Func<Film, T> value) => [.. films.Select(value)];
    }

    static double? Average(Film film) => film.RatingCount == 0 ? null : Math.Round(film.AverageStars, 3);

    static StreamWriter Text(Stream target) => new(target, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 1 << 16, leaveOpen: true);

    /// <summary>Before the first byte goes out: who may not, or whose export could not be noted, gets none.</summary>
    Task RecordAsync(Caller caller, string what, CancellationToken cancellationToken)
    {
        caller.RequireAdmin();
        return store.WriteAsync(db =>
        {
            actions.Record(db, caller, "exported the", what);
            return Task.CompletedTask;
        }, cancellationToken);
    }

    readonly record struct Row(int User, int Movie, float Stars, long Time);

    abstract class RatingsWriter : IAsyncDisposable
    {
        public abstract ValueTask AddAsync(Row row, CancellationToken cancellationToken);

        public abstract Task EndAsync(CancellationToken cancellationToken);

        public abstract ValueTask DisposeAsync();
    }

    sealed class CsvRatings(Stream target) : RatingsWriter
    {
        readonly StreamWriter _csv = Text(target);
        bool _begun;

        public override async ValueTask AddAsync(Row row, CancellationToken cancellationToken)
        {
            if (!_begun) await _csv.WriteAsync("userId,movieId,rating,timestamp\n".AsMemory(), cancellationToken);
            _begun = true;
            await _csv.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"{row.User},{row.Movie},{row.Stars:0.0},{row.Time}\n").AsMemory(), cancellationToken);
        }

        public override async Task EndAsync(CancellationToken cancellationToken)
        {
            if (!_begun) await _csv.WriteAsync("userId,movieId,rating,timestamp\n".AsMemory(), cancellationToken);
            await _csv.FlushAsync(cancellationToken);
        }

        public override ValueTask DisposeAsync() => _csv.DisposeAsync();
    }

    sealed class ParquetRatings : RatingsWriter
    {
        static readonly (DataField<int> User, DataField<int> Movie, DataField<float> Stars, DataField<long> Time) Fields = (new("userId"), new("movieId"), new("rating"), new("timestamp"));
        readonly ParquetWriter _writer;
        readonly List<Row> _rows = new(Group);

        ParquetRatings(ParquetWriter writer) => _writer = writer;

        public static async Task<ParquetRatings> CreateAsync(Stream target, CancellationToken cancellationToken)
            => new(await ParquetWriter.CreateAsync(new ParquetSchema(Fields.User, Fields.Movie, Fields.Stars, Fields.Time), target, cancellationToken: cancellationToken));

        public override async ValueTask AddAsync(Row row, CancellationToken cancellationToken)
        {
            _rows.Add(row);
            if (_rows.Count == Group) await EndAsync(cancellationToken);
        }

        public override async Task EndAsync(CancellationToken cancellationToken)
        {
            using var group = _writer.CreateRowGroup();
            await group.WriteAsync<int>(Fields.User, Column(row => row.User), cancellationToken: cancellationToken);
            await group.WriteAsync<int>(Fields.Movie, Column(row => row.Movie), cancellationToken: cancellationToken);
            await group.WriteAsync<float>(Fields.Stars, Column(row => row.Stars), cancellationToken: cancellationToken);
            await group.WriteAsync<long>(Fields.Time, Column(row => row.Time), cancellationToken: cancellationToken);
            group.CompleteValidate();
            _rows.Clear();
        }

        public override ValueTask DisposeAsync() => _writer.DisposeAsync();

        T[] Column<T>(Func<Row, T> value) => [.. _rows.Select(value)];
    }
}
