using System.Text;
using MovieRecommender.Domain;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Imports;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Tests.Imports;

/// <summary>Imports as jobs: queued, carried out in order, cancelled, failed, reported.</summary>
public sealed class ImportJobTests : IAsyncLifetime
{
    readonly SmallData _data = new();
    TestStore _store = null!;
    ImportService _imports = null!;
    ImportWorker _worker = null!;

    public async Task InitializeAsync()
    {
        _store = await TestStore.CreateAsync("Imports:LargestUpload=20000", "Imports:MostRows=1000");
        _imports = _store.Get<ImportService>();
        _worker = _store.Get<ImportWorker>();
    }

    [Fact]
    public async Task ASourceArrivesAndItsBadRowsComeBack()
    {
        var job = await _imports.RequestAsync(Caller.Operator, _data.Folder(SmallData.CsvWith("ratings.csv", SmallData.Ratings + "9,1,7,1\n9,44,4,1\n")));
        Assert.Equal(ImportState.Queued, job.State);
        job = await CarryOutAsync(job);
        Assert.Equal((ImportState.Done, 5L, 2L), (job.State, job.Rows, job.Rejected));
        Assert.Equal("3 films, 3 viewers, 5 ratings (5 new or changed), 1 tags; 2 rows rejected.", job.Outcome);
        var report = ImportService.ReportOf(job)!;
        Assert.Equal([("ratings.csv", 7L, "rating"), ("ratings.csv", 8L, "movieId")], report.Errors.Select(bad => (bad.File, bad.Line, bad.Column)));
        Assert.Equal(5, _store.Count("SELECT COUNT(*) FROM Ratings"));
    }

    [Fact]
    public async Task AnUploadIsKeptUnderAnotherNameAndGoesWithItsJob()
    {
        var job = await UploadAsync("../../etc/cron.d/evil\u0007.zip", await File.ReadAllBytesAsync(_data.Zip(SmallData.Csv)));
        Assert.Equal("evil.zip", job.Source);
        var kept = Assert.Single(Directory.GetFiles(_store.Paths.Uploads));
        Assert.Matches("^[0-9a-f]{32}$", Path.GetFileName(kept));
        Assert.Equal(new FileInfo(kept).Length, job.Size);
        job = await CarryOutAsync(job);
        Assert.True(job.State == ImportState.Done, job.Outcome);
        Assert.Equal(5, job.Rows);
        Assert.Empty(Directory.GetFiles(_store.Paths.Uploads));
    }

    [Fact]
    public async Task ALoneFileAddsToWhatTheStoreKnows()
    {
        var films = await CarryOutAsync(await UploadAsync("films", Encoding.UTF8.GetBytes(SmallData.Movies)));
        Assert.Equal((ImportState.Done, 3L), (films.State, films.Rows));
        Assert.Equal(0, _store.Count("SELECT COUNT(*) FROM Ratings"));
        var ratings = await CarryOutAsync(await UploadAsync("ratings", [.. Encoding.UTF8.GetPreamble(), .. Encoding.UTF8.GetBytes(SmallData.Ratings + "3,44,4,1\n")]));
        Assert.Equal((ImportState.Done, 5L, 1L), (ratings.State, ratings.Rows, ratings.Rejected));
        Assert.Equal(3, _store.Count("SELECT COUNT(*) FROM Movies"));
        Assert.Equal(5, _store.Count("SELECT COUNT(*) FROM Ratings"));
        Assert.Equal(2, _store.Count("SELECT RatingCount FROM Movies WHERE Id = 1"));
    }

