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
    /// <returns>The versions. One whose file cannot be read stays as it is.</returns>
    internal async Task<IReadOnlyList<int>> RenumberAsync(AppDbContext db, Func<int, int> numberOf, CancellationToken cancellationToken)
    {
        var renumbered = new List<int>();
        foreach (var version in await db.ModelVersions.AsNoTracking().ToListAsync(cancellationToken))
        {
            try
            {
                var (checksum, size) = _files.Renumber(version.Id, version.Checksum, numberOf);
                await db.ModelVersions.Where(row => row.Id == version.Id)
                    .ExecuteUpdateAsync(set => set.SetProperty(row => row.Checksum, checksum).SetProperty(row => row.Size, size), cancellationToken);
                renumbered.Add(version.Id);
            }
            catch (InvalidInputException error)
            {
                LogUnreadable(version.Id, error.Message);
            }
        }
        var newest = Math.Max(await db.ModelVersions.MaxAsync(version => (int?)version.Id, cancellationToken) ?? 0, await db.ReadStateAsync(StoreState.NewestVersion, cancellationToken));
        await db.SetStateAsync(StoreState.NewestVersion, newest + 1, cancellationToken);
        return renumbered;
    }

    /// <summary>Puts the renumbered files in their place and serves from them.</summary>
    internal async Task SettleAsync(IReadOnlyList<int> renumbered)
    {
        foreach (var version in renumbered) _files.Replace(version);
        await LoadLiveAsync(CancellationToken.None);
    }
}
