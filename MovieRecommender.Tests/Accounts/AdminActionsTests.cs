using Microsoft.Extensions.DependencyInjection;
using MovieRecommender.Domain;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Backups;
using MovieRecommender.Domain.Catalog;
using MovieRecommender.Domain.Imports;
using MovieRecommender.Domain.Models;
using MovieRecommender.Domain.Privacy;
using MovieRecommender.Domain.Storage;
using MovieRecommender.Domain.Training;
using MovieRecommender.Tests.Imports;
using MovieRecommender.Tests.Models;

namespace MovieRecommender.Tests.Accounts;

/// <summary>The log of what admins did: each service writes its own lines, over a real store.</summary>
public sealed class AdminActionsTests : IAsyncLifetime
{
    const string Password = "a quiet seat at the back";
    readonly SmallData _data = new();
    TestStore _store = null!;
    Account _admin = null!;
    Caller _caller = Caller.Nobody;

    AdminActions Actions => _store.Get<AdminActions>();

    public async Task InitializeAsync()
    {
        _store = await TestStore.CreateAsync("Accounts:Registration=invite");
        _admin = await AddAsync("admin@example.org", admin: true);
        _caller = await AccountTests.CallerAsync(_store, _admin);
    }

    [Fact]
    public async Task EveryActionIsRecordedWithItsObject()
    {
        var ana = await AddAsync("ana@example.org");
        await using var scope = _store.Services.CreateAsyncScope();
        var before = await NewestAsync();

        var training = _store.Get<TrainingService>();
        var (run, _) = await training.RequestAsync(_caller);
        await training.RequestAsync(_caller);
        await training.CancelAsync(_caller, run.Id);
        await training.CancelAsync(_caller, run.Id);
        var imports = _store.Get<ImportService>();
        var job = await imports.RequestAsync(_caller, "demo");
        await imports.CancelAsync(_caller, job.Id);
        var shelf = _store.Get<ModelShelf>();
        for (var version = 1; version <= 2; version++) await shelf.PublishAsync(ToyVersions.Model(version), ToyVersions.Model(version), (checksum, size) => ToyVersions.Row(version, checksum, size));
        await shelf.PromoteAsync(_caller, 1);
        await shelf.PromoteAsync(_caller, 2);
        await shelf.PinAsync(_caller, true);
        await shelf.PinAsync(_caller, false);
        await shelf.DeleteAsync(_caller, 1);
        await _store.Get<BackupService>().BackupAsync(_caller, _data.PathOf("a.backup"));
        var rights = _store.Get<AccountRights>();
        await rights.SetAdminAsync(_caller, ana.Id, true);
        await rights.SetAdminAsync(_caller, ana.Id, true);
        await rights.SetAdminAsync(_caller, ana.Id, false);
        await rights.LockAsync(_caller, ana.Id);
        await rights.UnlockAsync(_caller, ana.Id);
        await scope.ServiceProvider.GetRequiredService<PasswordResets>().LinkAsync(_caller, ana.Id);
        await scope.ServiceProvider.GetRequiredService<AccountService>().InviteAsync(_caller);
        var tokens = scope.ServiceProvider.GetRequiredService<ApiTokens>();
        await tokens.AddMineAsync(_caller, "reader", TokenScopes.Read, null);
        await tokens.AddMineAsync(_caller, "trainer", TokenScopes.Admin, null);

        var lines = (await Actions.ListAsync(_caller)).Where(line => line.Id > before).Reverse().ToList();
        Assert.All(lines, line => Assert.Equal(("admin@example.org", ActedBy.Person, _store.Clock.Now.UtcDateTime), (line.Who, line.By, line.AtUtc)));
        Assert.Equal(
            [
                "asked for run 1", "cancelled run 1",
                "asked for an import of demo", "cancelled the import of demo",
                "rolled back to version 1", "promoted version 2", "pinned version 2", "unpinned version 2", "deleted version 1",
                "made a backup a.backup",
                "made an admin of ana@example.org", "took the admin's rights from ana@example.org", "locked ana@example.org", "unlocked ana@example.org",
                "made a password link for ana@example.org", "made an invitation", "made a token for admin@example.org",
            ],
            lines.Select(line => $"{line.What} {line.On}".TrimEnd()));
    }

