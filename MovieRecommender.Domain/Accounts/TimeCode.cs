using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace MovieRecommender.Domain.Accounts;

/// <summary>
/// Codes of authenticator apps (RFC 6238: SHA-1, 30 seconds, six digits). Identity's own check does not tell which step of time a code
/// is of, and that is what must be remembered so that no code is taken twice.
/// </summary>
static class TimeCode
{
    const string Base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /// <summary>Clocks may be so many steps apart.</summary>
    const int Drift = 1;

    /// <summary>The latest step of time the code is of, or null for a wrong code.</summary>
    /// <param name="key">In base 32, as Identity makes it.</param>
    public static long? StepOf(string key, string code, DateTimeOffset now)
    {
        if (code.Length != 6 || !code.All(char.IsAsciiDigit)) return null;
        var secret = Decode(key);
        var present = now.ToUnixTimeSeconds() / 30;
        long? found = null;
        for (var step = present - Drift; step <= present + Drift; step++)
        {
            if (CryptographicOperations.FixedTimeEquals(At(secret, step), System.Text.Encoding.ASCII.GetBytes(code))) found = step;
        }
        return found;
    }

    static byte[] At(byte[] secret, long step)
    {
        Span<byte> counter = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
#pragma warning disable CA5350 // The standard and every app use SHA-1 here.
        var hash = HMACSHA1.HashData(secret, counter);
#pragma warning restore CA5350
        var number = BinaryPrimitives.ReadUInt32BigEndian(hash.AsSpan(hash[^1] & 15)) & 0x7FFF_FFFF;
        return System.Text.Encoding.ASCII.GetBytes((number % 1_000_000).ToString("D6", CultureInfo.InvariantCulture));
    }

    static byte[] Decode(string key)
    {
        var bytes = new List<byte>(key.Length * 5 / 8);
        var (buffer, bits) = (0, 0);
        foreach (var letter in key.TrimEnd('='))
        {
            buffer = (buffer << 5 | Base32.IndexOf(char.ToUpperInvariant(letter), StringComparison.Ordinal)) & 0xFFF;
            bits += 5;
            if (bits < 8) continue;
            bits -= 8;
            bytes.Add((byte)(buffer >> bits));
        }
        return [.. bytes];
    }
}
