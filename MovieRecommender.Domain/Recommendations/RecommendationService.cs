using System.Buffers;
using System.Diagnostics;
using System.Numerics.Tensors;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Catalog;
using MovieRecommender.Domain.Factorization;
using MovieRecommender.Domain.Models;
using MovieRecommender.Domain.Ratings;
using MovieRecommender.Domain.Ratings.Showings;

namespace MovieRecommender.Domain.Recommendations;

/// <summary>
/// A person's top 10: their ratings folded into the live model, what they know left out, the reasons worked out exactly.
/// Nothing about the person is kept between two calls, so every rating counts at once.
/// </summary>
public sealed class RecommendationService(LiveModel live, MovieCatalog catalog, RatingService ratings, MarkService marks, ShowingLog showings)
{
    const int Reasons = 3;
    const int MostPeople = 20;
    const int SurprisePool = 60;
    const float LikedStars = 3;

    /// <summary>How much of a dismissed film's pull on others is taken away from them.</summary>
    const float Aversion = 0.25f;

    /// <summary>The caller's own list, from their stored ratings.</summary>
    public async Task<RecommendationList> MineAsync(Caller caller, RecommendationQuery query, CancellationToken cancellationToken = default)
        => Mine(caller, await ratings.MineAsync(caller, cancellationToken), await marks.MineAsync(caller, cancellationToken), query);

    /// <summary>The caller's own list from what a page has read of theirs already; that it was shown is noted.</summary>
    public RecommendationList Mine(Caller caller, IReadOnlyList<ViewerRating> history, IReadOnlyDictionary<int, MarkKind> marked, RecommendationQuery query)
    {
        var list = Measured(live.For(caller.ViewerId), history, query.With(marked));
        showings.Note(caller, list.Version, [.. list.Items.Select(item => item.Film.Id)]);
        return list;
    }

    /// <summary>A list for any history; nothing is stored.</summary>
    /// <param name="history">Oldest first.</param>
    public RecommendationList For(IReadOnlyList<ViewerRating> history, RecommendationQuery query) => Measured(live.Current, history, query);

    /// <summary>The list that a version would make, whether or not it serves; nothing is stored or measured.</summary>
    public RecommendationList By(ServingModel model, IReadOnlyList<ViewerRating> history, RecommendationQuery query)
    {
        query.Validate();
        return Personal(model, history, query);
    }

    /// <summary>
    /// A list for several people at once. Each film counts by its average fit and by the fit of whoever likes it least in equal parts,
    /// so that nobody is outvoted (average and least misery; Masthoff 2004). What any of them knows is left out.
    /// </summary>
    /// <param name="people">Each person's history, oldest first; 1 to 20 people.</param>
    /// <exception cref="InvalidInputException">No people, or too many.</exception>
    public IReadOnlyList<GroupRecommendation> ForGroup(IReadOnlyList<IReadOnlyList<ViewerRating>> people, RecommendationQuery query)
    {
        query.Validate();
        if (people.Count is < 1 or > MostPeople) throw new InvalidInputException($"viewers has {people.Count} entries; allowed are 1 to {MostPeople}.");
        List<ViewerRating> together = [.. people.SelectMany(history => history)];
        if (live.Current is not { } model)
            return [.. Popular(together, query).Items.Select(item => new GroupRecommendation(item.Film, item.Score, 0, 0, []))];

        var known = KnownTo(together, query);
        var allowed = Allowed(model, known, query);
        var fits = people.Select(history => FitsOf(model, Items(model, history), allowed, query)).ToList();
        var scores = new float[model.MovieIds.Count];
        for (var item = 0; item < scores.Length; item++)
            scores[item] = (fits.Average(fit => fit[item]) + fits.Min(fit => fit[item])) / 2;

        var best = Candidates(model, scores, allowed, known, query.Count).ToArray();
        var items = Array.ConvertAll(best, candidate => candidate.Item);
        var stars = people.Select(history =>
        {
            var predicted = new StarPrediction[items.Length];
            model.Stars.Predict(Items(model, history), items, predicted);
            return predicted;
        }).ToList();
        return [.. best.Select((entry, i) => new GroupRecommendation(
            FilmOf(model, entry.Item), entry.Score, fits.Average(fit => fit[items[i]]), fits.Min(fit => fit[items[i]]),
            [.. fits.Select((fit, person) => new GroupMemberFit(fit[items[i]], stars[person][i].Stars))]))];
    }

    /// <summary>Films that people who love this one love too, best first.</summary>
    public IReadOnlyList<Film> SimilarTo(Film film, int count)
    {
        if (live.Current is not { } model || model.ItemOf(film.Id) < 0) return [];
        List<ViewerRating> loved = [new(film.Id, 5, 0)];
        var query = new RecommendationQuery { Count = count };
        query.Validate();
        var scores = new float[model.MovieIds.Count];
        model.Ranking.Score(Items(model, loved), scores);
        var known = KnownTo(loved, query);
        return [.. Candidates(model, scores, Allowed(model, known, query), known, count).ToArray().Select(candidate => FilmOf(model, candidate.Item))];
    }

