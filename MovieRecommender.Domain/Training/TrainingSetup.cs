using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Quartz;

namespace MovieRecommender.Domain.Training;

/// <summary>Registers training: service, worker and schedule.</summary>
public static class TrainingSetup
{
    static readonly TimeSpan CheckChangesEvery = TimeSpan.FromSeconds(30);

    public static IServiceCollection AddTraining(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<TrainingOptions>, TrainingOptions.Validator>();
        services.AddOptions<TrainingOptions>().BindConfiguration(TrainingOptions.Section).ValidateOnStart();
        services.AddSingleton<TrainingService>();
        services.AddSingleton<TrainingWorker>();
        return services;
    }

    /// <summary>Starts the worker and the schedule with the host.</summary>
    public static IServiceCollection AddTrainingSchedule(this IServiceCollection services, TrainingOptions options)
    {
        services.AddHostedService(provider => provider.GetRequiredService<TrainingWorker>());
        services.AddQuartz(quartz =>
        {
            quartz.ScheduleJob<RetrainAfterChanges>(trigger => trigger.WithSimpleSchedule(CheckChangesEvery));
            if (options.Cron is { } cron && TimeZoneInfo.TryFindSystemTimeZoneById(options.TimeZone, out var zone))
                quartz.ScheduleJob<RetrainOnSchedule>(trigger => trigger.WithCronSchedule(cron, schedule => schedule.InTimeZone(zone)));
        });
        services.AddQuartzHostedService();
        return services;
    }

    sealed class RetrainOnSchedule(TrainingService training) : IJob
    {
        public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
            => await training.RequestAsync(Accounts.Caller.Schedule, cancellationToken: cancellationToken);
    }

    sealed class RetrainAfterChanges(TrainingService training) : IJob
    {
        public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
            => await training.RequestIfDueAsync(cancellationToken);
    }
}
