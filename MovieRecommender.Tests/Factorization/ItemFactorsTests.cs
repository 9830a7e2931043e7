using MovieRecommender.Domain.Factorization;

namespace MovieRecommender.Tests.Factorization;

/// <summary>Films' vectors from elsewhere in the place of a ranking, over a world whose right answer is known.</summary>
public sealed class ItemFactorsTests
{
    const int Films = 20;

    /// <summary>Even films in one direction, odd ones in the other; the last one is missing.</summary>
    static readonly ItemFactors Given = new([.. Enumerable.Range(1, Films - 1)], 2, [.. Enumerable.Range(0, Films - 1).SelectMany(film => film % 2 == 0 ? new[] { 1f, 0.1f } : [0.1f, 1f])]);

    static readonly ItemModel Model = new ItemFactorsTrainer(Given, [.. Enumerable.Range(1, Films)]).Train(ToyWorlds.Checkerboard(films: Films), null, CancellationToken.None);

    [Fact]
    public void LovingEvenFilmsBringsEvenFilms()
    {
        var scores = new float[Films];
        Model.Score([new(0, 5, 0), new(2, 5, 0), new(3, 1, 0)], scores);
        Assert.Equal(float.NegativeInfinity, scores[Films - 1]);
        Assert.All(Enumerable.Range(4, 14).Where(film => film % 2 == 0), even => Assert.True(scores[even] > scores[5]));
    }

    [Fact]
    public void WithoutAHistoryWhatMostPeopleLikeComesFirst()
    {
        var scores = new float[Films];
        Model.Score([new(99, 5, 0)], scores);
        Assert.All(scores[..^1], score => Assert.InRange(score, 0.1f, 1));
    }

    [Fact]
    public void AScoreIsTheSumOfItsParts()
    {
        RatedItem[] history = [new(0, 5, 0), new(99, 4, 0), new(3, 2.5f, 0), new(Films - 1, 5, 0)];
        var scores = new float[Films];
        Model.Score(history, scores);
        var parts = new float[history.Length];
        for (var film = 0; film < Films - 1; film++)
        {
            var rest = Model.Explain(history, film, parts);
            Assert.Equal(scores[film], rest + parts.Sum(), 1e-5f);
            Assert.Equal((0, 0), (parts[1], parts[3]));
        }
        Assert.Equal(float.NegativeInfinity, Model.Explain(history, Films - 1, parts));
    }

    [Fact]
    public void TheModelIsReadBackBitForBitAndGivesItsVectorsAway()
    {
        using var bytes = new MemoryStream();
        using (var writer = new BinaryWriter(bytes, System.Text.Encoding.UTF8, leaveOpen: true)) ItemModelFormat.Write(Model, writer);
        bytes.Position = 0;
        using var reader = new BinaryReader(bytes);
        var read = ItemModelFormat.Read(reader);
        float[] before = new float[Films], after = new float[Films];
        Model.Score([new(0, 5, 0)], before);
        read.Score([new(0, 5, 0)], after);
        Assert.Equal(before, after);
        var factors = read.Factors([.. Enumerable.Range(1, Films)])!;
        Assert.Equal(Given.MovieIds, factors.MovieIds);
        Assert.Equal(Given.Values, factors.Values);
    }

    [Fact]
    public void TheVectorsOfALearnedRankingTellWhatGoesTogether()
    {
        var learned = new LinearAutoencoderTrainer().Train(ToyWorlds.Checkerboard(films: Films), null, CancellationToken.None);
        var factors = learned.Factors([.. Enumerable.Range(1, Films)])!;
        factors.Validate();
        Assert.Equal(Enumerable.Range(1, Films), factors.MovieIds);
        Assert.True(Product(0, 4) > Product(0, 5));

        float Product(int one, int other) => Enumerable.Range(0, factors.Dimensions).Sum(i => factors.Values[(one * factors.Dimensions) + i] * factors.Values[(other * factors.Dimensions) + i]);
    }
}
