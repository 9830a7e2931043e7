using System.Globalization;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Domain.Models;

/// <summary>The files of the versions: each has its model and the twin that later runs compare with.</summary>
sealed class ShelfFiles(StorePaths paths)
{
    const string Twin = ".twin";
    const string Renumbered = ".renumbered";

    /// <summary>Writes both files and reads the model back, as it will be after a restart.</summary>
    public (ServingModel Loaded, string Checksum, long Size) Write(ServingModel model, ServingModel twin)
    {
        ModelFile.Write(TwinPathOf(model.Version), twin);
        var (checksum, size) = ModelFile.Write(PathOf(model.Version), model);
        return (ModelFile.Read(PathOf(model.Version)), checksum, size);
    }

    /// <param name="checksum">Of the file that was published.</param>
    /// <exception cref="InvalidInputException">The file is missing, damaged or another one.</exception>
    public ServingModel Read(int version, string checksum)
    {
        var model = ModelFile.Read(PathOf(version));
        // The process was stopped before they were replaced.
        if (model.Checksum != checksum && File.Exists(RenumberedPathOf(version))) model = ModelFile.Read(RenumberedPathOf(version));
        // A sound file under another version's name, perhaps from a backup, would never be replaced by that version.
        if (model.Version != version) throw new InvalidInputException($"its file holds version {model.Version}.");
        return model.Checksum == checksum ? model : throw new InvalidInputException("its file is not the one that was published.");
    }

    /// <summary>Writes a version beside its file, with other numbers for its films; <see cref="ReplaceByRenumbered"/> puts it in its place.</summary>
    /// <inheritdoc cref="Read"/>
    public (string Checksum, long Size) Renumber(int version, string checksum, Func<int, int> numberOf)
        => ModelFile.Write(RenumberedPathOf(version), Read(version, checksum).Renumbered(numberOf));

    /// <summary>The twins go: they are for comparing on ratings that are there no more.</summary>
    public void ReplaceByRenumbered()
    {
        foreach (var renumbered in Directory.GetFiles(paths.Models, "*" + Renumbered))
        {
            var file = renumbered[..^Renumbered.Length];
            File.Move(renumbered, file, overwrite: true);
            File.Delete(Path.ChangeExtension(file, Twin));
        }
    }

    /// <exception cref="InvalidInputException">The file is missing or damaged.</exception>
    public ServingModel ReadTwin(int version) => ModelFile.Read(TwinPathOf(version));

    public void Delete(int version)
    {
        File.Delete(PathOf(version));
        File.Delete(RenumberedPathOf(version));
        File.Delete(TwinPathOf(version));
    }

    string PathOf(int version) => Path.Combine(paths.Models, version.ToString(CultureInfo.InvariantCulture) + ".model");

    string RenumberedPathOf(int version) => PathOf(version) + Renumbered;

    string TwinPathOf(int version) => Path.Combine(paths.Models, version.ToString(CultureInfo.InvariantCulture) + Twin);
}
