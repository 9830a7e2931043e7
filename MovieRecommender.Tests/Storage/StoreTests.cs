using Microsoft.EntityFrameworkCore;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Ratings;
using MovieRecommender.Domain.Storage;
using MovieRecommender.Tests.Imports;

namespace MovieRecommender.Tests.Storage;

/// <summary>The way to a real database.</summary>
public sealed class StoreTests : IAsyncLifetime
{
    TestStore _test = null!;
    Store _store = null!;

    public async Task InitializeAsync()
    {
        _test = await TestStore.CreateAsync();
        _store = _test.Get<Store>();
    }

    [Theory]
    [InlineData("journal_mode", "wal")]
    [InlineData("synchronous", "2")]
    [InlineData("foreign_keys", "1")]
    public async Task EveryConnectionIsDurable(string pragma, string value)
    {
        async Task<string> AskAsync(AppDbContext db)
        {
            await db.Database.OpenConnectionAsync();
            await using var command = db.Database.GetDbConnection().CreateCommand();
            command.CommandText = "PRAGMA " + pragma;
            return Convert.ToString(await command.ExecuteScalarAsync(), System.Globalization.CultureInfo.InvariantCulture)!;
        }

        Assert.Equal(value, await _store.ReadAsync(AskAsync));
        Assert.Equal(value, await _store.WriteAsync(AskAsync));
        Assert.Equal(value, await _store.ReadAsync(AskAsync));
    }

    [Theory]
    [InlineData("Ratings")]
    [InlineData("RatingsByFilm")]
    public void RatingsLieInTheOrderOfTheirKey(string table)
        => Assert.Equal(1, _test.Count($"SELECT wr FROM pragma_table_list WHERE name = '{table}'"));

    [Fact]
    public async Task ASecondWriterWaitsForItsTurnOutsideTheDatabase()
    {
        Task second = Task.CompletedTask;
        await _store.WriteAsync(async db =>
        {
            await db.AddToStateAsync("turns", 1);
            // Let into the database now, it would block this thread there until it gave up: "database is locked".
            second = _store.WriteAsync(other => other.AddToStateAsync("turns", 1));
            Assert.False(second.IsCompleted);
        });
        await second;
        Assert.Equal(2, await _store.ReadAsync(db => db.ReadStateAsync("turns")));
    }

    [Fact]
    public async Task ManyWritersAtOnceAllGetTheirTurn()
    {
        await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => Task.Run(() => _store.WriteAsync(db => db.AddToStateAsync("turns", 1)))));
        Assert.Equal(30, await _store.ReadAsync(db => db.ReadStateAsync("turns")));
    }

    [Fact]
    public async Task AnErrorLeavesThingsAsTheyWere()
    {
        await _store.WriteAsync(db => db.AddToStateAsync("kept", 1));
        var before = _test.Dump();
        await Assert.ThrowsAsync<InvalidOperationException>(() => _store.WriteAsync(async db =>
        {
            await db.AddToStateAsync("kept", 5);
            await db.AddViewerAsync(ViewerKind.Guest, DateTime.UnixEpoch);
            throw new InvalidOperationException("half way");
        }));
        Assert.Equal(before, _test.Dump());
        await _store.WriteAsync(db => db.AddToStateAsync("kept", 1));
        Assert.Equal(2, await _store.ReadAsync(db => db.ReadStateAsync("kept")));
    }

    [Fact]
    public async Task ACancellationLeavesThingsAsTheyWere()
    {
        using var cancel = new CancellationTokenSource();
        var before = _test.Dump();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _store.WriteAsync(async db =>
        {
            await db.AddToStateAsync("lost", 5);
            await cancel.CancelAsync();
        }, cancel.Token));
        Assert.Equal(before, _test.Dump());
    }

    [Fact]
    public async Task ASnapshotSeesOneStateAndHoldsUpNobody()
    {
        using var data = new SmallData();
        await _test.ImportAsync(data.Folder(SmallData.Csv));
        var guest = await _test.NewGuestAsync();
        var (before, during) = await _store.ReadSnapshotAsync(async db =>
        {
            var first = await db.Ratings.CountAsync();
            await _test.Get<RatingService>().RateAsync(guest, 1, 4);
            return (first, await db.Ratings.CountAsync());
        });
        Assert.Equal((5, 5), (before, during));
        Assert.Equal(6, await _store.ReadAsync(db => db.Ratings.CountAsync()));
        Assert.Equal(6, await _store.ReadSnapshotAsync(db => db.Ratings.CountAsync()));
    }

    [Fact]
    public async Task AMigrationThatWasKilledDoesNotBlockTheNextStart()
    {
        await _store.WriteAsync(db => db.Database.ExecuteSqlRawAsync("""INSERT INTO "__EFMigrationsLock" VALUES (1, '2026-01-01')"""));
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await StoreSetup.MigrateAsync(_test.Services, patience.Token);
    }

    public async Task DisposeAsync() => await _test.DisposeAsync();
}
