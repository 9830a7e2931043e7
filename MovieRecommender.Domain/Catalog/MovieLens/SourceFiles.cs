using System.IO.Compression;

namespace MovieRecommender.Domain.Catalog.MovieLens;

/// <summary>The files of a folder or a zip, found by bare name. A name inside a zip never becomes a path.</summary>
abstract class SourceFiles : IDisposable
{
    public abstract string Name { get; }

    /// <summary>True for a single file that adds to what the store knows.</summary>
    public virtual bool IsPart => false;

    /// <summary>Rows that a file may have, its header not counted.</summary>
    public int MostRows { get; private init; } = int.MaxValue;

    /// <exception cref="InvalidInputException">There are more than <see cref="MostRows"/>.</exception>
    public void CheckRows(string file, long rows)
    {
        if (rows > MostRows) throw new InvalidInputException($"{file} has more than {MostRows:N0} rows. Send it in parts, or raise Imports:MostRows.");
    }

    public abstract bool Has(string file);

    public abstract Stream Open(string file);

    /// <summary>Size of the file's content in bytes, as its container claims.</summary>
    public abstract long Length(string file);

    public virtual void Dispose() { }

    public static SourceFiles At(string path) => Directory.Exists(path) ? new FolderFiles(path) : Zip(path, Path.GetFileNameWithoutExtension(path), path);

    /// <param name="name">What people call it.</param>
    /// <param name="shown">How errors call it; not always its path.</param>
    public static SourceFiles Zip(string path, string name, string shown, int mostRows = int.MaxValue)
    {
        try
        {
            return new ZipFiles(path, name) { MostRows = mostRows };
        }
        catch (InvalidDataException error)
        {
            throw new InvalidInputException($"'{shown}' is not a zip file. Give a MovieLens folder or zip.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"'{shown}' cannot be read: {error.Message}", error);
        }
    }

    /// <summary>One csv of a data set.</summary>
    /// <param name="file">Which of MovieLens's files it is.</param>
    public static SourceFiles Single(string path, string file, int mostRows) => new SingleFile(path, file) { MostRows = mostRows };

    sealed class SingleFile(string path, string file) : SourceFiles
    {
        public override string Name => file;

        public override bool IsPart => true;

        public override bool Has(string other) => other == file;

        public override Stream Open(string other) => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);

        public override long Length(string other) => other == file ? new FileInfo(path).Length : 0;
    }

    sealed class FolderFiles(string folder) : SourceFiles
    {
        public override string Name { get; } = new DirectoryInfo(folder).Name;

        public override bool Has(string file) => File.Exists(Path.Combine(folder, file));

        public override Stream Open(string file)
            => new FileStream(Path.Combine(folder, file), FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);

        public override long Length(string file) => new FileInfo(Path.Combine(folder, file)).Length;
    }

    sealed class ZipFiles : SourceFiles
    {
        readonly ZipArchive _zip;
        readonly Dictionary<string, ZipArchiveEntry> _entries = new(StringComparer.OrdinalIgnoreCase);

        public ZipFiles(string path, string name)
        {
            Name = name;
            _zip = ZipFile.OpenRead(path);
            // MovieLens zips hold one folder; the file nearest the root wins.
            foreach (var entry in _zip.Entries.OrderBy(entry => entry.FullName.Count(c => c == '/')))
                if (entry.Name.Length > 0) _entries.TryAdd(entry.Name, entry);
        }

        public override string Name { get; }

        public override bool Has(string file) => _entries.ContainsKey(file);

        public override Stream Open(string file)
        {
            var entry = _entries[file];
            try
            {
                return new InflationGuard(entry.Open(), entry, file);
            }
            catch (InvalidDataException error)
            {
                throw InflationGuard.Damaged(file, error.Message, error);
            }
        }

        public override long Length(string file) => _entries[file].Length;

        public override void Dispose() => _zip.Dispose();
    }
}

/// <summary>
/// Stops a zip entry that inflates to more than any real data set does, and one that ends early or does not inflate.
/// Counts what is really read; headers may lie.
/// </summary>
sealed class InflationGuard(Stream inner, ZipArchiveEntry entry, string file) : Stream
{
    const long LargestFile = 16L << 30;
    const long LargestRatio = 200;
    const long AlwaysAllowed = 1 << 20;
    readonly Crc32 _checksum = new();
    readonly long _limit = Math.Min(LargestFile, Math.Max(AlwaysAllowed, entry.CompressedLength * LargestRatio));
    long _read;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => _read; set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    // The data sets read synchronously, so this is the one way in; the base class leads asynchronous reads here too.
    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty) return 0;
        try
        {
            var read = inner.Read(buffer);
            _checksum.Append(buffer[..read]);
            return Count(read);
        }
        catch (InvalidDataException error)
        {
            throw Damaged(file, error.Message, error);
        }
    }

    public static InvalidInputException Damaged(string file, string why, Exception? inner = null)
        => inner is null ? new($"'{file}' in the zip is damaged: {why.TrimEnd('.')}.") : new($"'{file}' in the zip is damaged: {why.TrimEnd('.')}.", inner);

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    int Count(int read)
    {
        if (read == 0 && _checksum.Value != entry.Crc32) throw Damaged(file, $"its checksum does not match after {_read:N0} bytes");
        _read += read;
        return _read <= _limit ? read
            : throw new InvalidInputException($"'{file}' in the zip inflates to more than {_limit:N0} bytes, {LargestRatio} times its packed size. That is no MovieLens file.");
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }
}
