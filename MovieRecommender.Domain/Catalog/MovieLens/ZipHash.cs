using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace MovieRecommender.Domain.Catalog.MovieLens;

/// <summary>The hash a download must have.</summary>
/// <param name="Source">Who says so, to be read after "the NAME that".</param>
sealed partial record ZipHash(HashAlgorithmName Algorithm, string Hex, string Source)
{
    const int Md5Digits = 32;
    const int Sha256Digits = 64;

    public string Kind => Algorithm == HashAlgorithmName.MD5 ? "MD5" : "SHA-256";

    /// <exception cref="InvalidInputException">It is neither an MD5 nor a SHA-256.</exception>
    public static ZipHash Of(string text, string source, string name = "hash")
    {
        var hex = text.Trim().ToLowerInvariant();
        return hex.Length is Md5Digits or Sha256Digits && hex.All(char.IsAsciiHexDigit)
            ? new(hex.Length == Md5Digits ? HashAlgorithmName.MD5 : HashAlgorithmName.SHA256, hex, source)
            : throw new InvalidInputException($"{name} is '{(hex.Length > 80 ? hex[..80] + "…" : hex)}'; allowed is an MD5 ({Md5Digits} hex digits) or a SHA-256 ({Sha256Digits}).");
    }

    /// <summary>What is published beside a zip: its MD5, with or without its name.</summary>
    public static ZipHash? Published(string text) => Md5().Match(text) is { Success: true } match ? new(HashAlgorithmName.MD5, match.Value.ToLowerInvariant(), "is published") : null;

    public async Task<bool> FitsAsync(string file, CancellationToken cancellationToken) => await OfFileAsync(file, Algorithm, cancellationToken) == Hex;

    public static async Task<string> OfFileAsync(string file, HashAlgorithmName algorithm, CancellationToken cancellationToken)
    {
        await using var content = File.OpenRead(file);
        return Convert.ToHexStringLower(await CryptographicOperations.HashDataAsync(algorithm, content, cancellationToken));
    }

    [GeneratedRegex(@"(?<![0-9a-fA-F])[0-9a-fA-F]{32}(?![0-9a-fA-F])", RegexOptions.None, 1000)]
    private static partial Regex Md5();
}

/// <summary>What was downloaded is not what was expected.</summary>
/// <param name="sha256">Of what came, in hex.</param>
/// <param name="mayBeReissued">Whether it may be right all the same, so that an admin can say so.</param>
public sealed class WrongDownloadException(Wording wording, string sha256, bool mayBeReissued) : InvalidInputException(wording)
{
    public string Sha256 { get; } = sha256;

    public bool MayBeReissued { get; } = mayBeReissued;
}
