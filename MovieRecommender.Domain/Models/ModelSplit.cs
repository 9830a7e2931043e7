using System.Buffers.Binary;
using System.Security.Cryptography;

namespace MovieRecommender.Domain.Models;

/// <summary>A share of viewers whose own lists come from the candidate, so that what comes of them can be compared.</summary>
/// <param name="Percent">1 to 50.</param>
public sealed record ModelSplit(ServingModel Candidate, int Percent)
{
    public const int MostPercent = 50;

    /// <summary>Always the same answer for a viewer and a version. Whoever is in stays in when the share grows, and each version has its own people.</summary>
    public bool Includes(int viewerId)
    {
        Span<byte> key = stackalloc byte[2 * sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(key, viewerId);
        BinaryPrimitives.WriteInt32LittleEndian(key[sizeof(int)..], Candidate.Version);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(key, hash);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash) % 100 < (ulong)Percent;
    }
}
