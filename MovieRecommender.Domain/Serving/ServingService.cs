using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Factorization;
using MovieRecommender.Domain.Models;
using MovieRecommender.Domain.Ratings;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Domain.Serving;

/// <summary>What is asked: how a viewer would like a film.</summary>
public readonly record struct UserAndMovie(int UserId, int MovieId);

/// <summary>A version that is available to programs.</summary>
/// <param name="Problem">Why it cannot answer, or null.</param>
public sealed record ServedVersion(int Version, string? Problem);

/// <summary>Which versions other programs may ask, and their answers. Stored ratings are folded in; nothing is stored.</summary>
public sealed class ServingService(Store store, ModelShelf shelf, LiveModel live, IOptions<ServingOptions> options)
{
    /// <summary>Versions besides the live one that have been asked for; each stays while it is available.</summary>
    readonly ConcurrentDictionary<int, ServingModel> _loaded = new();

    /// <summary>False: behave as if there were no such service.</summary>
    public bool IsEnabled => options.Value.Enabled;

    /// <summary>The available versions, newest first; the live one, if it is among them, answers requests that name none.</summary>
    public async Task<IReadOnlyList<int>> VersionsAsync(Caller caller, CancellationToken cancellationToken = default)
    {
        Require(caller);
        var versions = await store.ReadAsync(db => db.ModelVersions.OrderByDescending(version => version.Id).Select(version => version.Id).ToListAsync(cancellationToken), cancellationToken);
        List<int> available = [.. options.Value.Available(versions, live.Current?.Version)];
        foreach (var gone in _loaded.Keys.Except(available)) _loaded.TryRemove(gone, out _);
        return available;
    }

    /// <summary>The version that serves, which requests without a number mean.</summary>
    public int? Live => live.Current?.Version;

    /// <summary>Whether an available version can answer; it is loaded for that, so that the first prediction does not wait.</summary>
    public async Task<ServedVersion> StatusAsync(Caller caller, int version, CancellationToken cancellationToken = default)
    {
        Require(caller);
        try
        {
            await OpenAsync(version, cancellationToken);
            return new(version, null);
        }
        catch (InvalidInputException error)
        {
            return new(version, error.Message);
        }
    }

    /// <summary>Predicted stars on the scale 0 to 1, in the order of the questions. Unknown viewers and films get what is usual.</summary>
    /// <param name="version">One of <see cref="VersionsAsync"/>.</param>
    /// <exception cref="InvalidInputException">The version cannot be read.</exception>
    public async Task<double[]> PredictAsync(Caller caller, int version, IReadOnlyList<UserAndMovie> questions, CancellationToken cancellationToken = default)
    {
        Require(caller);
        var model = await OpenAsync(version, cancellationToken);
        var answers = new double[questions.Count];
        var people = questions.Select((question, position) => (question.UserId, question.MovieId, Position: position)).ToLookup(entry => entry.UserId);
        await store.ReadSnapshotAsync(async db =>
        {
            foreach (var person in people)
            {
                var history = await HistoryAsync(db, model, person.Key, cancellationToken);
                var predictions = new StarPrediction[person.Count()];
                model.Stars.Predict(history, [.. person.Select(entry => model.ItemOf(entry.MovieId))], predictions);
                var next = 0;
                foreach (var (_, _, position) in person) answers[position] = Math.Clamp((predictions[next++].Stars - 0.5) / 4.5, 0, 1);
            }
            return true;
        }, cancellationToken);
        return answers;
    }

    static async Task<RatedItem[]> HistoryAsync(AppDbContext db, ServingModel model, int viewer, CancellationToken cancellationToken)
    {
        var ratings = await db.Ratings.Where(rating => rating.ViewerId == viewer)
            .OrderBy(rating => rating.RatedAt).ThenBy(rating => rating.MovieId)
            .Select(rating => new { rating.MovieId, rating.HalfStars, rating.RatedAt }).ToListAsync(cancellationToken);
        return [.. ratings.Select(rating => new RatedItem(model.ItemOf(rating.MovieId), rating.HalfStars / 2f, rating.RatedAt)).Where(item => item.Item >= 0)];
    }

    async Task<ServingModel> OpenAsync(int version, CancellationToken cancellationToken)
    {
        if (live.Current is { } now && now.Version == version) return now;
        if (_loaded.TryGetValue(version, out var known)) return known;
        return _loaded[version] = await shelf.OpenAsync(version, cancellationToken);
    }

    void Require(Caller caller)
    {
        if (!IsEnabled) throw new NotFoundException("Serving:Enabled is off.");
        if (options.Value.RequireToken) caller.RequireAdmin();
    }
}
