using MovieRecommender.Domain.Factorization;

namespace MovieRecommender.Tests.Factorization;

/// <summary>Every option does something, and a senseless one is refused by name.</summary>
public class TrainerOptionsTests
{
    public static TheoryData<string> AutoencoderOptions => [
        "MinRatings", "Regularization", "EarlyRegularization", "EarlyUntil", "Rank", "NextRank", "Passes", "Near", "NearSpan", "Period", "PeriodDays", "Next", "NextAfter", "NextRecency",
        "NextSpan", "NextFloor", "NextTaste", "PopularityDiscount", "Genre", "Tag", "Year", "Prior", "Seed"];

    [Theory, MemberData(nameof(AutoencoderOptions))]
    public void EveryAutoencoderOptionChangesTheModel(string option)
    {
        var start = new LinearAutoencoderOptions { Rank = 12, NextRank = 4 };
        var changed = option switch
        {
            "MinRatings" => start with { MinRatings = 70 },
            "Regularization" => start with { Regularization = 50 },
            "EarlyRegularization" => start with { EarlyRegularization = 900 },
            "EarlyUntil" => start with { EarlyUntil = 5 },
            "Rank" => start with { Rank = 8 },
            "NextRank" => start with { NextRank = 2 },
            "Passes" => start with { Passes = 4 },
            "Near" => start with { Near = 1 },
            "NearSpan" => start with { NearSpan = 2 },
            "Period" => start with { Period = 0 },
            "PeriodDays" => start with { PeriodDays = 0.1f },
            "Next" => start with { Next = 1 },
            "NextAfter" => start with { NextAfter = 2 },
            "NextRecency" => start with { NextRecency = 1 },
            "NextSpan" => start with { NextSpan = 3 },
            "NextFloor" => start with { NextFloor = 0.5f },
            "NextTaste" => start with { NextTaste = 1 },
            "PopularityDiscount" => start with { PopularityDiscount = 0.5f },
            "Genre" => start with { Genre = 1 },
            "Tag" => start with { Tag = 30 },
            "Year" => start with { Year = 1 },
            "Prior" => start with { Prior = 1 },
            _ => start with { Seed = 2 },
        };
        Different(new LinearAutoencoderTrainer(start), new LinearAutoencoderTrainer(changed));
    }

    public static TheoryData<string> FactorOptions => [
        "Factors", "Sweeps", "FactorPrecision", "Members", "DescriptionRidge",
        "AudienceRidge", "AudienceDiscount", "AudienceRank", "AudienceStrength", "DescriptionPart", "ChoiceRidge", "ChoiceDiscount", "ChoiceRank", "Neighbours",
        "NeighbourShrinkage", "NeighbourDamping", "RecentSpan", "FactorWeight", "BiasWeight", "NeighbourWeight", "RecentWeight", "Seed"];

    [Theory, MemberData(nameof(FactorOptions))]
    public void EveryFactorOptionChangesTheModel(string option)
    {
        var start = new BiasedMfOptions { Factors = 4, Sweeps = 3, Members = 1, AudienceRank = 8, ChoiceRank = 16 };
        var changed = option switch
        {
            "Factors" => start with { Factors = 3 },
            "Sweeps" => start with { Sweeps = 4 },
            "FactorPrecision" => start with { FactorPrecision = 3 },
            "Members" => start with { Members = 2 },
            "DescriptionRidge" => start with { DescriptionRidge = 100 },
            "AudienceRidge" => start with { AudienceRidge = 20 },
            "AudienceDiscount" => start with { AudienceDiscount = 1 },
            "AudienceRank" => start with { AudienceRank = 0 },
            "AudienceStrength" => start with { AudienceStrength = 0.5f },
            "DescriptionPart" => start with { DescriptionPart = 1 },
            "ChoiceRidge" => start with { ChoiceRidge = 20 },
            "ChoiceDiscount" => start with { ChoiceDiscount = 1 },
            "ChoiceRank" => start with { ChoiceRank = 0 },
            "Neighbours" => start with { Neighbours = 3 },
            "NeighbourShrinkage" => start with { NeighbourShrinkage = 10 },
            "NeighbourDamping" => start with { NeighbourDamping = 1 },
            "RecentSpan" => start with { RecentSpan = 5 },
            "FactorWeight" => start with { FactorWeight = 1 },
            "BiasWeight" => start with { BiasWeight = 0 },
            "NeighbourWeight" => start with { NeighbourWeight = 0 },
            "RecentWeight" => start with { RecentWeight = 0 },
            _ => start with { Seed = 2 },
        };
        Different(new BiasedMfTrainer(start), new BiasedMfTrainer(changed));
    }

    public static TheoryData<string> NetOptions => [
        "Size", "Epochs", "BatchSize", "LearningRate", "Penalty", "CatchUp", "ValidationShare", "FoldInRidge", "Seed"];

    [Theory, MemberData(nameof(NetOptions))]
    public void EveryNetOptionChangesTheModel(string option)
    {
        var start = RecommenderNetOptions.Article with { Size = 4, BatchSize = 16 };
        var changed = option switch
        {
            "Size" => start with { Size = 5 },
            "Epochs" => start with { Epochs = 6 },
            "BatchSize" => start with { BatchSize = 8 },
            "LearningRate" => start with { LearningRate = 0.01f },
            "Penalty" => start with { Penalty = 0.01f },
            "CatchUp" => start with { CatchUp = false },
            "ValidationShare" => start with { ValidationShare = 0.2 },
            "FoldInRidge" => start with { FoldInRidge = 3 },
            _ => start with { Seed = 2 },
        };
        Different(new RecommenderNetTrainer(start), new RecommenderNetTrainer(changed));
    }

    [Fact]
    public void AnOptionOutOfRangeIsNamedWithWhatIsAllowed()
    {
        var error = Assert.Throws<ArgumentException>(() =>
            new BiasedMfTrainer(new BiasedMfOptions { Factors = 0 }).Train(ToyWorlds.Checkerboard(), null, CancellationToken.None));
        Assert.Equal("Factors is 0; 1 to 256 are allowed.", error.Message);
        Assert.Throws<ArgumentException>(() =>
            new LinearAutoencoderTrainer(new LinearAutoencoderOptions { Regularization = float.NaN }).Train(ToyWorlds.Checkerboard(), null, CancellationToken.None));
    }

    static void Different(ITrainer one, ITrainer other)
    {
        var data = ToyWorlds.Checkerboard(people: 60, films: 24);
        Assert.NotEqual(Bytes(one.Train(data, null, CancellationToken.None)), Bytes(other.Train(data, null, CancellationToken.None)));
    }

    static byte[] Bytes(ItemModel model)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        ItemModelFormat.Write(model, writer);
        return stream.ToArray();
    }
}
