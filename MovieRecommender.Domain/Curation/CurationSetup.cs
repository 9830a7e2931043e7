using Microsoft.Extensions.DependencyInjection;

namespace MovieRecommender.Domain.Curation;

/// <summary>Registers what admins do with films and data.</summary>
public static class CurationSetup
{
    public static IServiceCollection AddCuration(this IServiceCollection services) => services.AddSingleton<FilmService>().AddSingleton<FilmMerger>().AddSingleton<DataStatistics>().AddSingleton<DataExport>();
}
