using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Quartz;

namespace MovieRecommender.Domain.Training;

/// <summary>Registers training: service, worker and schedule.</summary>
public static class TrainingSetup
{
    static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(30);

    public static IServiceCollection AddTraining(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<TrainingOptions>, TrainingOptions.Validator>();
        services.AddOptions<TrainingOptions>().BindConfiguration(TrainingOptions.Section).ValidateOnStart();
        services.AddSingleton<TrainingSchedule>();
        services.AddSingleton<GivenFactors>();
        services.AddSingleton<TrainingService>();
        services.AddSingleton<TrainingWorker>();
        return services;
    }

    /// <summary>Starts the worker with the host, and looks now and then whether training is due: what the store says may change at any time.</summary>
    public static IServiceCollection AddTrainingSchedule(this IServiceCollection services)
    {
        services.AddHostedService(provider => provider.GetRequiredService<TrainingWorker>());
        services.AddQuartz(quartz => quartz.ScheduleJob<RetrainWhenDue>(trigger => trigger.WithSimpleSchedule(LookEvery)));
        services.AddQuartzHostedService();
        return services;
    }

    sealed class RetrainWhenDue(TrainingService training) : IJob
    {
        public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
            => await training.RequestIfDueAsync(cancellationToken);
    }
}
