using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace MovieRecommender.Domain.Serving;

/// <summary>Registers predictions for other programs.</summary>
public static class ServingSetup
{
    public static IServiceCollection AddServing(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<ServingOptions>, ServingOptions.Validator>();
        services.AddOptions<ServingOptions>().BindConfiguration(ServingOptions.Section).ValidateOnStart();
        services.AddSingleton<ServingService>();
        return services;
    }
}
