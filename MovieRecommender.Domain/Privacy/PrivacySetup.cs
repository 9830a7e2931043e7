using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MovieRecommender.Domain.Accounts;
using Quartz;

namespace MovieRecommender.Domain.Privacy;

/// <summary>Registers what is stored about people, what admins see of them, and forgetting it.</summary>
public static class PrivacySetup
{
    public static IServiceCollection AddPrivacy(this IServiceCollection services) => services.AddSingleton<PrivacyService>().AddSingleton<PersonalExport>().AddSingleton<PeopleService>();

    /// <summary>Forgets idle guests, daily and at start.</summary>
    public static IServiceCollection AddGuestPruning(this IServiceCollection services)
        => services.AddQuartz(quartz => quartz.ScheduleJob<ForgetIdleGuests>(trigger => trigger.WithSimpleSchedule(TimeSpan.FromDays(1))));
}

sealed partial class ForgetIdleGuests(PrivacyService privacy, IOptions<AccountOptions> options, ILogger<ForgetIdleGuests> logger) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        var forgotten = await privacy.ForgetGuestsAsync(Caller.Schedule, TimeSpan.FromDays(options.Value.GuestDays), cancellationToken);
        if (forgotten > 0) LogForgotten(forgotten, options.Value.GuestDays);
    }

    [LoggerMessage(LogLevel.Information, "Forgot {Guests} guests who had not been here for {Days} days")]
    partial void LogForgotten(int guests, int days);
}