    [Fact]
    public async Task TheCommandLineATokenAndTheScheduleAreToldApart()
    {
        await using var scope = _store.Services.CreateAsyncScope();
        var tokens = scope.ServiceProvider.GetRequiredService<ApiTokens>();
        var program = Caller.From((await tokens.RecogniseAsync(await tokens.AddMineAsync(_caller, "trainer", TokenScopes.Admin, null)))!);
        var before = await NewestAsync();
        var training = _store.Get<TrainingService>();
        var (run, _) = await training.RequestAsync(Caller.Schedule);
        await training.CancelAsync(program, run.Id);
        await training.RequestAsync(Caller.Operator);
        Assert.Equal(
            [(ActedBy.CommandLine, null, "asked for"), (ActedBy.Token, "admin@example.org", "cancelled")],
            (await Actions.ListAsync(_caller)).Where(line => line.Id > before).Select(line => (line.By, line.Who, line.What)));
    }

    [Fact]
    public async Task AnImportByTheCommandLineIsRecordedWithWhatItBroughtAndTheAppsOwnAreNot()
    {
        using var data = await _store.Get<DataSources>().OpenAsync(_data.Folder(SmallData.Csv));
        var importer = _store.Get<DataImporter>();
        var before = await NewestAsync();
        await importer.ImportAsync(Caller.Schedule, data);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => importer.ImportAsync(Caller.Operator, data, cancellationToken: new(canceled: true)));
        Assert.Equal(before, await NewestAsync());
        await importer.ImportAsync(Caller.Operator, data);
        var line = (await Actions.ListAsync(_caller))[0];
        Assert.Equal((ActedBy.CommandLine, "imported", data.Name), (line.By, line.What, line.On));
    }

    [Fact]
    public async Task WhatIsRefusedIsNotRecorded()
    {
        var before = await NewestAsync();
        await Assert.ThrowsAsync<NotFoundException>(() => _store.Get<ModelShelf>().DeleteAsync(_caller, 7));
        await Assert.ThrowsAsync<ConflictException>(() => _store.Get<AccountRights>().SetAdminAsync(_caller, _admin.Id, false));
        await Assert.ThrowsAsync<NotFoundException>(() => _store.Get<TrainingService>().CancelAsync(_caller, 7));
        Assert.Equal(before, await NewestAsync());
    }

    [Fact]
    public async Task WhoIsDeletedLeavesTheLogAndWhatWasDoneStays()
    {
        var ana = await AddAsync("ana@example.org", admin: true);
        var caller = await AccountTests.CallerAsync(_store, ana);
        var (run, _) = await _store.Get<TrainingService>().RequestAsync(caller);
        await _store.Get<TrainingService>().CancelAsync(caller, run.Id);
        var job = await _store.Get<ImportService>().RequestAsync(caller, "demo");
        await _store.Get<ImportService>().CancelAsync(caller, job.Id);
        await _store.Get<PrivacyService>().ForgetMemberAsync(_caller, ana.Id);

        Assert.DoesNotContain("ana@example.org", _store.Dump(), StringComparison.OrdinalIgnoreCase);
        Assert.Equal(0, _store.Count($"SELECT COUNT(*) FROM AdminActions WHERE AccountId = {ana.Id} OR OnAccountId = {ana.Id}"));
        Assert.Equal(
            ["admin@example.org deleted an account", " cancelled the import of demo", " asked for an import of demo", " cancelled run 1", " asked for run 1", " added the admin an account", " added the admin admin@example.org"],
            (await Actions.ListAsync(_caller)).Select(line => $"{line.Who} {line.What} {line.On}"));
    }

    [Fact]
    public async Task PagesDoNotShiftWhileActionsAreAdded()
    {
        for (var i = 0; i < 5; i++) await _store.Get<ModelShelf>().PinAsync(_caller, false);
        var first = await Actions.ListAsync(_caller, most: 3);
        await _store.Get<ModelShelf>().PinAsync(_caller, false);
        var second = await Actions.ListAsync(_caller, first[^1].Id, 3);
        Assert.Equal(Enumerable.Range(1, 6).Reverse(), first.Concat(second).Select(line => line.Id));
        await Assert.ThrowsAsync<InvalidInputException>(() => Actions.ListAsync(_caller, most: 0));
        await Assert.ThrowsAsync<InvalidInputException>(() => Actions.ListAsync(_caller, most: 201));
    }

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        _data.Dispose();
    }

    async Task<int> NewestAsync() => (await Actions.ListAsync(_caller, most: 1))[0].Id;

    async Task<Account> AddAsync(string email, bool admin = false)
    {
        await using var scope = _store.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<AccountService>().AddAsync(Caller.Operator, email, Password, admin);
    }
}
