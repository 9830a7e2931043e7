using Microsoft.Extensions.Options;

namespace MovieRecommender.Domain.Imports;

/// <summary>What admins may send; configuration section <c>Imports</c>, checked at start.</summary>
public sealed class ImportOptions
{
    public const string Section = "Imports";

    /// <summary>Size of an uploaded file in bytes, 1,000 to 100,000,000,000. Default 2,000,000,000, room for every MovieLens zip.</summary>
    public long LargestUpload { get; set; } = 2_000_000_000;

    /// <summary>Rows of one file that an admin sends, or of one in the zip, 1,000 to 2,000,000,000. Default 100,000,000, three times the largest MovieLens file.</summary>
    public int MostRows { get; set; } = 100_000_000;

    internal sealed class Validator : IValidateOptions<ImportOptions>
    {
        public ValidateOptionsResult Validate(string? name, ImportOptions options)
            => options.LargestUpload is < 1_000 or > 100_000_000_000 ? ValidateOptionsResult.Fail($"Imports:LargestUpload is {options.LargestUpload}; allowed is 1,000 to 100,000,000,000 bytes.")
                : options.MostRows is < 1_000 or > 2_000_000_000 ? ValidateOptionsResult.Fail($"Imports:MostRows is {options.MostRows}; allowed is 1,000 to 2,000,000,000 rows.")
                : ValidateOptionsResult.Success;
    }
}
