using Microsoft.ML;
using MovieRecommender.Domain;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Factorization;
using MovieRecommender.Domain.Factorization.MlNet;
using MovieRecommender.Domain.Models;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Tests.Models;

/// <summary>From a trained model to the one that serves.</summary>
public sealed class ModelShelfTests : IAsyncLifetime
{
    TestStore _store = null!;
    ModelShelf _shelf = null!;

    public async Task InitializeAsync()
    {
        _store = await TestStore.CreateAsync();
        _shelf = _store.Get<ModelShelf>();
    }

    [Fact]
    public async Task APublishedVersionServesAndIsFoundAgain()
    {
        Assert.Equal(1, await _shelf.NextVersionAsync());
        await PublishAsync(1);
        Assert.Equal(1, Serving());
        Assert.Equal(2, await _shelf.NextVersionAsync());
        Assert.NotNull(_shelf.ReadTwin(1));
        Assert.Equal(1, await RestartedAsync());
    }

    [Fact]
    public async Task AVersionLeavesAsAnMlNetZipThatScoresAlike()
    {
        await PublishAsync(1);
        await using var zip = await _store.Get<VersionExport>().AsMlNetAsync(Caller.Operator, 1, ModelHead.Stars);
        var ml = new MLContext();
        using var engine = ml.Model.CreatePredictionEngine<FilmQuery, FilmScore>(MlNetModel.Load(ml, zip));
        var model = ToyVersions.Model(1);
        var predicted = new StarPrediction[1];
        model.Stars.Predict([new RatedItem(0, 5, 0)], [3], predicted);
        Assert.Equal(predicted[0].Stars, engine.Predict(new() { MovieId = model.MovieIds[3], RatedMovieIds = [model.MovieIds[0]], RatedStars = [5], RatedTimes = [0] }).Score, 1e-6f);
    }

