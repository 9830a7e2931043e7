using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using MovieRecommender.Domain.Catalog;
using MovieRecommender.Domain.Factorization;
using MovieRecommender.Domain.Ratings;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Domain.Training;

/// <summary>
/// Ratings and film features with ids made dense: user and item indices count the rated films and the people who rated,
/// each in the order of their ids.
/// </summary>
public sealed class TrainingData
{
    TrainingData(RatingEntry[] entries, int[] rows, int[] userIds, int[] movieIds, ItemFeatures features, long revision)
    {
        Entries = entries;
        Rows = rows;
        UserIds = userIds;
        MovieIds = movieIds;
        Features = features;
        Revision = revision;
    }

    public RatingEntry[] Entries { get; }

    /// <summary>Row number in the data set's file of each entry.</summary>
    public int[] Rows { get; }

    /// <summary>User id of each dense user index, ascending.</summary>
    public int[] UserIds { get; }

    /// <summary>Movie id of each dense item index, ascending.</summary>
    public int[] MovieIds { get; }

    public ItemFeatures Features { get; }

    /// <summary>The store's ratings revision the entries show; 0 for a data set.</summary>
    public long Revision { get; }

    public TrainingSet SetOf(ReadOnlySpan<RatingEntry> entries) => new(RatingMatrix.Build(UserIds.Length, MovieIds.Length, entries), Features);

    /// <summary>SHA-256 over ratings and what is known of the films, in hex: the same for the same data, whichever store it lies in.</summary>
    public string Fingerprint()
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<long> row = stackalloc long[4];
        foreach (var entry in Entries)
        {
            (row[0], row[1], row[2], row[3]) = (UserIds[entry.User], MovieIds[entry.Item], (long)(entry.Stars * 2), entry.Time);
            sha.AppendData(MemoryMarshal.AsBytes(row));
        }
        for (var item = 0; item < MovieIds.Length; item++)
            sha.AppendData(Encoding.UTF8.GetBytes(string.Join('\n', [.. Features.Genres[item], "", $"{Features.Years[item]}", .. Features.Tags[item], "\0"])));
        return Convert.ToHexStringLower(sha.GetHashAndReset());
    }

    /// <summary>A consistent snapshot of the store.</summary>
    public static Task<TrainingData> FromStoreAsync(Store store, CancellationToken cancellationToken = default)
        => store.ReadSnapshotAsync(async db =>
        {
            var revision = await db.ReadStateAsync(StoreState.RatingsRevision, cancellationToken);
            var movies = await db.Movies.ToDictionaryAsync(movie => movie.Id, cancellationToken);
            var tags = await db.MovieTags.Select(tag => new TagRow(0, tag.ViewerId, tag.MovieId, tag.Text, tag.TaggedAt)).ToListAsync(cancellationToken);
            var ratings = new List<RatingRow>();
            await foreach (var rating in db.Ratings.OrderBy(rating => rating.ViewerId).ThenBy(rating => rating.MovieId).AsAsyncEnumerable().WithCancellation(cancellationToken))
                ratings.Add(new(ratings.Count, rating.ViewerId, rating.MovieId, rating.HalfStars / 2f, rating.RatedAt));
            return Build(ratings, tags,
                id => movies[id] is var movie && movie.Genres.Length > 0 ? movie.Genres.Split('|') : [],
                id => movies[id].Year, revision);
        }, cancellationToken);

    /// <summary>Everything of a data set, without a store.</summary>
    /// <exception cref="InvalidInputException">A file is not what it claims to be, or no rating could be read.</exception>
    public static TrainingData FromDataSet(DataSet data, BadRows bad, CancellationToken cancellationToken = default)
    {
        var movies = data.Movies(bad).DistinctBy(movie => movie.Id).ToDictionary(movie => movie.Id);
        var ratings = new List<RatingRow>();
        foreach (var rating in data.Ratings(bad))
        {
            if (ratings.Count % 65536 == 0) cancellationToken.ThrowIfCancellationRequested();
            ratings.Add(rating);
        }
        if (ratings.Count == 0) throw new InvalidInputException($"No rating of '{data.Name}' could be read." + (bad.First.Count > 0 ? $" The first reason: {bad.First[0]}." : ""));
        return Build(ratings, data.Tags(bad),
            id => movies.TryGetValue(id, out var movie) && movie.Genres.Length > 0 ? movie.Genres.Split('|') : [],
            id => movies.GetValueOrDefault(id)?.Title.Year, revision: 0);
    }

    static TrainingData Build(List<RatingRow> ratings, IEnumerable<TagRow> tags, Func<int, IReadOnlyList<string>> genresOf, Func<int, int?> yearOf, long revision)
    {
        var users = ratings.Select(rating => rating.UserId).Distinct().Order().ToArray();
        var items = ratings.Select(rating => rating.MovieId).Distinct().Order().ToArray();
        var userIndex = IndexOf(users);
        var itemIndex = IndexOf(items);
        var entries = new RatingEntry[ratings.Count];
        var rows = new int[ratings.Count];
        for (var i = 0; i < entries.Length; i++)
        {
            var rating = ratings[i];
            entries[i] = new(userIndex[rating.UserId], itemIndex[rating.MovieId], rating.Stars, rating.Time);
            rows[i] = rating.Row;
        }
        var tagLists = tags.Where(tag => itemIndex.ContainsKey(tag.MovieId)).ToLookup(tag => tag.MovieId, tag => tag.Text.ToLowerInvariant());
        return new(entries, rows, users, items, new(
            [.. items.Select(genresOf)],
            [.. items.Select(yearOf)],
            [.. items.Select(id => (IReadOnlyList<string>)[.. tagLists[id]])]), revision);
    }

    static Dictionary<int, int> IndexOf(int[] ids)
    {
        var index = new Dictionary<int, int>(ids.Length);
        foreach (var id in ids) index.Add(id, index.Count);
        return index;
    }
}
