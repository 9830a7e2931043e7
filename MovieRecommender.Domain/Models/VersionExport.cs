using Microsoft.ML;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Factorization.MlNet;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Domain.Models;

/// <summary>One of a version's two models.</summary>
public enum ModelHead
{
    Ranking = 0,
    Stars = 1,
}

/// <summary>Takes a version elsewhere: a model as an ML.NET zip, whose rows bring a history with them (docs/ml-net.md). It holds films only, nobody's ratings.</summary>
public sealed class VersionExport(ModelShelf shelf, AdminActions actions, Store store)
{
    /// <returns>The zip, from its beginning; gone when it is disposed of.</returns>
    /// <exception cref="NotFoundException">There is no such version.</exception>
    /// <exception cref="InvalidInputException">Its file cannot be read.</exception>
    public async Task<Stream> AsMlNetAsync(Caller caller, int version, ModelHead head, CancellationToken cancellationToken = default)
    {
        caller.RequireAdmin();
        var model = await shelf.OpenAsync(version, cancellationToken);
        var zip = new FileStream(Path.GetTempFileName(), FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
        try
        {
            MlNetModel.Save(new MLContext(), head == ModelHead.Ranking ? model.Ranking : model.Stars, model.MovieIds, zip);
            await store.WriteAsync(db =>
            {
                actions.Record(db, caller, "exported the", $"{head.ToString().ToLowerInvariant()} model of version {version}");
                return Task.CompletedTask;
            }, cancellationToken);
            zip.Position = 0;
            return zip;
        }
        catch
        {
            await zip.DisposeAsync();
            throw;
        }
    }
}
