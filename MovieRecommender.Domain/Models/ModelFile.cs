using System.Security.Cryptography;
using System.Text;
using MovieRecommender.Domain.Factorization;

namespace MovieRecommender.Domain.Models;

/// <summary>
/// A version as a file: magic, format, version number, movie ids, ranking head, stars head, then the SHA-256 of all before it.
/// Little-endian, as <see cref="BinaryWriter"/> writes on every machine.
/// </summary>
public static class ModelFile
{
    const int Format = 1;
    static readonly byte[] Magic = "MRMODEL\n"u8.ToArray();

    /// <summary>Writes beside the target, flushes to the disk, then renames: a reader sees the whole file or none.</summary>
    /// <returns>SHA-256 in hex, and size in bytes.</returns>
    public static (string Checksum, long Size) Write(string path, ServingModel model)
    {
        var partial = path + ".partial";
        byte[] hash;
        long size;
        using (var file = new FileStream(partial, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16))
        {
            using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            using (var hashing = new HashingStream(file, sha))
            using (var writer = new BinaryWriter(hashing, Encoding.UTF8, leaveOpen: true))
            {
                writer.Write(Magic);
                writer.Write(Format);
                writer.Write(model.Version);
                writer.Write(model.MovieIds.Count);
                foreach (var id in model.MovieIds) writer.Write(id);
                ItemModelFormat.Write(model.Ranking, writer);
                ItemModelFormat.Write(model.Stars, writer);
            }
            hash = sha.GetHashAndReset();
            file.Write(hash);
            file.Flush(flushToDisk: true);
            size = file.Length;
        }
        File.Move(partial, path, overwrite: true);
        return (Convert.ToHexStringLower(hash), size);
    }

    /// <summary>Goes through the file twice, for the checksum and for the model, and holds no copy of it: a version is promoted while others are served.</summary>
    /// <exception cref="InvalidInputException">The file is missing, cut short, changed or of another format; the message says which.</exception>
    public static ServingModel Read(string path)
    {
        var name = Path.GetFileName(path);
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1 << 16, FileOptions.SequentialScan);
            var checksum = Verify(file, name);
            file.Position = Magic.Length;
            using var reader = new BinaryReader(file, Encoding.UTF8, leaveOpen: true);
            var format = reader.ReadInt32();
            if (format != Format) throw new InvalidInputException($"{name} has format {format}; this version reads format {Format}.");
            var version = reader.ReadInt32();
            var ids = reader.ReadArray<int>();
            var ranking = ItemModelFormat.Read(reader);
            var stars = ItemModelFormat.Read(reader) as StarModel
                ?? throw new InvalidInputException($"The second head of {name} does not predict stars.");
            return new(version, ids, ranking, stars) { Checksum = checksum };
        }
        catch (Exception error) when (error is EndOfStreamException or OverflowException or ArgumentException or InvalidDataException or FormatException)
        {
            throw new InvalidInputException($"The model file {name} cannot be understood: {error.Message}", error);
        }
        catch (FileNotFoundException error)
        {
            throw new InvalidInputException($"The model file {name} cannot be read: it is missing.", error);
        }
        catch (IOException error)
        {
            throw new InvalidInputException($"The model file {name} cannot be read: {error.Message}", error);
        }
    }

    /// <returns>The checksum, in hex.</returns>
    static string Verify(FileStream file, string name)
    {
        const int hashSize = SHA256.HashSizeInBytes;
        var buffer = new byte[1 << 16];
        var beginning = buffer.AsSpan(0, Magic.Length);
        if (file.Length < Magic.Length + hashSize || file.ReadAtLeast(beginning, Magic.Length, throwOnEndOfStream: false) < Magic.Length || !beginning.SequenceEqual(Magic))
            throw new InvalidInputException($"{name} is not a model file.");
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha.AppendData(beginning);
        for (var left = file.Length - Magic.Length - hashSize; left > 0;)
        {
            var part = buffer.AsSpan(0, (int)Math.Min(left, buffer.Length));
            file.ReadExactly(part);
            sha.AppendData(part);
            left -= part.Length;
        }
        var written = buffer.AsSpan(0, hashSize);
        file.ReadExactly(written);
        if (!written.SequenceEqual(sha.GetHashAndReset())) throw new InvalidInputException($"The model file {name} is damaged: its checksum does not match.");
        return Convert.ToHexStringLower(written);
    }

    sealed class HashingStream(Stream inner, IncrementalHash hash) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => inner.Length;

        public override long Position { get => inner.Position; set => throw new NotSupportedException(); }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            hash.AppendData(buffer);
            inner.Write(buffer);
        }

        public override void Flush() => inner.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
