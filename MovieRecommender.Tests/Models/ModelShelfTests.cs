using MovieRecommender.Domain.Accounts;
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
    public async Task TheTenNewestAreKept()
    {
        for (var version = 1; version <= 13; version++) await PublishAsync(version);
        Assert.Equal(Enumerable.Range(4, 10).Reverse(), (await _shelf.ListAsync(Caller.Operator)).Select(version => version.Id));
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
    public async Task ANewerVersionOfAnotherProcessIsTakenAndAnOlderNever()
    {
        await PublishAsync(1);
        await PublishAsync(2);
        Assert.Equal(2, await _shelf.LoadNewestAsync());
        await _store.Get<Store>().WriteAsync(db =>
        {
            var (checksum, size) = ModelFile.Write(FileOf(3), ToyVersions.Model(3));
            db.Add(ToyVersions.Row(3, checksum, size));
            return Task.CompletedTask;
        });
        Assert.Equal(3, await _shelf.LoadNewestAsync());
        Assert.Equal(3, Serving());
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

    Task PublishAsync(int version)
        => _shelf.PublishAsync(ToyVersions.Model(version), ToyVersions.Model(version), (checksum, size) => ToyVersions.Row(version, checksum, size));

    /// <summary>What a fresh start over the same files would serve.</summary>
    async Task<int?> RestartedAsync()
    {
        var live = new LiveModel();
        var shelf = new ModelShelf(_store.Get<Store>(), live, _store.Get<ChangeFeed>(), Microsoft.Extensions.Logging.Abstractions.NullLogger<ModelShelf>.Instance);
        var version = await shelf.LoadNewestAsync();
        Assert.Equal(version, live.Current?.Version);
        return version;
    }
}
