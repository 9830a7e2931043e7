namespace MovieRecommender.Domain.Models;

/// <summary>The one pointer to what serves. Swapped last, when everything else is on disk.</summary>
public sealed class LiveModel
{
    volatile Pointers _now = new(null, null);

    sealed record Pointers(ServingModel? Current, ModelSplit? Split);

    /// <summary>Null while no version has been published: then popularity serves.</summary>
    public ServingModel? Current => _now.Current;

    /// <summary>Null while everybody is served by <see cref="Current"/>.</summary>
    public ModelSplit? Split => _now.Split;

    /// <summary>What makes somebody's own lists.</summary>
    /// <param name="viewerId">Null for nobody in particular.</param>
    public ServingModel? For(int? viewerId)
    {
        var now = _now;
        return viewerId is { } viewer && now.Split is { } split && split.Includes(viewer) ? split.Candidate : now.Current;
    }

    /// <summary>Puts a version into service for everybody.</summary>
    internal void Swap(ServingModel model)
    {
        model.Ranking.Warm();
        _now = new(model, model.Version == Current?.Version ? Split : null);
    }

    /// <summary>Takes what serves out of service.</summary>
    internal void Clear() => _now = new(null, null);

    internal void Divide(ModelSplit? split)
    {
        split?.Candidate.Ranking.Warm();
        _now = _now with { Split = split };
    }
}
