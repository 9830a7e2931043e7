using System.Globalization;
using Microsoft.ML;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Factorization.MlNet;
using MovieRecommender.Domain.Models.Exchange;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Domain.Models;

/// <summary>One of a version's two models.</summary>
public enum ModelHead
{
    Ranking = 0,
    Stars = 1,
}

/// <summary>What films' vectors leave as.</summary>
public enum FactorFormat
{
    Safetensors = 0,
    Parquet = 1,
}

/// <summary>Takes a version elsewhere: a model as an ML.NET zip, whose rows bring a history with them (docs/ml-net.md), or its films as vectors. It holds films only, nobody's ratings.</summary>
public sealed class VersionExport(ModelShelf shelf, AdminActions actions, Store store)
{
    /// <returns>The zip, from its beginning; gone when it is disposed of.</returns>
    /// <exception cref="NotFoundException">There is no such version.</exception>
    /// <exception cref="InvalidInputException">Its file cannot be read.</exception>
    public async Task<Stream> AsMlNetAsync(Caller caller, int version, ModelHead head, CancellationToken cancellationToken = default)
    {
        caller.RequireAdmin();
        var model = await shelf.OpenAsync(version, cancellationToken);
        return await FileAsync(caller, $"{head.ToString().ToLowerInvariant()} model of version {version}",
            zip =>
            {
                MlNetModel.Save(new MLContext(), head == ModelHead.Ranking ? model.Ranking : model.Stars, model.MovieIds, zip);
                return Task.CompletedTask;
            }, cancellationToken);
    }

    /// <summary>The films' vectors behind a version's lists, with their ids, as <see cref="FactorFile"/> writes them.</summary>
    /// <inheritdoc cref="AsMlNetAsync"/>
    /// <exception cref="ConflictException">Its ranking has none.</exception>
    public async Task<Stream> FactorsAsync(Caller caller, int version, FactorFormat format, CancellationToken cancellationToken = default)
    {
        caller.RequireAdmin();
        var model = await shelf.OpenAsync(version, cancellationToken);
        var factors = model.Ranking.Factors(model.MovieIds) ?? throw new ConflictException($"Version {version} ranks by {model.Ranking.Algorithm}, which has no vectors.");
        var about = new Dictionary<string, string> { ["algorithm"] = model.Ranking.Algorithm, ["version"] = version.ToString(CultureInfo.InvariantCulture) };
        return await FileAsync(caller, $"vectors of version {version} as {format}", file =>
        {
            if (format == FactorFormat.Parquet) return FactorFile.WriteParquetAsync(file, factors, about, cancellationToken);
            FactorFile.Write(file, factors, about);
            return Task.CompletedTask;
        }, cancellationToken);
    }

    async Task<Stream> FileAsync(Caller caller, string what, Func<Stream, Task> write, CancellationToken cancellationToken)
    {
        var file = new FileStream(Path.GetTempFileName(), FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
        try
        {
            await write(file);
            await store.WriteAsync(db =>
            {
                actions.Record(db, caller, "exported the", what);
                return Task.CompletedTask;
            }, cancellationToken);
            file.Position = 0;
            return file;
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }
}
