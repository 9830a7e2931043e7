using System.Numerics.Tensors;
using MovieRecommender.Domain.Factorization;

namespace MovieRecommender.Tests.Factorization;

/// <summary>What every trainer and its model promise.</summary>
public class TrainerContractTests
{
    public static TheoryData<string> Names => [.. Trainers.Names];

    public static TheoryData<string> Personal => [.. Trainers.Names.Where(name => name is not PopularityTrainer.AlgorithmName)];

    static ItemModel Train(string name, TrainingSet data) => Trainers.Create(name).Train(data, null, CancellationToken.None);

    static float[] Scores(ItemModel model, ReadOnlySpan<RatedItem> history)
    {
        var scores = new float[model.Items];
        model.Score(history, scores);
        return scores;
    }

    static byte[] Bytes(ItemModel model)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        ItemModelFormat.Write(model, writer);
        writer.Flush();
        return stream.ToArray();
    }

    [Theory, MemberData(nameof(Personal))]
    public void LearnsACheckerboardOfTastes(string name)
    {
        // Enough people to outweigh what the films' genres suggest.
        var data = ToyWorlds.Checkerboard(people: 160);
        var trainer = name is RecommenderNetTrainer.AlgorithmName
            ? new RecommenderNetTrainer(RecommenderNetOptions.Tuned with { Epochs = 60, LearningRate = 0.02f })
            : Trainers.Create(name);
        var model = trainer.Train(data, null, CancellationToken.None);
        RatedItem[] newcomer = [new(2, 5, 1), new(3, 1, 2), new(6, 5, 3), new(7, 1, 4), new(10, 5, 5), new(11, 1, 6)];
        var top = new ScoredItem[5];
        TopItems.Select(Scores(model, newcomer), [2, 3, 6, 7, 10, 11], top);
        Assert.All(top, film => Assert.Equal(0, film.Item % 2));
    }

    [Theory, MemberData(nameof(Names))]
    public async Task GivesTheSameBytesForTheSameDataOnAnyNumberOfThreads(string name)
    {
        var data = ToyWorlds.Checkerboard(people: 150, films: 60);
        var first = Bytes(Train(name, data));
        // A single-threaded scheduler makes every parallel loop below it run on one thread.
        var one = new ConcurrentExclusiveSchedulerPair(TaskScheduler.Default, maxConcurrencyLevel: 1).ExclusiveScheduler;
        var second = await Task.Factory.StartNew(() => Bytes(Train(name, data)), CancellationToken.None, TaskCreationOptions.None, one);
        Assert.Equal(first, second);
    }

    [Theory, MemberData(nameof(Names))]
    public void ReadsBackBitForBit(string name)
    {
        var data = ToyWorlds.Checkerboard();
        var model = Train(name, data);
        var bytes = Bytes(model);
        var loaded = ItemModelFormat.Read(new BinaryReader(new MemoryStream(bytes)));
        Assert.Equal(name, loaded.Algorithm);
        Assert.Equal(bytes, Bytes(loaded));
        Assert.Equal(Scores(model, data.Ratings.HistoryOf(3)), Scores(loaded, data.Ratings.HistoryOf(3)));
        Assert.ThrowsAny<IOException>(() => ItemModelFormat.Read(new BinaryReader(new MemoryStream(bytes, 0, bytes.Length / 2))));
    }

    [Fact]
    public void AModelOfAnotherFormatIsRefusedInOneLine()
    {
        // Format 1 began with the length of the algorithm's name.
        var old = Assert.Throws<InvalidDataException>(() => ItemModelFormat.Read(new BinaryReader(new MemoryStream("\tbiased-mf"u8.ToArray()))));
        Assert.Equal($"The model has format 1; this version reads format {ItemModelFormat.Version}. Train again to replace it.", old.Message);
        var bytes = Bytes(Train(PopularityTrainer.AlgorithmName, ToyWorlds.Checkerboard()));
        bytes[1] = 9;
        var later = Assert.Throws<InvalidDataException>(() => ItemModelFormat.Read(new BinaryReader(new MemoryStream(bytes))));
        Assert.Contains("format 9", later.Message);
    }

    [Theory]
    [InlineData(LinearAutoencoderTrainer.AlgorithmName)]
    [InlineData(ItemFactorsTrainer.AlgorithmName)]
    public void ADamagedSizeMakesNoRoomForBillionsOfFilms(string algorithm)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(ItemModelFormat.Marker);
        writer.Write(ItemModelFormat.Version);
        writer.Write(algorithm);
        writer.WriteArray<int>([0, 1]);
        writer.Write(int.MaxValue);
        stream.Position = 0;
        var error = Assert.Throws<InvalidDataException>(() => ItemModelFormat.Read(new BinaryReader(stream)));
        Assert.Equal($"The model is damaged: a catalogue of {int.MaxValue} films.", error.Message);
    }

    [Theory, MemberData(nameof(Names))]
    public void ExplainsEveryScoreExactly(string name)
    {
        var data = ToyWorlds.Checkerboard();
        var model = Train(name, data);
        foreach (var length in (int[])[0, 1, 3, 12])
        {
            var history = data.Ratings.HistoryOf(5)[..length];
            var scores = Scores(model, history);
            var parts = new float[length];
            for (var item = 0; item < model.Items; item++)
            {
                var rest = model.Explain(history, item, parts);
                if (float.IsNegativeInfinity(scores[item]))
                    continue;
                var scale = Math.Abs(rest) + TensorPrimitives.SumOfMagnitudes<float>(parts) + 1e-3f;
                Assert.Equal(scores[item], rest + parts.Sum(), 2e-4f * scale);
            }
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void IgnoresFilmsItDoesNotKnow(string name)
    {
        var data = ToyWorlds.Checkerboard();
        var model = Train(name, data);
        RatedItem[] known = [new(0, 5, 10), new(2, 4, 20)];
        RatedItem[] withStrangers = [new(-1, 5, 5), new(0, 5, 10), new(999, 1, 15), new(2, 4, 20)];
        Assert.Equal(Scores(model, known), Scores(model, withStrangers));
        if (model is not StarModel stars)
            return;
        var predictions = new StarPrediction[2];
        stars.Predict(known, [999, -1], predictions);
        Assert.All(predictions, prediction => Assert.InRange(prediction.Stars, 0.5f, 5f));
    }

    [Theory, MemberData(nameof(Names))]
    public void StaysFiniteInOddWorlds(string name)
    {
        TrainingSet[] worlds =
        [
            ToyWorlds.Of(0, 0, []),
            ToyWorlds.Of(3, 4, []),
            ToyWorlds.Of(1, 1, [new(0, 0, 4, 1)]),
            ToyWorlds.Of(9, 1, [.. Enumerable.Range(0, 9).Select(user => new RatingEntry(user, 0, 3, user))]),
            ToyWorlds.Of(1, 9, [.. Enumerable.Range(0, 9).Select(item => new RatingEntry(0, item, 3, 0))]),
            ToyWorlds.Of(12, 12, [.. Enumerable.Range(0, 144).Select(i => new RatingEntry(i / 12, i % 12, 5, 7))]),
        ];
        foreach (var world in worlds)
        {
            var model = Train(name, world);
            RatedItem[] history = world.Ratings.Items == 0 ? [] : [new(0, 5, 1)];
            Assert.DoesNotContain(Scores(model, []), float.IsNaN);
            Assert.DoesNotContain(Scores(model, history), float.IsNaN);
            if (model is not StarModel stars)
                continue;
            var predictions = new StarPrediction[1];
            stars.Predict(history, [0], predictions);
            Assert.InRange(predictions[0].Stars, 0.5f, 5f);
            Assert.True(float.IsFinite(predictions[0].Deviation));
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void TakesAHistoryOfTenThousand(string name)
    {
        var model = Train(name, ToyWorlds.Checkerboard(people: 30, films: 12_000 / 100));
        var history = Enumerable.Range(0, 10_000).Select(i => new RatedItem(i % 200, 1 + (i % 5), i)).ToArray();
        Assert.DoesNotContain(Scores(model, history), float.IsNaN);
    }

    [Theory, MemberData(nameof(Names))]
    public void ReportsRisingProgressToTheEnd(string name)
    {
        var seen = new List<TrainingProgress>();
        Trainers.Create(name).Train(ToyWorlds.Checkerboard(), new Recorder(seen), CancellationToken.None);
        Assert.NotEmpty(seen);
        Assert.Equal(seen.Select(step => step.Fraction).Order(), seen.Select(step => step.Fraction));
        Assert.InRange(seen[0].Fraction, 0, 1);
        Assert.Equal(1, seen[^1].Fraction, 1e-9);
    }

    [Theory, MemberData(nameof(Names))]
    public void StopsWhenCancelled(string name)
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => Trainers.Create(name).Train(ToyWorlds.Checkerboard(), null, source.Token));
    }

    [Theory, MemberData(nameof(Personal))]
    public void StopsBeforeItsNextReportWhenCancelledOnTheWay(string name)
    {
        using var source = new CancellationTokenSource();
        var seen = new List<TrainingProgress>();
        var progress = new Recorder(seen, source);
        Assert.ThrowsAny<OperationCanceledException>(() => Trainers.Create(name).Train(ToyWorlds.Checkerboard(), progress, source.Token));
        Assert.Single(seen);
    }

    [Theory, MemberData(nameof(Names))]
    public void ARowIsPredictedAlikeInAnyCompany(string name)
    {
        var data = ToyWorlds.Checkerboard();
        if (Train(name, data) is not StarModel model)
            return;
        var history = data.Ratings.HistoryOf(7);
        var together = new StarPrediction[model.Items];
        model.Predict(history, [.. Enumerable.Range(0, model.Items)], together);
        var alone = new StarPrediction[1];
        for (var item = 0; item < model.Items; item++)
        {
            model.Predict(history, [item], alone);
            Assert.Equal(together[item], alone[0]);
        }
        var reversed = new StarPrediction[3];
        model.Predict(history, [9, 4, 9], reversed);
        Assert.Equal([together[9], together[4], together[9]], reversed);
    }

    [Theory, MemberData(nameof(Names))]
    public void AnswersSomeoneWithoutRatings(string name)
    {
        var model = Train(name, ToyWorlds.Checkerboard());
        Assert.All(Scores(model, []), score => Assert.True(float.IsFinite(score)));
        if (model is not StarModel stars)
            return;
        var predictions = new StarPrediction[model.Items];
        stars.Predict([], [.. Enumerable.Range(0, model.Items)], predictions);
        Assert.All(predictions, prediction => Assert.InRange(prediction.Stars, 2, 4));
        Assert.All(predictions, prediction => Assert.InRange(prediction.Deviation, 0.1f, 4));
    }

    [Theory, MemberData(nameof(Names))]
    public void GivesTheSameBytesAgain(string name)
    {
        var data = ToyWorlds.Checkerboard(people: 150, films: 60);
        var first = Bytes(Train(name, data));
        Assert.Equal(first, Bytes(Train(name, data)));
        Assert.Equal(first, Bytes(Train(name, data)));
    }

    [Fact]
    public void AnUnknownNameIsAnsweredWithTheKnownOnes()
    {
        var error = Assert.Throws<ArgumentException>(() => Trainers.Create("magic"));
        Assert.Contains("'magic'", error.Message);
        Assert.All(Trainers.Names, name => Assert.Contains(name, error.Message));
    }

    sealed class Recorder(List<TrainingProgress> seen, CancellationTokenSource? cancels = null) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            seen.Add(value);
            cancels?.Cancel();
        }
    }
}