    [Theory]
    [InlineData("", "The file is empty.")]
    [InlineData("hello,world\n1,2\n", "its first line is 'hello,world'")]
    [InlineData("PK but no zip", "is not a zip file")]
    public async Task WhatIsNoDataSetIsRefusedAndNotKept(string content, string said)
    {
        var before = _store.Dump();
        var error = await Assert.ThrowsAsync<InvalidInputException>(() => UploadAsync("data.zip", Encoding.UTF8.GetBytes(content)));
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(_store.Paths.Directory, error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_store.Paths.Uploads));
        Assert.Equal(before, _store.Dump());
    }

    [Fact]
    public async Task AFileThatIsTooLargeIsRefusedAndNotKept()
    {
        var error = await Assert.ThrowsAsync<InvalidInputException>(() => UploadAsync("ratings.csv", new byte[20_001]));
        Assert.Contains("larger than 20,000 bytes", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_store.Paths.Uploads));
    }

    /// <summary>Whatever the rows are, and whether or not they could be used.</summary>
    [Theory]
    [InlineData("ratings.csv", "1,1,4,1\n")]
    [InlineData("ratings.csv", "1,1,7,1\n")]
    [InlineData("ratings.csv", "1\n")]
    [InlineData("movies.csv", "4,Four (1999),\n")]
    [InlineData("links.csv", "1,1,1\n")]
    [InlineData("tags.csv", "1,1,a,1\n")]
    [InlineData("ratings.dat", "1::1::4::1\n")]
    public async Task AFileOfTooManyRowsFailsAndStoresNothing(string file, string row)
    {
        string Filled(int rows)
        {
            var start = file.EndsWith(".csv", StringComparison.Ordinal) ? SmallData.Csv.Single(known => known.Name == file).Text.Split('\n')[0] + "\n" : "";
            return start + string.Concat(Enumerable.Repeat(row, rows));
        }

        (string Name, string Text)[] With(int rows) => file == "ratings.dat" ? [SmallData.Dat[0], (file, Filled(rows))] : SmallData.CsvWith(file, Filled(rows));
        using var full = new SmallData();
        var job = await CarryOutAsync(await UploadAsync("data.zip", await File.ReadAllBytesAsync(_data.Zip(With(1001)))));
        Assert.Equal((ImportState.Failed, $"{file} has more than 1,000 rows. Send it in parts, or raise Imports:MostRows."), (job.State, job.Outcome));
        Assert.Equal(0, _store.Count("SELECT COUNT(*) FROM Movies"));
        job = await CarryOutAsync(await UploadAsync("data.zip", await File.ReadAllBytesAsync(full.Zip(With(1000)))));
        Assert.DoesNotContain("more than", job.Outcome, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AJobThatFailsStaysFailedAndStoresNothing()
    {
        var job = await UploadAsync("ratings.csv", "userId,movieId,rating,timestamp\n1,2,3,4\n"u8.ToArray());
        job = await CarryOutAsync(job);
        Assert.Equal(ImportState.Failed, job.State);
        Assert.Contains("no film has the id 2", job.Outcome, StringComparison.Ordinal);
        Assert.Equal((0, 1), (job.Rows, job.Rejected));
        Assert.Equal([("ratings.csv", 2L, "movieId")], ImportService.ReportOf(job)!.Errors.Select(bad => (bad.File, (long)bad.Line, bad.Column)));
        Assert.Equal(0, _store.Count("SELECT COUNT(*) FROM Viewers"));
        Assert.Empty(Directory.GetFiles(_store.Paths.Uploads));
        job = await CarryOutAsync(job);
        Assert.Equal(ImportState.Failed, job.State);
        Assert.Equal(ImportState.Failed, (await _imports.CancelAsync(Caller.Operator, job.Id)).State);
    }

    [Fact]
    public async Task CancelledHalfWayNothingIsStored()
    {
        var job = await _imports.RequestAsync(Caller.Operator, _data.Folder(SmallData.Csv));
        Task? cancelling = null;
        using var watch = _store.Get<ChangeFeed>().Subscribe(ChangeFeed.Imports, () =>
        {
            // Not awaited here: the job has the one writer until it is over.
            if (_imports.Progress(Caller.Operator, job.Id)?.Step.ToString() == "Storing") cancelling ??= _imports.CancelAsync(Caller.Operator, job.Id);
        });
        job = await CarryOutAsync(job);
        await cancelling!;
        Assert.Equal((ImportState.Cancelled, "Cancelled by an admin; nothing of it was stored."), (job.State, job.Outcome));
        Assert.Equal(0, _store.Count("SELECT COUNT(*) FROM Movies"));
    }

    [Fact]
    public async Task AJobCancelledBeforeItBeginsNeverDoesAndItsFileGoes()
    {
        var job = await UploadAsync("films.csv", Encoding.UTF8.GetBytes(SmallData.Movies));
        Assert.Equal(ImportState.Cancelled, (await _imports.CancelAsync(Caller.Operator, job.Id)).State);
        Assert.Empty(Directory.GetFiles(_store.Paths.Uploads));
        job = await CarryOutAsync(job);
        Assert.Equal((ImportState.Cancelled, "Cancelled by the command line before it began."), (job.State, job.Outcome));
        Assert.Equal(0, _store.Count("SELECT COUNT(*) FROM Movies"));
    }

    [Fact]
    public async Task WhatAKilledProcessLeftOpenHasFailedAndItsFileGoes()
    {
        var killed = await UploadAsync("films.csv", Encoding.UTF8.GetBytes(SmallData.Movies));
        var waiting = await UploadAsync("more films.csv", Encoding.UTF8.GetBytes(SmallData.Movies));
        await _store.Get<Store>().WriteAsync(async db => (await db.ImportJobs.FindAsync(killed.Id))!.State = ImportState.Running);
        await _worker.CloseAbandonedJobsAsync(CancellationToken.None);
        killed = await _imports.GetAsync(Caller.Operator, killed.Id);
        Assert.Equal((ImportState.Failed, "The app stopped while this import was running; nothing of it was stored."), (killed.State, killed.Outcome));
        Assert.Equal([Path.Combine(_store.Paths.Uploads, waiting.Path)], Directory.GetFiles(_store.Paths.Uploads));
        Assert.Equal(ImportState.Done, (await CarryOutAsync(waiting)).State);
    }

    [Fact]
    public async Task ARequestSentAgainUnderItsKeyBringsItsJobAndKeepsNoSecondFile()
    {
        var zip = await File.ReadAllBytesAsync(_data.Zip(SmallData.Csv));
        var first = await UploadAsync("a.zip", zip, "one");
        Assert.Equal(first.Id, (await UploadAsync("a.zip", zip, "one")).Id);
        Assert.Single(Directory.GetFiles(_store.Paths.Uploads));
        await CarryOutAsync(first);
        Assert.Equal((first.Id, ImportState.Done), ((await UploadAsync("a.zip", zip, "one")) is var again ? again.Id : 0, again.State));
        await Assert.ThrowsAsync<ConflictException>(() => UploadAsync("b.zip", zip, "one"));
        await Assert.ThrowsAsync<ConflictException>(() => _imports.RequestAsync(Caller.Operator, "demo", RequestKey.Of("one")));
        Assert.Empty(Directory.GetFiles(_store.Paths.Uploads));
        Assert.NotEqual(first.Id, (await UploadAsync("a.zip", zip, "two")).Id);

        // Of the same name and size, with other ratings in it.
        await UploadAsync("ratings.csv", "userId,movieId,rating,timestamp\n1,1,4,1\n"u8.ToArray(), "three");
        await Assert.ThrowsAsync<ConflictException>(() => UploadAsync("ratings.csv", "userId,movieId,rating,timestamp\n1,1,5,1\n"u8.ToArray(), "three"));
    }

    [Fact]
    public async Task OnlyAdminsMayImport()
    {
        foreach (var caller in new[] { await _store.NewGuestAsync(), Caller.Nobody })
        {
            await Assert.ThrowsAsync<AccessDeniedException>(() => _imports.RequestAsync(caller, "demo"));
            await Assert.ThrowsAsync<AccessDeniedException>(() => _imports.RequestAsync(caller, "x.csv", Stream.Null));
            await Assert.ThrowsAsync<AccessDeniedException>(() => _imports.CancelAsync(caller, 1));
            await Assert.ThrowsAsync<AccessDeniedException>(() => _imports.GetAsync(caller, 1));
            await Assert.ThrowsAsync<AccessDeniedException>(async () => await _imports.ListAsync(caller));
        }
        await Assert.ThrowsAsync<InvalidInputException>(() => _imports.RequestAsync(Caller.Operator, "file:///etc/passwd"));
        await Assert.ThrowsAsync<NotFoundException>(() => _imports.GetAsync(Caller.Operator, 9));
        Assert.Equal(0, _store.Count("SELECT COUNT(*) FROM ImportJobs"));
    }

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        _data.Dispose();
    }

    async Task<ImportJob> UploadAsync(string name, byte[] content, string? key = null)
    {
        using var stream = new MemoryStream(content);
        return await _imports.RequestAsync(Caller.Operator, name, stream, RequestKey.Of(key));
    }

    async Task<ImportJob> CarryOutAsync(ImportJob job)
    {
        await _worker.CarryOutAsync(job, CancellationToken.None);
        return await _imports.GetAsync(Caller.Operator, job.Id);
    }
}
