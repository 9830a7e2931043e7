using MovieRecommender.Domain;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Models;
using MovieRecommender.Domain.Models.Exchange;
using MovieRecommender.Domain.Ratings;
using MovieRecommender.Domain.Storage;
using MovieRecommender.Domain.Training;
using MovieRecommender.Tests.Imports;

namespace MovieRecommender.Tests.Training;

/// <summary>Runs over a real store with a small community of two opposite tastes.</summary>
public sealed class TrainingServiceTests : IAsyncLifetime
{
    static readonly string[] Algorithms = ["linear-autoencoder", "biased-mf"];
    readonly SmallData _data = new();
    TestStore _store = null!;
    TrainingService _training = null!;

    public async Task InitializeAsync()
    {
        _store = await TestStore.CreateAsync("Training:AfterChanges=3");
        await _store.ImportAsync(_data.Folder(SmallData.Opposites()));
        _training = _store.Get<TrainingService>();
    }

    [Fact]
    public async Task ARunPublishesAVersionThatServes()
    {
        var run = await TrainAsync();
        Assert.True(run.State == RunState.Published, run.Outcome);
        Assert.Equal((1, 1), (run.VersionId, _store.Get<LiveModel>().Current?.Version));
        Assert.True(File.Exists(Path.Combine(_store.Paths.Models, "1.model")));
        Assert.Equal(1, _store.Count("SELECT COUNT(*) FROM ModelVersions WHERE Id = 1"));
        Assert.Equal("linear-autoencoder+biased-mf", TrainingService.ScorecardOf(run)!.ChampionRanking);
        var status = await _training.StatusAsync(Caller.Operator);
        Assert.Equal(0, status.Changes);
    }