    [Fact]
    public async Task TheTenNewestAreKept()
    {
        for (var version = 1; version <= 13; version++) await PublishAsync(version);
        Assert.Equal(Enumerable.Range(4, 10).Reverse(), (await _shelf.ListAsync(Caller.Operator)).Versions.Select(version => version.Id));
        Assert.Equal(
            Enumerable.Range(4, 10).SelectMany(version => new[] { $"{version}.model", $"{version}.twin" }).Order(StringComparer.Ordinal),
            Directory.GetFiles(_store.Paths.Models).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(13, Serving());
    }

    [Fact]
    public async Task WhatFailsBeforeTheSwapLeavesTheOldVersionServing()
    {
        await PublishAsync(1);
        var before = _store.Dump();
        await Assert.ThrowsAsync<InvalidOperationException>(() => _shelf.PublishAsync(ToyVersions.Model(2), ToyVersions.Model(2), (_, _) => throw new InvalidOperationException("no row")));
        Assert.Equal(1, Serving());
        Assert.Equal(before, _store.Dump());
        Assert.Equal(1, await RestartedAsync());
        await PublishAsync(await _shelf.NextVersionAsync());
        Assert.Equal(2, Serving());
    }

    [Fact]
    public async Task ADamagedVersionIsPassedOver()
    {
        await PublishAsync(1);
        await PublishAsync(2);
        await PublishAsync(3);
        await File.WriteAllBytesAsync(FileOf(3), []);
        // A sound file in the wrong place is no better than a damaged one.
        File.Copy(FileOf(1), FileOf(2), overwrite: true);
        Assert.Equal(1, await RestartedAsync());
    }

    [Fact]
    public async Task WhatAnotherProcessPromotesIsFollowed()
    {
        await PublishAsync(1);
        await PublishAsync(2);
        Assert.Equal(2, await _shelf.LoadLiveAsync());
        using (var other = NewProcess(new())) await other.PromoteAsync(Caller.Operator, 1);
        Assert.Equal(2, Serving());
        Assert.Equal(1, await _shelf.LoadLiveAsync());
        Assert.Equal(1, Serving());
    }

    [Fact]
    public async Task AStoreWithoutAPointerServesItsNewest()
    {
        await PublishAsync(1);
        await PublishAsync(2);
        await _store.Get<Store>().WriteAsync(db => db.SetStateAsync(StoreState.LiveVersion, 0));
        Assert.Equal(2, await RestartedAsync());
    }

    [Fact]
    public async Task RollingBackLastsAndCanBeTakenBack()
    {
        await PublishAsync(1);
        await PublishAsync(2);
        await PublishAsync(3);
        Assert.Equal("3 live, 2 previous, 1", await AliasesAsync());
        await _shelf.PromoteAsync(Caller.Operator, 2);
        Assert.Equal(2, Serving());
        Assert.Equal("3 previous, 2 live, 1", await AliasesAsync());
        Assert.Equal(2, await RestartedAsync());
        await _shelf.PromoteAsync(Caller.Operator, 3);
        await _shelf.PromoteAsync(Caller.Operator, 3);
        Assert.Equal("3 live, 2 previous, 1", await AliasesAsync());
    }

    [Fact]
    public async Task ADamagedVersionIsNotPromotedAndTheLiveOneStays()
    {
        await PublishAsync(1);
        await PublishAsync(2);
        await File.WriteAllBytesAsync(FileOf(1), [1, 2, 3]);
        var before = _store.Dump();
        var error = await Assert.ThrowsAsync<ConflictException>(() => _shelf.PromoteAsync(Caller.Operator, 1));
        Assert.Equal("Version 1 cannot serve: 1.model is not a model file. Version 2 goes on serving.", error.Message);
        Assert.Equal(2, Serving());
        Assert.Equal(before, _store.Dump());
    }

    [Fact]
    public async Task WhatServesCannotBeDeletedAndANumberIsNeverGivenAgain()
    {
        await PublishAsync(1);
        await PublishAsync(2);
        await Assert.ThrowsAsync<ConflictException>(() => _shelf.DeleteAsync(Caller.Operator, 2));
        Assert.True(File.Exists(FileOf(2)));
        await _shelf.PromoteAsync(Caller.Operator, 1);
        await _shelf.DeleteAsync(Caller.Operator, 2);
        Assert.Equal("1 live", await AliasesAsync());
        Assert.False(File.Exists(FileOf(2)));
        Assert.Equal(3, await _shelf.NextVersionAsync());
        await Assert.ThrowsAsync<NotFoundException>(() => _shelf.PromoteAsync(Caller.Operator, 2));
        await Assert.ThrowsAsync<NotFoundException>(() => _shelf.DeleteAsync(Caller.Operator, 2));
        Assert.Equal(1, Serving());
    }

    [Fact]
    public async Task WhileAVersionIsPinnedNewOnesWaitAsCandidates()
    {
        await Assert.ThrowsAsync<ConflictException>(() => _shelf.PinAsync(Caller.Operator, true));
        Assert.True(await PublishAsync(1));
        await _shelf.PinAsync(Caller.Operator, true);
        Assert.False(await PublishAsync(2));
        Assert.Equal("2 candidate, 1 live", await AliasesAsync());
        Assert.Equal(1, await RestartedAsync());
        await _shelf.PinAsync(Caller.Operator, false);
        Assert.True(await PublishAsync(3));
        Assert.Equal("3 live, 2, 1 previous", await AliasesAsync());
    }

    [Fact]
    public async Task TheLiveAndThePreviousVersionAreNeverPruned()
    {
        await PublishAsync(1);
        await PublishAsync(2);
        await _shelf.PromoteAsync(Caller.Operator, 1);
        await _shelf.PinAsync(Caller.Operator, true);
        for (var version = 3; version <= 14; version++) await PublishAsync(version);
        Assert.Equal([.. Enumerable.Range(5, 10).Reverse(), 2, 1], (await _shelf.ListAsync(Caller.Operator)).Versions.Select(version => version.Id));
        Assert.Equal(1, await RestartedAsync());
    }

    [Fact]
    public async Task AdminsWhoPromoteAtOnceAgreeInTheEnd()
    {
        for (var version = 1; version <= 4; version++) await PublishAsync(version);
        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(() => _shelf.PromoteAsync(Caller.Operator, 1 + (i % 4)))));
        Assert.Equal(_store.Count("SELECT Value FROM StoreStates WHERE Name = 'live-version'"), (long?)Serving());
    }

    [Fact]
    public async Task OnlyAdminsMayTouchTheShelf()
    {
        await PublishAsync(1);
        foreach (var caller in new[] { await _store.NewGuestAsync(), Caller.Nobody })
        {
            await Assert.ThrowsAsync<AccessDeniedException>(() => _shelf.PromoteAsync(caller, 1));
            await Assert.ThrowsAsync<AccessDeniedException>(() => _shelf.DeleteAsync(caller, 1));
            await Assert.ThrowsAsync<AccessDeniedException>(() => _shelf.PinAsync(caller, true));
            await Assert.ThrowsAsync<AccessDeniedException>(async () => await _shelf.ListAsync(caller));
        }
    }

    [Fact]
    public async Task ADamagedTwinIsNone()
    {
        await PublishAsync(1);
        File.Delete(Path.Combine(_store.Paths.Models, "1.twin"));
        Assert.Null(_shelf.ReadTwin(1));
    }

    public async Task DisposeAsync() => await _store.DisposeAsync();

    int? Serving() => _store.Get<LiveModel>().Current?.Version;

    string FileOf(int version) => Path.Combine(_store.Paths.Models, $"{version}.model");

    async Task<string> AliasesAsync()
    {
        var view = await _shelf.ListAsync(Caller.Operator);
        return string.Join(", ", view.Versions.Select(version => view.AliasOf(version) is var alias and not VersionAlias.None ? $"{version.Id} {alias.ToString().ToLowerInvariant()}" : $"{version.Id}"));
    }

    Task<bool> PublishAsync(int version)
        => _shelf.PublishAsync(ToyVersions.Model(version), ToyVersions.Model(version), (checksum, size) => ToyVersions.Row(version, checksum, size));

    /// <summary>What a fresh start over the same files would serve.</summary>
    async Task<int?> RestartedAsync()
    {
        var live = new LiveModel();
        using var shelf = NewProcess(live);
        var version = await shelf.LoadLiveAsync();
        Assert.Equal(version, live.Current?.Version);
        return version;
    }

    ModelShelf NewProcess(LiveModel live)
        => new(_store.Get<Store>(), live, _store.Get<AdminActions>(), _store.Get<ChangeFeed>(), _store.Clock, Microsoft.Extensions.Logging.Abstractions.NullLogger<ModelShelf>.Instance);
}
