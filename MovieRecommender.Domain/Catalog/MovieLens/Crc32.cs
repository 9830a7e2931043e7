namespace MovieRecommender.Domain.Catalog.MovieLens;

/// <summary>The checksum that zip files carry (CRC-32, reflected polynomial 0xEDB88320). The framework's zip reader does not compare it.</summary>
sealed class Crc32
{
    static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(Entry)];
    uint _state = uint.MaxValue;

    public uint Value => ~_state;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        var state = _state;
        foreach (var value in bytes) state = Table[(byte)(state ^ value)] ^ (state >> 8);
        _state = state;
    }

    static uint Entry(int index)
    {
        var value = (uint)index;
        for (var bit = 0; bit < 8; bit++) value = (value & 1) == 0 ? value >> 1 : (value >> 1) ^ 0xEDB88320;
        return value;
    }
}