    [Fact]
    public async Task PressesJoinTheRunThatIsOpen()
    {
        var pressed = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => Task.Run(() => _training.RequestAsync(Caller.Operator))));
        Assert.Single(pressed, press => press.IsNew);
        Assert.Single(pressed.Select(press => press.Run.Id).Distinct());
        Assert.Equal(1, _store.Count("SELECT COUNT(*) FROM TrainingRuns"));

        await CarryOutAsync(pressed[0].Run);
        Assert.True((await _training.RequestAsync(Caller.Operator)).IsNew);
    }

    [Fact]
    public async Task ARequestSentAgainUnderItsKeyBringsItsRunEvenWhenThatIsOver()
    {
        var (first, isNew) = await _training.RequestAsync(Caller.Operator, key: RequestKey.Of("one"));
        var (joined, _) = await _training.RequestAsync(Caller.Operator, key: RequestKey.Of("two"));
        await _training.CancelAsync(Caller.Operator, first.Id);
        Assert.Equal((true, first.Id), (isNew, joined.Id));
        foreach (var key in new[] { "one", "two" }) Assert.Equal((first.Id, false), await AgainAsync(key));
        var conflict = await Assert.ThrowsAsync<ConflictException>(() => _training.RequestAsync(Caller.Operator, choice: TrainingChoice.Of(Algorithms), key: RequestKey.Of("one")));
        Assert.StartsWith("The Idempotency-Key 'one' was sent with another request.", conflict.Message, StringComparison.Ordinal);
        Assert.Equal(1, _store.Count("SELECT COUNT(*) FROM TrainingRuns"));

        // Long after, the key is free again.
        Assert.Equal((first.Id + 1, true), await AgainAsync("three"));
        _store.Clock.Now += RequestKey.Kept + TimeSpan.FromSeconds(1);
        Assert.Equal((first.Id + 1, false), await AgainAsync("four"));
        Assert.Equal(1, _store.Count("SELECT COUNT(*) FROM KeptRequests"));

        async Task<(int Run, bool IsNew)> AgainAsync(string key)
        {
            var (run, isNew) = await _training.RequestAsync(Caller.Operator, key: RequestKey.Of(key));
            return (run.Id, isNew);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("é")]
    public void AKeyIsVisibleCharacters(string key)
        => Assert.StartsWith($"Idempotency-Key is '{key}'; allowed are 1 to 100", Assert.Throws<InvalidInputException>(() => RequestKey.Of(key)).Message, StringComparison.Ordinal);

    [Fact]
    public async Task ARunCancelledBeforeItBeginsNeverDoes()
    {
        var (run, _) = await _training.RequestAsync(Caller.Operator);
        Assert.Equal(RunState.Cancelled, (await _training.CancelAsync(Caller.Operator, run.Id)).State);
        await CarryOutAsync(run);
        run = await _training.GetAsync(Caller.Operator, run.Id);
        Assert.Equal((RunState.Cancelled, "Cancelled by the command line before it began."), (run.State, run.Outcome));
        Assert.Null(_store.Get<LiveModel>().Current);
        // Once more, now that it is long over.
        Assert.Equal(RunState.Cancelled, (await _training.CancelAsync(Caller.Operator, run.Id)).State);
    }

    [Fact]
    public async Task ARunCancelledHalfWayLeavesTheOldModelServing()
    {
        await TrainAsync();
        var serving = _store.Get<LiveModel>().Current;
        var (run, _) = await _training.RequestAsync(Caller.Operator);
        var cancelled = new TaskCompletionSource();
        using var watch = _store.Get<ChangeFeed>().Subscribe(ChangeFeed.Training, () =>
        {
            if (_training.Progress(Caller.Operator)?.RunId == run.Id && cancelled.TrySetResult()) _training.CancelAsync(Caller.Operator, run.Id).GetAwaiter().GetResult();
        });
        await CarryOutAsync(run);
        run = await _training.GetAsync(Caller.Operator, run.Id);
        Assert.Equal((RunState.Cancelled, "Cancelled by an admin."), (run.State, run.Outcome));
        Assert.Same(serving, _store.Get<LiveModel>().Current);
        Assert.Equal(1, _store.Count("SELECT COUNT(*) FROM ModelVersions"));
        Assert.Null(_training.Progress(Caller.Operator));
    }

    [Fact]
    public async Task AFailedRunSaysWhyAndLeavesTheOldModelServing()
    {
        await TrainAsync();
        var serving = _store.Get<LiveModel>().Current;
        // No model can be written where the folder should be.
        Directory.Move(_store.Paths.Models, _store.Paths.Models + ".aside");
        await File.WriteAllTextAsync(_store.Paths.Models, "in the way");
        var run = await TrainAsync();
        Assert.Equal(RunState.Failed, run.State);
        Assert.StartsWith("It failed: ", run.Outcome, StringComparison.Ordinal);
        Assert.Same(serving, _store.Get<LiveModel>().Current);
        Assert.Equal(1, _store.Count("SELECT COUNT(*) FROM ModelVersions"));

        File.Delete(_store.Paths.Models);
        Directory.Move(_store.Paths.Models + ".aside", _store.Paths.Models);
        Assert.Equal(2, (await TrainAsync()).VersionId);
    }

    [Fact]
    public async Task CandidatesThatCannotMakeAVersionFailWithTheReason()
    {
        var run = await TrainAsync("biased-mf");
        Assert.Equal(RunState.Failed, run.State);
        Assert.Contains("it needs one that ranks and one that predicts stars", run.Outcome, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ARunThatAKilledProcessLeftOpenIsClosedButNotOneThatAnotherProcessCarriesOut()
    {
        var (run, _) = await _training.RequestAsync(Caller.Operator);
        await _store.Get<Store>().WriteAsync(async db => (await db.TrainingRuns.FindAsync(run.Id))!.State = RunState.Running);
        var worker = _store.Get<TrainingWorker>();
        await using (await FileLock.AcquireAsync(_store.Paths.TrainingLock, CancellationToken.None))
        {
            await worker.CloseAbandonedRunsAsync(CancellationToken.None);
            Assert.Equal(RunState.Running, (await _training.GetAsync(Caller.Operator, run.Id)).State);
        }
        await worker.CloseAbandonedRunsAsync(CancellationToken.None);
        run = await _training.GetAsync(Caller.Operator, run.Id);
        Assert.Equal((RunState.Failed, "The app stopped while this run was training."), (run.State, run.Outcome));
        Assert.True((await _training.RequestAsync(Caller.Operator)).IsNew);
    }

    [Fact]
    public async Task EnoughChangesAskForARunOnce()
    {
        await TrainAsync();
        var guest = await _store.NewGuestAsync();
        var ratings = _store.Get<RatingService>();
        await ratings.RateAsync(guest, 1, 4);
        // The same film again: an edited rating is a change like any other.
        await ratings.RateAsync(guest, 1, 2);
        await _training.RequestIfDueAsync(CancellationToken.None);
        Assert.Equal(1, _store.Count("SELECT COUNT(*) FROM TrainingRuns"));
        Assert.Equal(2, (await _training.StatusAsync(Caller.Operator)).Changes);

        await ratings.RateAsync(guest, 2, 4);
        await _training.RequestIfDueAsync(CancellationToken.None);
        await _training.RequestIfDueAsync(CancellationToken.None);
        var due = (await _training.ListAsync(Caller.Operator))[0];
        Assert.Equal((2, "3 new or changed ratings"), (due.Id, due.RequestedBy));
        await CarryOutAsync(due);
        await _training.RequestIfDueAsync(CancellationToken.None);
        Assert.Equal(2, _store.Count("SELECT COUNT(*) FROM TrainingRuns"));
    }

    [Fact]
    public async Task AChoiceIsTrainedAsAskedAndRunsAreComparedOnTheSameDataOnly()
    {
        var first = await TrainAsync();
        var options = new Dictionary<string, IReadOnlyDictionary<string, double>> { ["biased-mf"] = new Dictionary<string, double> { ["Factors"] = 3, ["members"] = 1 } };
        var (run, _) = await _training.RequestAsync(Caller.Operator, choice: new(["linear-autoencoder", "biased-mf"], options));
        // Who does not choose joins; who chooses something else is told.
        Assert.Equal(run.Id, (await _training.RequestAsync(Caller.Operator)).Run.Id);
        var conflict = await Assert.ThrowsAsync<ConflictException>(() => _training.RequestAsync(Caller.Operator, choice: TrainingChoice.Of(Algorithms)));
        Assert.Contains("Run 2 is under way with other choices", conflict.Message, StringComparison.Ordinal);
        await CarryOutAsync(run, "nothing", "of", "this");
        run = await _training.GetAsync(Caller.Operator, run.Id);
        Assert.True(run.State is RunState.Published or RunState.Kept, run.Outcome);

        var beside = await _training.CompareAsync(Caller.Operator, first.Id, run.Id);
        Assert.True(beside.Comparable);
        Assert.Equal([new("biased-mf", "factors", 32, 3), new("biased-mf", "members", 2, 1)], beside.Differences);
        Assert.Contains(beside.Stars, row => row is { Name: "biased-mf", One: not null, Other: not null } && row.One.Rmse != row.Other.Rmse);

        var guest = await _store.NewGuestAsync();
        await _store.Get<RatingService>().RateAsync(guest, 1, 4);
        var third = await TrainAsync();
        // The third judged what served meanwhile on its own held-out ratings, and nothing else.
        var card = TrainingService.ScorecardOf(third)!;
        var (served, unserved) = card.LiveVersion == first.VersionId ? (first, run) : (run, first);
        beside = await _training.CompareAsync(Caller.Operator, unserved.Id, third.Id);
        Assert.Equal((false, 0, 0), (beside.Comparable, beside.Lists.Count, beside.Stars.Count));
        Assert.Contains($"run {unserved.Id} from", beside.Says, StringComparison.Ordinal);
        beside = await _training.CompareAsync(Caller.Operator, third.Id, served.Id);
        Assert.True(beside.Comparable);
        Assert.Equal(card.LiveRanking, Assert.Single(beside.Lists).Other);
    }

    [Fact]
    public async Task AStoredPlanStandsAboveTheConfigurationAndIsKeptTo()
    {
        var schedule = _store.Get<TrainingSchedule>();
        Assert.Equal(new TrainingPlan { Schedule = "0 3 * * *", TimeZone = "UTC", AfterChanges = 3 }, await schedule.ReadAsync(Caller.Operator));
        var never = await Assert.ThrowsAsync<InvalidInputException>(() => schedule.SetAsync(Caller.Operator, new() { Schedule = "0 0 30 2 *", TimeZone = "UTC", AfterChanges = 0 }));
        Assert.Equal("schedule is '0 0 30 2 *', which never comes; allowed is a cron expression with a next time.", never.Message);

        // It is 03:04:05 in London.
        var plan = new TrainingPlan { Schedule = "5 3 * * *", TimeZone = "Europe/London", AfterChanges = 0 };
        await schedule.SetAsync(Caller.Operator, plan);
        Assert.Equal(plan, await schedule.ReadAsync(Caller.Operator));
        Assert.Equal(1, _store.Count("SELECT COUNT(*) FROM AdminActions WHERE What = 'set training to' AND \"On\" = 'every night at 03:05 (Europe/London), whatever changes'"));
        await _training.RequestIfDueAsync(CancellationToken.None);
        Assert.Empty(await _training.ListAsync(Caller.Operator));
        _store.Clock.Now += TimeSpan.FromMinutes(1);
        await _training.RequestIfDueAsync(CancellationToken.None);
        Assert.Equal("the schedule", Assert.Single(await _training.ListAsync(Caller.Operator)).RequestedBy);
        await _training.CancelAsync(Caller.Operator, 1);
        await _training.RequestIfDueAsync(CancellationToken.None);
        Assert.Single(await _training.ListAsync(Caller.Operator));
    }

    [Fact]
    public async Task VectorsTrainedElsewhereServeOnlyWhenTheGateLetsThem()
    {
        // Even films in one direction, odd ones in the other: what the two tastes are.
        var run = await JudgeAsync(films: 20);
        Assert.True(run.State == RunState.Published, run.Outcome);
        var serving = _store.Get<LiveModel>().Current!;
        Assert.Equal("item-factors", serving.Ranking.Algorithm);
        var card = TrainingService.ScorecardOf(run)!;
        Assert.Equal("item-factors+biased-mf", card.ChampionRanking);
        Assert.Equal(["item-factors", "biased-mf", "popularity", "item-factors+biased-mf"], card.Ranking.Select(row => row.Algorithm));

        // Lists of two films are worse, however well those are chosen.
        run = await JudgeAsync(films: 2);
        Assert.True(run.State == RunState.Kept, run.Outcome);
        Assert.Same(serving, _store.Get<LiveModel>().Current);
        Assert.Empty(Directory.GetFiles(Path.Combine(_store.Paths.Uploads, "factors")));

        foreach (var format in Enum.GetValues<FactorFormat>())
        {
            using var exported = await _store.Get<VersionExport>().FactorsAsync(Caller.Operator, serving.Version, format);
            using var bytes = new MemoryStream();
            await exported.CopyToAsync(bytes);
            Assert.Equal(20, (await FactorFile.ReadAsync(bytes.ToArray())).MovieIds.Length);
        }

        async Task<TrainingRun> JudgeAsync(int films)
        {
            using var file = Vectors(films, film => film % 2 == 0 ? [1, 0] : [0, 1]);
            var queued = await _training.JudgeAsync(Caller.Operator, file);
            await CarryOutAsync(queued);
            return await _training.GetAsync(Caller.Operator, queued.Id);
        }
    }

    [Fact]
    public async Task BadVectorsLeaveNothingBehind()
    {
        using var unknown = Vectors(22, _ => [1]);
        var refused = await Assert.ThrowsAsync<InvalidInputException>(() => _training.JudgeAsync(Caller.Operator, unknown));
        Assert.Equal("2 of the films do not exist here, such as 21, 22. Leave them out, or import them first.", refused.Message);
        using var broken = Vectors(3, film => [film == 2 ? float.NaN : 1]);
        Assert.StartsWith("Number 1 of film 2 is NaN", (await Assert.ThrowsAsync<InvalidInputException>(() => _training.JudgeAsync(Caller.Operator, broken))).Message, StringComparison.Ordinal);
        Assert.Equal(0, _store.Count("SELECT COUNT(*) FROM TrainingRuns"));

        var (open, _) = await _training.RequestAsync(Caller.Operator, choice: TrainingChoice.Of(Algorithms));
        using var good = Vectors(3, _ => [1]);
        await Assert.ThrowsAsync<ConflictException>(() => _training.JudgeAsync(Caller.Operator, good));
        Assert.False(Directory.Exists(_store.Paths.Uploads));

        // The same vectors sent twice are one run, and without their file that run says so.
        await _training.CancelAsync(Caller.Operator, open.Id);
        good.Position = 0;
        var first = await _training.JudgeAsync(Caller.Operator, good);
        good.Position = 0;
        Assert.Equal(first.Id, (await _training.JudgeAsync(Caller.Operator, good)).Id);
        Directory.Delete(_store.Paths.Uploads, recursive: true);
        await CarryOutAsync(first);
        first = await _training.GetAsync(Caller.Operator, first.Id);
        Assert.Equal((RunState.Failed, "The vectors that were sent are no longer there. Send them again."), (first.State, first.Outcome));
    }

    static MemoryStream Vectors(int films, Func<int, float[]> vectorOf)
    {
        var file = new MemoryStream();
        int[] ids = [.. Enumerable.Range(1, films)];
        FactorFile.Write(file, new(ids, vectorOf(1).Length, [.. ids.SelectMany(vectorOf)]), new Dictionary<string, string>());
        file.Position = 0;
        return file;
    }

    [Fact]
    public async Task OnlyAdminsMayTrain()
    {
        var guest = await _store.NewGuestAsync();
        foreach (var caller in new[] { guest, Caller.Nobody })
        {
            await Assert.ThrowsAsync<AccessDeniedException>(() => _training.RequestAsync(caller));
            await Assert.ThrowsAsync<AccessDeniedException>(() => _training.CancelAsync(caller, 1));
            await Assert.ThrowsAsync<AccessDeniedException>(() => _training.GetAsync(caller, 1));
            await Assert.ThrowsAsync<AccessDeniedException>(async () => await _training.ListAsync(caller));
            await Assert.ThrowsAsync<AccessDeniedException>(() => _training.StatusAsync(caller));
        }
        Assert.Equal(0, _store.Count("SELECT COUNT(*) FROM TrainingRuns"));
        await Assert.ThrowsAsync<NotFoundException>(() => _training.GetAsync(Caller.Operator, 9));
    }

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        _data.Dispose();
    }

    async Task<TrainingRun> TrainAsync(params string[] algorithms)
    {
        var (run, _) = await _training.RequestAsync(Caller.Operator);
        await CarryOutAsync(run, algorithms);
        return await _training.GetAsync(Caller.Operator, run.Id);
    }

    Task CarryOutAsync(TrainingRun run, params string[] algorithms)
        => _store.Get<TrainingWorker>().CarryOutAsync(run, algorithms.Length == 0 ? Algorithms : algorithms, CancellationToken.None);
}
