using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Domain.Accounts;

/// <summary>Registers accounts and tokens.</summary>
public static class AccountSetup
{
    /// <summary>Shortest password. Length is what protects; rules about digits and capitals only make people write them down.</summary>
    public const int ShortestPassword = 10;

    public const int MostWrongPasswords = 10;

    /// <summary>How long an address is locked after <see cref="MostWrongPasswords"/>.</summary>
    public static readonly TimeSpan LockedFor = TimeSpan.FromMinutes(10);

    public static IdentityBuilder AddAccounts(this IServiceCollection services)
    {
        services.AddOptions<AccountOptions>().BindConfiguration(AccountOptions.Section)
            .Validate(options => options.GuestDays is >= 1 and <= 3650, "Accounts:GuestDays is out of range; allowed are 1 to 3650 days.").ValidateOnStart();
        services.AddScoped<AccountService>();
        services.AddSingleton<AdminActions>();
        services.AddSingleton<AccountRights>();
        services.AddSingleton<AccountFigures>();
        services.AddScoped<PasswordResets>();
        services.AddScoped<PasswordCheck>();
        services.AddScoped<Passkeys>();
        services.AddScoped<ExternalSignIn>();
        services.AddScoped<SecondFactor>();
        services.AddSingleton<UnknownAddresses>();
        services.AddSingleton<Sessions>();
        services.AddScoped<ApiTokens>();
        services.AddSingleton<FirstAdmin>();
        services.AddDataProtection().SetApplicationName("MovieRecommender").PersistKeysToDbContext<AppDbContext>();
        return services
            .AddIdentityCore<Account>(options =>
            {
                options.User.RequireUniqueEmail = true;
                // Length and guessing are the business of PasswordRules, in its own words.
                options.Password = new() { RequiredLength = 1, RequiredUniqueChars = 0, RequireDigit = false, RequireLowercase = false, RequireUppercase = false, RequireNonAlphanumeric = false };
                options.Lockout.MaxFailedAccessAttempts = MostWrongPasswords;
                options.Lockout.DefaultLockoutTimeSpan = LockedFor;
            })
            .AddRoles<IdentityRole<int>>()
            .AddEntityFrameworkStores<AppDbContext>()
            .AddPasswordValidator<PasswordRules>()
            .AddErrorDescriber<AccountFaults>()
            .AddClaimsPrincipalFactory<AccountClaimsFactory>()
            .AddDefaultTokenProviders();
    }
}
