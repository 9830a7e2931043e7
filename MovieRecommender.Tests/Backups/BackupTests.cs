using System.IO.Compression;
using MovieRecommender.Domain;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Backups;
using MovieRecommender.Domain.Models;
using MovieRecommender.Domain.Storage;
using MovieRecommender.Tests.Imports;
using MovieRecommender.Tests.Models;

namespace MovieRecommender.Tests.Backups;

/// <summary>The whole store into one file and back.</summary>
public sealed class BackupTests : IAsyncLifetime
{
    readonly SmallData _data = new();
    TestStore _store = null!;
    string _file = "";

    public async Task InitializeAsync()
    {
        _store = await TestStore.CreateAsync();
        await _store.ImportAsync(_data.Folder(SmallData.Csv));
        await _store.Get<ModelShelf>().PublishAsync(ToyVersions.Model(1), ToyVersions.Model(1), (checksum, size) => ToyVersions.Row(1, checksum, size));
        _file = _data.PathOf("store.backup");
    }

    [Fact]
    public async Task WhatIsBackedUpIsRestoredElsewhere()
    {
        var before = Without("AdminActions", _store.Dump());
        var made = await BackupAsync(_store);
        Assert.Equal(3, made.Files);
        // Other users of the machine do not look into it, as they do not into the store.
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_file));
        Assert.Equal([Path.GetFileName(_file)], Directory.GetFiles(Path.GetDirectoryName(_file)!).Select(Path.GetFileName));

        await using var other = await ClosedStore.CreateAsync();
        File.WriteAllText(Path.Combine(other.Paths.Models, "7.model"), "of the old store");
        await other.Service.RestoreAsync(Caller.Operator, _file);
        // The backup was made before it was noted that one was; that it was restored is noted in what was restored.
        Assert.Equal(before, Without("AdminActions", StoreFile.Dump(other.Paths.Database)));
        Assert.Equal(1, StoreFile.Count(other.Paths.Database, "SELECT COUNT(*) FROM AdminActions WHERE What = 'restored the backup' AND \"By\" = 2"));
        Assert.Equal(["movierecommender.db"], Directory.GetFiles(other.Paths.Directory, "movierecommender.db*").Select(Path.GetFileName));
        Assert.Equal(["1.model", "1.twin"], Directory.GetFiles(other.Paths.Models).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(File.ReadAllBytes(Path.Combine(_store.Paths.Models, "1.model")), File.ReadAllBytes(Path.Combine(other.Paths.Models, "1.model")));
        Assert.False(Directory.Exists(other.Paths.Restored));
        Assert.Equal(_store.Clock.Now.ToUnixTimeSeconds(), _store.Count("SELECT Value FROM StoreStates WHERE Name = 'last-backup'"));
    }

    /// <summary>A dump without the rows of a table, and without what counts them.</summary>
    static string Without(string table, string dump)
    {
        var lines = dump.Split('\n').ToList();
        var at = lines.IndexOf(table);
        var next = lines.FindIndex(at + 1, line => !line.StartsWith("  ", StringComparison.Ordinal));
        lines.RemoveRange(at + 1, next - at - 1);
        return string.Join('\n', lines.Where(line => !line.StartsWith($"  {table}|", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task AnExistingFileIsNeverOverwritten()
    {
        await File.WriteAllTextAsync(_file, "precious");
        var error = await Assert.ThrowsAsync<InvalidInputException>(() => BackupAsync(_store));
        Assert.Contains("exists already", error.Message, StringComparison.Ordinal);
        Assert.Equal("precious", await File.ReadAllTextAsync(_file));
        Assert.Equal(0, _store.Count("SELECT COUNT(*) FROM StoreStates WHERE Name = 'last-backup'"));
    }

    [Theory]
    [InlineData("no zip", "no backup of MovieRecommender")]
    [InlineData("another zip", "no backup of MovieRecommender")]
    [InlineData("cut short", "no backup of MovieRecommender")]
    [InlineData("other bytes", "is damaged: its 'models/1.model' is not what it should be")]
    [InlineData("a path", "is damaged: its '../evil' is not what it should be")]
    public async Task WhatIsNoSoundBackupChangesNothing(string what, string said)
    {
        await BackupAsync(_store);
        Spoil(what);
        await using var other = await ClosedStore.CreateAsync();
        var before = StoreFile.Dump(other.Paths.Database);
        var error = await Assert.ThrowsAsync<InvalidInputException>(() => other.Service.RestoreAsync(Caller.Operator, _file));
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.Equal(before, StoreFile.Dump(other.Paths.Database));
        Assert.Empty(Directory.GetDirectories(other.Paths.Directory, "restor*"));
        Assert.False(File.Exists(Path.Combine(other.Paths.Directory, "..", "evil")));
    }

    [Fact]
    public async Task AStoreInUseIsNotReplaced()
    {
        await BackupAsync(_store);
        await _store.ImportAsync(_data.Folder(SmallData.CsvWith("ratings.csv", SmallData.Ratings + "9,1,4,1\n")));
        var before = _store.Dump();
        var error = await Assert.ThrowsAsync<InvalidInputException>(() => _store.Get<BackupService>().RestoreAsync(Caller.Operator, _file));
        Assert.Contains("is in use", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, _store.Dump());
        Assert.Empty(Directory.GetDirectories(_store.Paths.Directory, "restor*"));
    }

    [Fact]
    public async Task ARestoreThatWasKilledIsFinishedAtTheNextOpening()
    {
        await BackupAsync(_store);
        await using var other = await ClosedStore.CreateAsync();
        // As a process leaves it that was killed after the step that counts: unpacked, not yet moved.
        Directory.CreateDirectory(other.Paths.Restored);
        ZipFile.ExtractToDirectory(_file, other.Paths.Restored);
        await StoreSetup.MigrateAsync(other.Services);
        Assert.Equal(3, StoreFile.Count(other.Paths.Database, "SELECT COUNT(*) FROM Movies"));
        Assert.True(File.Exists(Path.Combine(other.Paths.Models, "1.model")));
        Assert.False(Directory.Exists(other.Paths.Restored));
    }

    [Fact]
    public async Task OnlyAdminsMay()
    {
        foreach (var caller in new[] { await _store.NewGuestAsync(), Caller.Nobody })
        {
            await Assert.ThrowsAsync<AccessDeniedException>(() => _store.Get<BackupService>().BackupAsync(caller, _file));
            await Assert.ThrowsAsync<AccessDeniedException>(() => _store.Get<BackupService>().RestoreAsync(caller, _file));
        }
        Assert.False(File.Exists(_file));
    }

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        _data.Dispose();
    }

    Task<BackupSummary> BackupAsync(TestStore store)
    {
        if (Directory.Exists(_data.PathOf("folder"))) Directory.Delete(_data.PathOf("folder"), recursive: true);
        return store.Get<BackupService>().BackupAsync(Caller.Operator, _file);
    }

    void Spoil(string what)
    {
        if (what == "no zip") File.WriteAllText(_file, "hello");
        if (what == "cut short") File.WriteAllBytes(_file, File.ReadAllBytes(_file)[..^100]);
        if (what == "another zip")
        {
            File.Delete(_file);
            using var zip = ZipFile.Open(_file, ZipArchiveMode.Create);
            using var entry = zip.CreateEntry("ratings.csv").Open();
        }
        if (what == "other bytes")
        {
            using var zip = ZipFile.Open(_file, ZipArchiveMode.Update);
            zip.GetEntry("models/1.model")!.Delete();
            using var entry = zip.CreateEntry("models/1.model").Open();
            entry.Write("other"u8);
        }
        if (what == "a path")
        {
            using var zip = ZipFile.Open(_file, ZipArchiveMode.Update);
            using var reader = new StreamReader(zip.GetEntry("backup.json")!.Open());
            var list = reader.ReadToEnd().Replace("models/1.model", "../evil", StringComparison.Ordinal);
            reader.Dispose();
            zip.GetEntry("backup.json")!.Delete();
            using (var entry = new StreamWriter(zip.CreateEntry("backup.json").Open())) entry.Write(list);
            using var evil = zip.CreateEntry("../evil").Open();
        }
    }
}