    /// <summary>How films rank for a person, known ones included, for sorting a catalogue; null while only popularity serves.</summary>
    public Func<Film, double>? Liking(IReadOnlyList<ViewerRating> history)
    {
        if (live.Current is not { } model) return null;
        var scores = new float[model.MovieIds.Count];
        model.Ranking.Score(Items(model, history), scores);
        return film => model.ItemOf(film.Id) is >= 0 and var item ? scores[item] : double.NegativeInfinity;
    }

    /// <summary>Predicted stars for one film, or null while only popularity serves.</summary>
    public StarPrediction? Predict(IReadOnlyList<ViewerRating> history, int movieId) => Predict(history, [movieId])?[0];

    /// <summary>The stars to keep beside a rating that is about to be given: they later tell how good predictions are for this person. Null for who has not begun.</summary>
    public float? GuessBefore(IReadOnlyList<ViewerRating> history, int movieId) => history.Count == 0 ? null : Predict(history, movieId)?.Stars;

    /// <summary>Predicted stars for some films, in their order, or null while only popularity serves.</summary>
    public StarPrediction[]? Predict(IReadOnlyList<ViewerRating> history, IReadOnlyCollection<int> movieIds)
    {
        if (live.Current is not { } model) return null;
        var predictions = new StarPrediction[movieIds.Count];
        model.Stars.Predict(Items(model, history), [.. movieIds.Select(model.ItemOf)], predictions);
        return predictions;
    }

    RecommendationList Measured(ServingModel? model, IReadOnlyList<ViewerRating> history, RecommendationQuery query)
    {
        query.Validate();
        var began = Stopwatch.GetTimestamp();
        var list = model is null ? Popular(history, query) : Personal(model, history, query);
        AppMeter.Recommended(began);
        return list;
    }

    RecommendationList Personal(ServingModel model, IReadOnlyList<ViewerRating> history, RecommendationQuery query)
    {
        var items = Items(model, history);
        var room = ArrayPool<float>.Shared.Rent(model.MovieIds.Count);
        var scores = room.AsSpan(0, model.MovieIds.Count);
        model.Ranking.Score(items, scores);
        HoldBack(model, query.Dismissed, scores);
        Lean(model, scores, query);
        // What is known scores best of all; left out at once, it need not be asked for.
        foreach (var rated in items) scores[rated.Item] = float.NegativeInfinity;
        var known = KnownTo(history, query);
        var count = query.Surprise is null ? query.Count : Math.Max(query.Count, SurprisePool);
        var candidates = Candidates(model, scores, Allowed(model, known, query), known, Math.Max(count, Reranker.Candidates));
        ArrayPool<float>.Shared.Return(room);
        var stars = Reranker.Rerank(model.Stars, items, candidates, count);
        int[] places = query.Surprise is { } seed ? Drawn(stars.Length, query.Count, seed) : [.. Enumerable.Range(0, stars.Length)];
        var list = new List<Recommendation>(places.Length);
        var parts = new float[items.Length];
        foreach (var place in places)
        {
            var (item, score) = candidates[place];
            list.Add(new(FilmOf(model, item), score, stars[place].Stars, stars[place].Deviation, Because(model, items, item, parts)));
        }
        return new(list, model.Version, history.Count);
    }

    /// <summary>The best films that are allowed, each once.</summary>
    /// <param name="known">The films join them.</param>
    Span<ScoredItem> Candidates(ServingModel model, ReadOnlySpan<float> scores, Func<int, bool> allowed, HashSet<int> known, int count)
    {
        // Two entries may be the same film under two ids; a few candidates more make up for those that drop out.
        var candidates = new ScoredItem[Math.Min(scores.Length, count + 10)];
        var once = 0;
        foreach (var candidate in candidates.AsSpan(0, TopItems.Select(scores, allowed, candidates)))
        {
            if (known.Add(FilmOf(model, candidate.Item).SameAs)) candidates[once++] = candidate;
        }
        return candidates.AsSpan(0, Math.Min(once, count));
    }

    Film FilmOf(ServingModel model, int item) => catalog.Get(model.MovieIds[item]);

    /// <summary>Some of the places in a list, in their order.</summary>
    static int[] Drawn(int length, int count, int seed)
    {
        int[] places = [.. Enumerable.Range(0, length)];
        new Random(seed).Shuffle(places);
        return [.. places.Take(count).Order()];
    }

    /// <summary>Every film's score for one person as a share of what their ten best reach; scores of different people cannot be compared as they are.</summary>
    float[] FitsOf(ServingModel model, RatedItem[] items, Func<int, bool> allowed, RecommendationQuery query)
    {
        var scores = new float[model.MovieIds.Count];
        model.Ranking.Score(items, scores);
        Lean(model, scores, query);
        var best = new ScoredItem[Math.Min(10, scores.Length)];
        var found = TopItems.Select(scores, allowed, best);
        var scale = found == 0 ? 0 : best.AsSpan(0, found).ToArray().Average(item => item.Score);
        for (var item = 0; item < scores.Length; item++)
        {
            if (float.IsNegativeInfinity(scores[item])) continue;
            scores[item] = scale > 0 ? Math.Clamp(scores[item] / scale, 0, 1) : 0;
        }
        return scores;
    }

