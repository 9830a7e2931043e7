using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using MovieRecommender.Domain.Catalog;
using MovieRecommender.Domain.Catalog.MovieLens;
using MovieRecommender.Domain.Factorization;
using MovieRecommender.Domain.Models;
using MovieRecommender.Domain.Models.Exchange;
using MovieRecommender.Domain.Ratings.Histories;
using MovieRecommender.Tests.Factorization;
using MovieRecommender.Web.Api.Serving;

namespace MovieRecommender.Benchmarks.Fuzzing;

/// <summary>A parser, good files to begin with, and how it is run on a changed one: it returns, or throws its one error.</summary>
sealed record Parser(string Name, (string File, byte[] Content)[] Seeds, Action<string, byte[]> Run);

/// <summary>Everything here that reads what somebody else wrote. The tests run it too, for less long.</summary>
sealed class Parsers : IDisposable
{
    static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddYears(56);
    static readonly (string File, byte[] Content)[] Csv =
    [
        ("movies.csv", Text("movieId,title,genres\n1,Lanterns (1999),Drama|Sci-Fi\n2,\"Silent Harbour, The (Le Port muet) (1954)\",Film-Noir\n3,\"Wake, Or: Sleep (2004)\",(no genres listed)\n")),
        ("ratings.csv", Text("userId,movieId,rating,timestamp\n1,1,4.5,1000000001\n1,2,0.5,1000000002\n2,1,5.0,1000000003\n")),
        ("links.csv", Text("movieId,imdbId,tmdbId\n1,0012345,77\n2,0054321,\n")),
        ("tags.csv", Text("userId,movieId,tag,timestamp\n2,1,\"slow, but \"\"good\"\"\",1000000006\n")),
    ];

    static readonly (string File, byte[] Content)[] Dat =
    [
        ("movies.dat", Text("1::Lanterns (1999)::Drama|Sci-Fi\n2::Silent Harbour, The (1954)::Film-Noir\n3::Café (2004)::Comedy\n")),
        ("ratings.dat", Text("1::1::4.5::1000000001\n1::2::0.5::1000000002\n2::1::5::1000000003\n")),
        ("tags.dat", Text("2::1::slow::1000000006\n")),
    ];

    static readonly (string File, byte[] Content)[] HundredK =
    [
        ("u.item", Text("1|Lanterns (1999)|01-Jan-1999||http://example.org|0|0|0|0|0|0|0|0|1|0|0|0|0|0|0|1|0|0|0\n")),
        ("u.data", Text("1\t1\t4\t1000000001\n1\t2\t1\t1000000002\n")),
    ];

    static readonly (string File, byte[] Content)[] Letterboxd =
    [
        ("ratings.csv", Text("Date,Name,Year,Letterboxd URI,Rating\n2024-01-02,Lanterns,1999,https://boxd.it/1,4.5\n")),
        ("diary.csv", Text("Date,Name,Year,Letterboxd URI,Rating,Rewatch,Tags,Watched Date\n2024-01-02,Lanterns,1999,https://boxd.it/1,,Yes,,2024-01-01\n")),
        ("watchlist.csv", Text("Date,Name,Year,Letterboxd URI\n2024-01-02,\"Harbour, The\",1954,https://boxd.it/2\n")),
    ];

    readonly string _folder = Directory.CreateTempSubdirectory("movierecommender-fuzz-").FullName;

    public IReadOnlyList<Parser> All =>
    [
        new("model", [.. Trainers.Names.Select(Trainers.Create).Append(new ItemFactorsTrainer(new([1, 2, 3], 2, [1, 0, 0, 1, 0.5f, -0.5f]), [.. Enumerable.Range(1, 6)])).Select(Model)], (_, content) => ReadModel(content)),
        new("movielens-csv", Csv, (file, content) => Drain(new CsvDataSet(new Files(With(Csv, file, content))))),
        new("movielens-dat", Dat, (file, content) => Drain(new DatDataSet(new Files(With(Dat, file, content))))),
        new("movielens-100k", HundredK, (file, content) => Drain(new HundredKDataSet(new Files(With(HundredK, file, content))))),
        new("movielens-zip", [("a.zip", Zip(Csv)), ("b.zip", Zip(Dat))], Upload),
        new("upload-csv", Csv[..2], Upload),
        new("letterboxd-zip", [("a.zip", Zip(Letterboxd))], History),
        new("history-csv",
        [
            .. Letterboxd,
            ("imdb.csv", Text("Const,Your Rating,Date Rated,Title,Original Title,URL,Title Type,IMDb Rating,Runtime (mins),Year,Genres,Num Votes,Release Date,Directors\ntt0012345,9,2024-01-02,Lanterns,Lanterns,https://example.org,Movie,7.1,99,1999,Drama,1000,1999-01-01,Ann\n")),
            ("movielens.csv", Text("movie_id,imdb_id,tmdb_id,rating,average_rating,title\n1,0012345,77,4.5,3.9,Lanterns (1999)\n")),
            ("own.csv", Text("tmdbID,imdbID,Title,Year,Rating,WatchedDate\n77,tt0012345,'=Lanterns,1999,4.5,2024-01-02\n")),
        ], History),
        new("trakt-json", [("trakt.json", Text("[{\"rated_at\":\"2024-01-02T03:04:05.000Z\",\"rating\":9,\"type\":\"movie\",\"movie\":{\"title\":\"Lanterns\",\"year\":1999,\"ids\":{\"trakt\":1,\"slug\":\"lanterns\",\"imdb\":\"tt0012345\",\"tmdb\":\"77\"}}}]"))], History),
        new("item-factors", [("a.safetensors", Factors())], (_, content) => FactorFile.Read(content)),
        new("predict-body",
        [
            ("rows", Text("{\"signature_name\":\"serving_default\",\"instances\":[[1,2],[3,4]]}")),
            ("named", Text("{\"instances\":[{\"input_1\":[1,2]}]}")),
            ("columns", Text("{\"inputs\":{\"input_1\":[[1,2],[3,4]]}}")),
        ], (_, content) => PredictBody.ReadAsync(new MemoryStream(content), CancellationToken.None).GetAwaiter().GetResult()),
    ];

