using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Backups;
using MovieRecommender.Domain.Boot;
using MovieRecommender.Domain.Catalog;
using MovieRecommender.Domain.Catalog.MovieLens;
using MovieRecommender.Domain.Curation;
using MovieRecommender.Domain.Imports;
using MovieRecommender.Domain.Models;
using MovieRecommender.Domain.Privacy;
using MovieRecommender.Domain.Ratings;
using MovieRecommender.Domain.Ratings.Histories;
using MovieRecommender.Domain.Ratings.Showings;
using MovieRecommender.Domain.Recommendations;
using MovieRecommender.Domain.Recommendations.Nights;
using MovieRecommender.Domain.Recommendations.Taste;
using MovieRecommender.Domain.Serving;
using MovieRecommender.Domain.Storage;
using MovieRecommender.Domain.Training;

namespace MovieRecommender.Domain;

/// <summary>Registers every room.</summary>
public static class DomainSetup
{
    /// <summary>All services, for the app and for the command-line verbs; nothing starts by itself.</summary>
    /// <param name="storeDirectory">Absolute path of the store's folder.</param>
    public static IServiceCollection AddDomain(this IServiceCollection services, string storeDirectory)
    {
        services.AddSingleton(TimeProvider.System);
        services.AddStore(storeDirectory);
        services.AddSingleton<ChangeFeed>();
        services.AddSingleton<Readiness>();

        services.AddAccounts();

        services.AddOptions<CatalogOptions>().BindConfiguration(CatalogOptions.Section);
        services.AddSingleton<MovieCatalog>();
        services.AddHttpClient<DataSources>().ConfigurePrimaryHttpMessageHandler(provider => new OutboundGuard(provider.GetRequiredService<IOptions<CatalogOptions>>().Value, OutboundLimits.Default));
        services.AddImports();
        services.AddSingleton<BackupService>();

        services.AddSingleton<RatingService>();
        services.AddSingleton<MarkService>();
        services.AddSingleton<ShowingLog>();
        services.AddSingleton<OnlineQuality>();
        services.AddSingleton<HistoryService>();
        services.AddSingleton<HistoryExport>();
        services.AddSingleton<LiveModel>();
        services.AddSingleton<ModelShelf>();
        services.AddSingleton<VersionExport>();
        services.AddSingleton<RecommendationService>();
        services.AddSingleton<VersionPreview>();
        services.AddSingleton<WatchlistService>();
        services.AddSingleton<TasteService>();
        services.AddSingleton<NightService>();
        services.AddCuration();
        services.AddPrivacy();
        services.AddServing();
        services.AddTraining();
        services.AddSingleton<FirstLoad>();
        return services;
    }

    /// <summary>What runs in the background of the app: the first load, imports, the training worker and its schedule.</summary>
    public static IServiceCollection AddDomainBackground(this IServiceCollection services)
    {
        services.AddHostedService(provider => provider.GetRequiredService<FirstLoad>());
        services.AddHostedService(provider => provider.GetRequiredService<ImportWorker>());
        services.AddHostedService<ShowingWriter>();
        services.AddTrainingSchedule();
        services.AddGuestPruning();
        return services;
    }
}