    /// <summary>The ratings that speak for an item, with their shares of all that does.</summary>
    /// <param name="parts">Room for a number for each rating.</param>
    List<Reason> Because(ServingModel model, RatedItem[] items, int item, Span<float> parts)
    {
        model.Ranking.Explain(items, item, parts);
        TensorPrimitives.Max(parts, 0, parts);
        var total = TensorPrimitives.Sum<float>(parts);
        LeaveOutUnliked(items, parts);
        var reasons = new List<Reason>(Reasons);
        while (reasons.Count < Reasons && TensorPrimitives.IndexOfMax<float>(parts) is >= 0 and var most && parts[most] > 0)
        {
            reasons.Add(new(FilmOf(model, items[most].Item), items[most].Stars, parts[most] / total));
            parts[most] = 0;
        }
        return reasons;
    }

    /// <summary>A film that was not liked speaks for others of its kind too, but nobody takes it for a reason: it is named only where nothing else speaks.</summary>
    static void LeaveOutUnliked(RatedItem[] items, Span<float> parts)
    {
        var liked = false;
        for (var i = 0; i < items.Length && !liked; i++) liked = items[i].Stars >= LikedStars && parts[i] > 0;
        if (!liked) return;
        for (var i = 0; i < items.Length; i++)
            if (items[i].Stars < LikedStars) parts[i] = 0;
    }

    /// <summary>The model is linear: what a film would add to others if it were loved can be taken away instead.</summary>
    static void HoldBack(ServingModel model, IReadOnlyCollection<int> dismissed, Span<float> scores)
    {
        var items = dismissed.Select(model.ItemOf).Where(item => item >= 0).Select(item => new RatedItem(item, 5, 0)).ToArray();
        if (items.Length == 0) return;
        var pull = new float[scores.Length];
        model.Ranking.Score(items, pull);
        for (var item = 0; item < scores.Length; item++)
            if (pull[item] > 0) scores[item] -= Aversion * pull[item];
    }

    /// <summary>Whether a film is in the running: in the catalogue still, as wanted, and not known.</summary>
    Func<int, bool> Allowed(ServingModel model, HashSet<int> known, RecommendationQuery query)
        => item => catalog.Find(model.MovieIds[item]) is { } film && !known.Contains(film.SameAs) && Fits(film, query);

    /// <summary>Leans towards or away from the familiar.</summary>
    void Lean(ServingModel model, Span<float> scores, RecommendationQuery query)
    {
        if (query.Popularity == 0) return;
        for (var item = 0; item < scores.Length; item++)
            // A factor on the positive score: a tenth power of the audience either way is a strong lean.
            if (scores[item] > 0 && catalog.Find(model.MovieIds[item]) is { } film)
                scores[item] *= MathF.Pow(film.RatingCount + 20, (float)query.Popularity * 0.5f);
    }

    RecommendationList Popular(IReadOnlyList<ViewerRating> history, RecommendationQuery query)
    {
        var known = KnownTo(history, query);
        var list = catalog.Films
            .Where(film => film.RatingCount > 0 && Fits(film, query))
            .Select(film => (Film: film, Score: film.RatingCount * Math.Max(0, film.AverageStars - 2.5)))
            .OrderByDescending(entry => entry.Score).ThenBy(entry => entry.Film.Id)
            .Where(entry => known.Add(entry.Film.SameAs))
            .Take(query.Count)
            .Select(entry => new Recommendation(entry.Film, entry.Score, null, null, []));
        return new([.. list], null, history.Count);
    }

    /// <summary>What a person knows or does not want, as <see cref="Film.SameAs"/>.</summary>
    HashSet<int> KnownTo(IReadOnlyList<ViewerRating> history, RecommendationQuery query)
    {
        // The films of the list will join them.
        var known = new HashSet<int>(history.Count + query.Without.Count + query.Dismissed.Count + query.Count);
        foreach (var rating in history) Add(rating.MovieId);
        foreach (var id in query.Without) Add(id);
        foreach (var id in query.Dismissed) Add(id);
        return known;

        void Add(int id)
        {
            if (catalog.Find(id) is { } film) known.Add(film.SameAs);
        }
    }

    static bool Fits(Film film, RecommendationQuery query)
        => !film.IsHidden
            && (query.Genre is null || film.Genres.Contains(query.Genre, StringComparer.OrdinalIgnoreCase))
            && (query.WithoutGenre is null || !film.Genres.Contains(query.WithoutGenre, StringComparer.OrdinalIgnoreCase))
            && (query.YearFrom is null || film.Year >= query.YearFrom)
            && (query.YearTo is null || film.Year <= query.YearTo);

    static RatedItem[] Items(ServingModel model, IReadOnlyList<ViewerRating> history)
    {
        var items = new List<RatedItem>(history.Count);
        foreach (var rating in history)
        {
            if (model.ItemOf(rating.MovieId) is >= 0 and var item) items.Add(new(item, (float)rating.Stars, rating.RatedAt));
        }
        return [.. items];
    }
}
