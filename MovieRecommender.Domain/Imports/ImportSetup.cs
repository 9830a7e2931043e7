using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace MovieRecommender.Domain.Imports;

/// <summary>Registers imports: reader into the store, jobs and their worker.</summary>
public static class ImportSetup
{
    public static IServiceCollection AddImports(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<ImportOptions>, ImportOptions.Validator>();
        services.AddOptions<ImportOptions>().BindConfiguration(ImportOptions.Section).ValidateOnStart();
        services.AddSingleton<DataImporter>();
        services.AddSingleton<UploadFiles>();
        services.AddSingleton<ImportService>();
        services.AddSingleton<ImportWorker>();
        return services;
    }
}