    /// <summary>A seed with some bytes flipped, put in, taken out, repeated or replaced by what parsers stumble over.</summary>
    public static byte[] Mutate(byte[] seed, Random random)
    {
        byte[][] hard = ["\""u8.ToArray(), ","u8.ToArray(), "\n"u8.ToArray(), "\r"u8.ToArray(), "::"u8.ToArray(), "-1"u8.ToArray(), "99999999999999999999"u8.ToArray(), "1e999"u8.ToArray(), "NaN"u8.ToArray(), "null"u8.ToArray(), "[]"u8.ToArray(), "{}"u8.ToArray(), [0], [0xFF, 0xFF, 0xFF, 0x7F], [0xFF, 0xFE], [0xED, 0xA0, 0x80], [0xEF, 0xBB, 0xBF], "\\ud800"u8.ToArray(), "0001-01-01"u8.ToArray(), "9999-12-31T23:59:59-14:00"u8.ToArray()];
        var bytes = new List<byte>(seed);
        for (var changes = random.Next(1, 7); changes > 0 && bytes.Count > 0; changes--)
        {
            var at = random.Next(bytes.Count);
            var length = Math.Min(random.Next(1, 17), bytes.Count - at);
            switch (random.Next(6))
            {
                case 0: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 1: bytes[at] = (byte)random.Next(256); break;
                case 2: bytes.RemoveRange(at, length); break;
                case 3: bytes.InsertRange(at, bytes.GetRange(at, length)); break;
                case 4: bytes.InsertRange(at, hard[random.Next(hard.Length)]); break;
                default:
                    bytes.RemoveRange(at, length);
                    bytes.InsertRange(at, hard[random.Next(hard.Length)]);
                    break;
            }
        }
        return [.. bytes];
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    static byte[] Factors()
    {
        using var file = new MemoryStream();
        FactorFile.Write(file, new([1, 2, 3], 2, [1, 0, 0, 1, 0.5f, -0.5f]), new Dictionary<string, string> { ["algorithm"] = "a test" });
        return file.ToArray();
    }

    (string File, byte[] Content) Model(ITrainer trainer)
    {
        var world = ToyWorlds.Checkerboard(people: 8, films: 6);
        var ranking = trainer.Train(world, null, CancellationToken.None);
        var stars = ranking as StarModel ?? (StarModel)new PopularityTrainer().Train(world, null, CancellationToken.None);
        ModelFile.Write(PathOf(trainer.Name), new(1, [.. Enumerable.Range(1, ranking.Items)], ranking, stars));
        return (trainer.Name, File.ReadAllBytes(PathOf(trainer.Name)));
    }

    /// <summary>Sealed again after the change: what the checksum lets pass must be read safely too.</summary>
    void ReadModel(byte[] content)
    {
        if (content.Length > SHA256.HashSizeInBytes) SHA256.HashData(content.AsSpan(0, content.Length - SHA256.HashSizeInBytes)).CopyTo(content.AsSpan(content.Length - SHA256.HashSizeInBytes));
        File.WriteAllBytes(PathOf("model"), content);
        ModelFile.Read(PathOf("model"));
    }

    void Upload(string file, byte[] content)
    {
        File.WriteAllBytes(PathOf("upload"), content);
        Drain(DataSources.OpenUpload(PathOf("upload"), file));
    }

    static void History(string file, byte[] content) => HistoryReader.Read(file, content, Now);

    static void Drain(DataSet data)
    {
        using (data)
        {
            var bad = new BadRows();
            if (data.HasMovies) foreach (var _ in data.Movies(bad)) { }
            if (data.HasRatings) foreach (var _ in data.Ratings(bad)) { }
            foreach (var _ in data.Tags(bad)) { }
        }
    }

    string PathOf(string name) => Path.Combine(_folder, name);

    static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);

    static (string File, byte[] Content)[] With((string File, byte[] Content)[] files, string file, byte[] content) => [.. files.Select(one => one.File == file ? (file, content) : one)];

    static byte[] Zip((string File, byte[] Content)[] files)
    {
        using var memory = new MemoryStream();
        using (var zip = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (file, content) in files)
            {
                using var entry = zip.CreateEntry(file).Open();
                entry.Write(content);
            }
        }
        return memory.ToArray();
    }

    sealed class Files((string File, byte[] Content)[] files) : SourceFiles
    {
        public override string Name => "a folder";

        public override bool Has(string file) => files.Any(one => one.File == file);

        public override Stream Open(string file) => new MemoryStream(files.First(one => one.File == file).Content);

        public override long Length(string file) => files.First(one => one.File == file).Content.Length;
    }
}
