using Microsoft.EntityFrameworkCore;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Domain.Models;

/// <content>Versions follow their films to other numbers.</content>
public sealed partial class ModelShelf
{
    /// <summary>
    /// Gives the films of every version other numbers; the caller's transaction decides whether it counts, and afterwards <see cref="SettleAsync"/> is due.
    /// Until then the files are not those the rows name, and none of them serves. A run under way cannot publish any more: the number it was given is used up.
    /// </summary>
    /// <param name="numberOf">The new number of a film.</param>
    internal async Task RenumberAsync(AppDbContext db, Func<int, int> numberOf, CancellationToken cancellationToken)
    {
        foreach (var version in await db.ModelVersions.AsNoTracking().ToListAsync(cancellationToken))
        {
            try
            {
                var (checksum, size) = _files.Renumber(version.Id, version.Checksum, numberOf);
                await db.ModelVersions.Where(row => row.Id == version.Id)
                    .ExecuteUpdateAsync(set => set.SetProperty(row => row.Checksum, checksum).SetProperty(row => row.Size, size), cancellationToken);
            }
            catch (InvalidInputException error)
            {
                // It stays as it is.
                LogUnreadable(version.Id, error.Message);
            }
        }
        var newest = Math.Max(await db.ModelVersions.MaxAsync(version => (int?)version.Id, cancellationToken) ?? 0, await db.ReadStateAsync(StoreState.NewestVersion, cancellationToken));
        await db.SetStateAsync(StoreState.NewestVersion, newest + 1, cancellationToken);
    }

    /// <summary>Puts the renumbered files in their place and serves from them.</summary>
    internal async Task SettleAsync()
    {
        _files.ReplaceByRenumbered();
        await LoadLiveAsync(CancellationToken.None);
    }
}
