using MovieRecommender.Domain.Training;

namespace MovieRecommender.Tests.Training;

/// <summary>Settings that cannot work are named, with what is allowed.</summary>
public sealed class TrainingOptionsTests
{
    static readonly TestClock Clock = new();

    public static TheoryData<string, TrainingOptions> Wrong => new()
    {
        { "Training:Schedule is 'every now and then'; allowed is a cron expression such as '0 3 * * *'", new() { Schedule = "every now and then" } },
        { "Training:Schedule is '0 3 * *'; allowed is", new() { Schedule = "0 3 * *" } },
        { "Training:Schedule is '61 3 * * *'; allowed is", new() { Schedule = "61 3 * * *" } },
        { "Training:Schedule is '0 0 30 2 *', which never comes", new() { Schedule = "0 0 30 2 *" } },
        { "Training:TimeZone is 'Middle-Earth'; allowed is an IANA time zone", new() { TimeZone = "Middle-Earth" } },
        { "Training:AfterChanges is -1; allowed is 0 (never) to 1,000,000,000", new() { AfterChanges = -1 } },
        { "Training:AfterChanges is 1000000001; allowed is", new() { AfterChanges = 1_000_000_001 } },
        { "Training:Algorithms names 'magic'; allowed are popularity, linear-autoencoder", new() { Algorithms = ["biased-mf", "magic"] } },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void WhatIsWrongIsNamed(string said, TrainingOptions options)
        => Assert.StartsWith(said, Assert.Single(Validate(options).Failures!), StringComparison.Ordinal);

    [Fact]
    public void EveryFaultIsNamedAtOnce()
        => Assert.Equal(3, Validate(new() { Schedule = "x", TimeZone = "y", AfterChanges = -1 }).Failures!.Count());

    [Theory]
    [InlineData("0 3 * * *", "2026-01-03T03:00:00")]
    [InlineData("*/5 * * * *", "2026-01-02T03:05:00")]
    [InlineData("0 30 4 * * ?", "2026-01-02T04:30:00")]
    [InlineData("  0 3 * * *  ", "2026-01-03T03:00:00")]
    public void ASoundScheduleIsFollowed(string schedule, string next)
    {
        var options = new TrainingOptions { Schedule = schedule };
        Assert.True(Validate(options).Succeeded);
        Assert.Equal(DateTimeOffset.Parse(next + "Z", System.Globalization.CultureInfo.InvariantCulture), options.Plan.NextRun(Clock.Now));
    }

    [Fact]
    public void TheScheduleKeepsToItsTimeZone()
        => Assert.Equal(new DateTimeOffset(2026, 1, 2, 18, 0, 0, TimeSpan.Zero), new TrainingOptions { TimeZone = "Asia/Tokyo" }.Plan.NextRun(Clock.Now)?.ToUniversalTime());

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    public void NoScheduleIsAllowed(string schedule)
    {
        var options = new TrainingOptions { Schedule = schedule };
        Assert.True(Validate(options).Succeeded);
        Assert.Null(options.Plan.NextRun(Clock.Now));
    }

    static Microsoft.Extensions.Options.ValidateOptionsResult Validate(TrainingOptions options) => new TrainingOptions.Validator(Clock).Validate(null, options);
}
