using System.Diagnostics.Metrics;
using MovieRecommender.Domain;
using MovieRecommender.Domain.Models;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Web.Api.Metrics;

/// <summary>Figures that are read when someone asks for them.</summary>
sealed class StoreGauges
{
    readonly Store _store;
    long _revision;

    public StoreGauges(Store store, LiveModel live)
    {
        _store = store;
        AppMeter.Meter.CreateObservableGauge("movierecommender.model.version",
            () => live.Current is { } model ? [new Measurement<int>(model.Version)] : Array.Empty<Measurement<int>>(), null, "The model version that serves; missing while popularity does.");
        AppMeter.Meter.CreateObservableGauge("movierecommender.ratings.revision",
            () => Volatile.Read(ref _revision), null, "Counts up with every new, changed or removed rating.");
    }

    /// <summary>Gauges are read where nothing can be awaited, so the database is asked before.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
        => Volatile.Write(ref _revision, await _store.ReadAsync(db => db.ReadStateAsync(StoreState.RatingsRevision, cancellationToken), cancellationToken));
}
