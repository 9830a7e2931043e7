using System.Globalization;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Domain.Models;

/// <summary>The files of the versions: each has its model and the twin that later runs compare with.</summary>
sealed class ShelfFiles(StorePaths paths)
{
    /// <summary>Writes both files and reads the model back, as it will be after a restart.</summary>
    public (ServingModel Loaded, string Checksum, long Size) Write(ServingModel model, ServingModel twin)
    {
        ModelFile.Write(TwinPathOf(model.Version), twin);
        var (checksum, size) = ModelFile.Write(PathOf(model.Version), model);
        return (ModelFile.Read(PathOf(model.Version)), checksum, size);
    }

    /// <exception cref="InvalidInputException">The file is missing, damaged or another version's.</exception>
    public ServingModel Read(int version)
    {
        var model = ModelFile.Read(PathOf(version));
        // A sound file under another version's name, perhaps from a backup, would never be replaced by that version.
        return model.Version == version ? model : throw new InvalidInputException($"its file holds version {model.Version}.");
    }

    /// <exception cref="InvalidInputException">The file is missing or damaged.</exception>
    public ServingModel ReadTwin(int version) => ModelFile.Read(TwinPathOf(version));

    public void Delete(int version)
    {
        File.Delete(PathOf(version));
        File.Delete(TwinPathOf(version));
    }

    string PathOf(int version) => Path.Combine(paths.Models, version.ToString(CultureInfo.InvariantCulture) + ".model");

    string TwinPathOf(int version) => Path.Combine(paths.Models, version.ToString(CultureInfo.InvariantCulture) + ".twin");
}
