using MovieRecommender.Domain;
using MovieRecommender.Domain.Factorization;
using MovieRecommender.Domain.Training;

namespace MovieRecommender.Tests.Training;

/// <summary>What an admin may choose: the options tell it of themselves, and what is not allowed is named.</summary>
public sealed class TrainingChoiceTests
{
    public static TheoryData<string, string[], string, double> Wrong => new()
    {
        { "There is no algorithm 'magic'; allowed are popularity, linear-autoencoder", ["magic"], "factors", 1 },
        { "cannot make a version: it needs one that ranks. Add linear-autoencoder.", ["biased-mf"], "factors", 1 },
        { "cannot make a version: it needs one that predicts stars. Add biased-mf or recommender-net", ["linear-autoencoder"], "factors", 1 },
        { "Options are given for biased-mf, which is not among the candidates", ["linear-autoencoder", "recommender-net"], "factors", 1 },
        { "biased-mf: factors is 0; 1 to 256 are allowed.", [], "factors", 0 },
        { "biased-mf: factors is NaN; 1 to 256 are allowed.", [], "factors", double.NaN },
        { "biased-mf: factors is 2.5; a whole number is allowed, 1 to 256.", [], "factors", 2.5 },
        { "biased-mf: there is no option 'colour'; allowed are factors, sweeps", [], "colour", 1 },
    };

    [Theory, MemberData(nameof(Wrong))]
    public void WhatIsNotAllowedIsNamed(string said, string[] algorithms, string option, double value)
    {
        var choice = new TrainingChoice(algorithms, new Dictionary<string, IReadOnlyDictionary<string, double>> { ["biased-mf"] = new Dictionary<string, double> { [option] = value } });
        Assert.Contains(said, Assert.Throws<InvalidInputException>(choice.Validate).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TwoOptionsThatDoNotGoTogetherAreRefused()
    {
        var choice = new TrainingChoice([], new Dictionary<string, IReadOnlyDictionary<string, double>> { ["recommender-net"] = new Dictionary<string, double> { ["patience"] = 3 } });
        Assert.Contains("stopping early needs a share above 0", Assert.Throws<InvalidInputException>(choice.Validate).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void EveryOptionOfEveryAlgorithmIsDescribedWithADefaultInItsRange()
    {
        foreach (var name in Trainers.Names)
        {
            var trainer = Trainers.Create(name).GetType();
            var options = trainer.Assembly.GetType(trainer.FullName!.Replace("Trainer", "Options", StringComparison.Ordinal))!;
            var settable = options.GetProperties().Where(property => property.CanWrite).Select(property => property.Name.ToLowerInvariant());
            Assert.Equal(settable, Trainers.OptionsOf(name).Select(option => option.Name.ToLowerInvariant()));
            Assert.All(Trainers.OptionsOf(name), option => Assert.True(option.Does.EndsWith('.') && option.Default >= option.Min && option.Default <= option.Max, option.Name));
        }
        Assert.Equal(0.16, Trainers.OptionsOf("biased-mf").Single(option => option.Name == "biasWeight").Default);
    }

    [Theory]
    [InlineData("", "no schedule")]
    [InlineData("0 3 * * *", "every night at 03:00")]
    [InlineData("30 14 * * *", "every day at 14:30")]
    [InlineData("5 22 * * 7", "every Sunday at 22:05")]
    [InlineData("0 */6 * * *", "every 6 hours, on the hour")]
    [InlineData("15 * * * *", "every hour, 15 minutes past")]
    [InlineData("0 */5 * * *", "the cron expression 0 */5 * * *")]
    [InlineData("0 0 3 ? * MON-FRI", "the cron expression 0 0 3 ? * MON-FRI")]
    public void ASchedulesWordsSayItAndMeanIt(string cron, string words)
    {
        var parsed = ScheduleWords.Parse(cron);
        Assert.Equal(words, $"{parsed}");
        var now = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
        Assert.Equal(Plan(cron).NextRuns(now, 3), Plan(parsed.ToCron()).NextRuns(now, 3));

        static TrainingPlan Plan(string schedule) => new() { Schedule = schedule, TimeZone = "UTC", AfterChanges = 0 };
    }

    [Fact]
    public void RunsKeepToTheTimeOfTheZoneAcrossAChangeOfClocks()
    {
        var plan = new TrainingPlan { Schedule = "0 3 * * *", TimeZone = "Europe/Berlin", AfterChanges = 0 };
        var next = plan.NextRuns(new(2026, 3, 28, 12, 0, 0, TimeSpan.Zero), 2);
        Assert.Equal(["2026-03-29T03:00:00.0000000+02:00", "2026-03-30T03:00:00.0000000+02:00"], next.Select(time => time.ToString("o")));
    }
}
