using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Domain.Models;

/// <summary>
/// The versions on disk and the way from a trained model to the one that serves:
/// file written and flushed, verified by loading it, row committed, pointer swapped. Whatever fails before the last step,
/// the previous version goes on serving.
/// </summary>
public sealed partial class ModelShelf(Store store, LiveModel live, ChangeFeed changes, ILogger<ModelShelf> logger)
{
    /// <summary>Versions kept with their files: the live one and a few to go back to.</summary>
    const int Kept = 10;

    /// <summary>The number the next version gets.</summary>
    public Task<int> NextVersionAsync(CancellationToken cancellationToken = default)
        => store.ReadAsync(async db => (await db.ModelVersions.MaxAsync(version => (int?)version.Id, cancellationToken) ?? 0) + 1, cancellationToken);

    /// <summary>Publishes a model. When this returns, it serves.</summary>
    /// <param name="model">Carries the number from <see cref="NextVersionAsync"/>.</param>
    /// <param name="twin">The same recipe trained without the held-out ratings, kept so that a later run can compare fairly.</param>
    /// <param name="describe">Makes the row, given checksum and size of the file.</param>
    public async Task PublishAsync(ServingModel model, ServingModel twin, Func<string, long, ModelVersion> describe, CancellationToken cancellationToken = default)
    {
        var path = PathOf(model.Version);
        ModelFile.Write(TwinPathOf(model.Version), twin);
        var (checksum, size) = ModelFile.Write(path, model);
        var loaded = ModelFile.Read(path);
        await store.WriteAsync(db =>
        {
            db.Add(describe(checksum, size));
            return Task.CompletedTask;
        }, cancellationToken);
        live.Swap(loaded);
        changes.Publish(ChangeFeed.LiveModel);
        await PruneAsync(CancellationToken.None);
    }

    /// <summary>Puts the newest version that can be read into service, unless it or a newer one serves already.</summary>
    /// <returns>The version that serves, or null when there is none.</returns>
    public async Task<int?> LoadNewestAsync(CancellationToken cancellationToken = default)
    {
        var serving = live.Current?.Version;
        var versions = await store.ReadAsync(db => db.ModelVersions.Where(version => version.Id > (serving ?? 0))
            .OrderByDescending(version => version.Id).ToListAsync(cancellationToken), cancellationToken);
        foreach (var version in versions)
        {
            try
            {
                live.Swap(Read(version));
                changes.Publish(ChangeFeed.LiveModel);
                return version.Id;
            }
            catch (InvalidInputException error)
            {
                LogUnreadable(version.Id, error.Message);
            }
        }
        return serving;
    }

    /// <summary>The twin of a version, or null when its file is gone or damaged.</summary>
    public ServingModel? ReadTwin(int version)
    {
        try
        {
            return ModelFile.Read(TwinPathOf(version));
        }
        catch (InvalidInputException error)
        {
            LogUnreadable(version, error.Message);
            return null;
        }
    }

    /// <summary>All versions, newest first.</summary>
    public Task<List<ModelVersion>> ListAsync(Caller caller, CancellationToken cancellationToken = default)
    {
        caller.RequireAdmin();
        return store.ReadAsync(db => db.ModelVersions.OrderByDescending(version => version.Id).ToListAsync(cancellationToken), cancellationToken);
    }

    async Task PruneAsync(CancellationToken cancellationToken)
    {
        var old = await store.WriteAsync(async db =>
        {
            var ids = await db.ModelVersions.OrderByDescending(version => version.Id).Skip(Kept).Select(version => version.Id).ToListAsync(cancellationToken);
            await db.ModelVersions.Where(version => ids.Contains(version.Id)).ExecuteDeleteAsync(cancellationToken);
            return ids;
        }, cancellationToken);
        foreach (var id in old)
        {
            File.Delete(PathOf(id));
            File.Delete(TwinPathOf(id));
        }
    }

    ServingModel Read(ModelVersion version)
    {
        var model = ModelFile.Read(PathOf(version.Id));
        // A sound file under another version's name, perhaps from a backup, would never be replaced by that version.
        return model.Version == version.Id ? model : throw new InvalidInputException($"its file holds version {model.Version}.");
    }

    string PathOf(int version) => Path.Combine(store.Paths.Models, version.ToString(CultureInfo.InvariantCulture) + ".model");

    string TwinPathOf(int version) => Path.Combine(store.Paths.Models, version.ToString(CultureInfo.InvariantCulture) + ".twin");

    [LoggerMessage(LogLevel.Error, "Model version {Version} cannot serve: {Reason}")]
    partial void LogUnreadable(int version, string reason);
}
