using MovieRecommender.Domain.Factorization;
using MovieRecommender.Domain.Factorization.MlNet;

namespace MovieRecommender.Tests.Factorization.MlNet;

/// <summary>What becomes of the factors that ML.NET's MatrixFactorization learns; the package itself is not needed.</summary>
public class MlNetFactorModelTests
{
    static MlNetFactorModel Model()
    {
        // Factor 0 is the same for all, factor 1 parts even from odd films.
        var factors = Enumerable.Range(0, 10).SelectMany(item => (float[])[1.5f, item % 2 == 0 ? 1 : -1]).ToArray();
        return new MlNetFactorModel(factors, [2, 0], 0.1f, 0.8f);
    }

    [Fact]
    public void APersonIsFoldedInAroundTheAverageOne()
    {
        var model = Model();
        var nobody = new StarPrediction[2];
        model.Predict([], [0, 1], nobody);
        Assert.Equal([3, 3], nobody.Select(prediction => prediction.Stars));
        var somebody = new StarPrediction[3];
        model.Predict([new(2, 5, 0), new(3, 1, 0), new(99, 1, 0)], [0, 1, 99], somebody);
        Assert.InRange(somebody[0].Stars, 4.5f, 5);
        Assert.InRange(somebody[1].Stars, 1, 1.5f);
        Assert.InRange(somebody[2].Stars, 0.5f, 5);
    }

    [Fact]
    public void PartsSumToTheScoreAndAFileKeepsEverything()
    {
        var model = Model();
        RatedItem[] history = [new(2, 5, 0), new(-1, 3, 0), new(3, 2, 0), new(4, 4, 0)];
        var scores = new float[10];
        model.Score(history, scores);
        var parts = new float[4];
        for (var item = 0; item < 10; item++)
            Assert.Equal(scores[item], model.Explain(history, item, parts) + parts.Sum(), 1e-4f);
        using var stream = new MemoryStream();
        ItemModelFormat.Write(model, new BinaryWriter(stream));
        stream.Position = 0;
        var again = new float[10];
        ItemModelFormat.Read(new BinaryReader(stream)).Score(history, again);
        Assert.Equal(scores, again);
        Assert.Throws<ArgumentException>(() => new MlNetFactorModel([1, 2, 3], [1, 1], 0.1f, 1));
    }
}
