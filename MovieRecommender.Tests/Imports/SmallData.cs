using System.IO.Compression;
using System.Text;

namespace MovieRecommender.Tests.Imports;

/// <summary>A tiny data set, made up here, in each of MovieLens's formats, as a folder or a zip that vanishes with the test.</summary>
sealed class SmallData : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("movierecommender-data-").FullName;

    public const string Movies = """
        movieId,title,genres
        1,Lanterns (1999),Drama|Sci-Fi
        2,"Silent Harbour, The (Le Port muet) (1954)",Film-Noir
        3,"Wake, Or: Sleep (2004)",(no genres listed)

        """;

    public const string Ratings = """
        userId,movieId,rating,timestamp
        1,1,4.5,1000000001
        1,2,0.5,1000000002
        2,1,5.0,1000000003
        2,3,3.0,1000000004
        7,2,1.0,1000000005

        """;

    public static readonly (string Name, string Text)[] Csv =
    [
        ("movies.csv", Movies),
        ("ratings.csv", Ratings),
        ("links.csv", "movieId,imdbId,tmdbId\n1,0012345,77\n2,0054321,\n"),
        ("tags.csv", "userId,movieId,tag,timestamp\n2,1,\"slow, but \"\"good\"\"\",1000000006\n"),
    ];

    public static readonly (string Name, string Text)[] Dat =
    [
        ("movies.dat", "1::Lanterns (1999)::Drama|Sci-Fi\n2::Silent Harbour, The (1954)::Film-Noir\n3::Café (2004)::Comedy\n"),
        ("ratings.dat", "1::1::4.5::1000000001\n1::2::0.5::1000000002\n2::1::5::1000000003\n2::3::3::1000000004\n7::2::1::1000000005\n"),
    ];

    public static readonly (string Name, string Text)[] HundredK =
    [
        ("u.item", "1|Lanterns (1999)|01-Jan-1999||http://example.org|0|0|0|0|0|0|0|0|1|0|0|0|0|0|0|1|0|0|0\n"
            + "2|Silent Harbour, The (1954)|01-Jan-1954||http://example.org|0|0|0|0|0|0|0|0|0|0|1|0|0|0|0|0|0|0|0\n"
            + "3|Café (2004)|01-Jan-2004||http://example.org|0|0|0|0|0|1|0|0|0|0|0|0|0|0|0|0|0|0|0\n"),
        ("u.data", "1\t1\t4\t1000000001\n1\t2\t1\t1000000002\n2\t1\t5\t1000000003\n2\t3\t3\t1000000004\n7\t2\t1\t1000000005\n"),
    ];

    /// <summary>The csv files with one of them replaced.</summary>
    public static (string Name, string Text)[] CsvWith(string name, string text)
        => [.. Csv.Where(file => file.Name != name), (name, text)];

    /// <summary>Forty people of two opposite tastes over twenty films, in csv: enough to train on in no time.</summary>
    public static (string Name, string Text)[] Opposites()
    {
        var films = Enumerable.Range(1, 20).Select(film => $"{film},Film {film} ({1980 + film}),{(film % 2 == 0 ? "Comedy" : "Drama")}\n");
        var ratings =
            from viewer in Enumerable.Range(1, 40)
            from film in Enumerable.Range(1, 20)
            where ((viewer / 2) + (film / 2)) % 4 != 0
            select $"{viewer},{film},{(viewer % 2 == film % 2 ? 5 : 1)},{1_000_000 + (viewer * 50_000) + (film * 1000)}\n";
        return [("movies.csv", "movieId,title,genres\n" + string.Concat(films)), ("ratings.csv", "userId,movieId,rating,timestamp\n" + string.Concat(ratings))];
    }

    public string PathOf(string name) => Path.Combine(_folder, name);

    public string Folder(params (string Name, string Text)[] files) => Folder(Encoding.UTF8, files);

    public string Folder(Encoding encoding, params (string Name, string Text)[] files)
    {
        var folder = Directory.CreateDirectory(PathOf("folder")).FullName;
        foreach (var (name, text) in files) File.WriteAllBytes(Path.Combine(folder, name), encoding.GetBytes(text));
        return folder;
    }

    public string Zip(params (string Name, string Text)[] files)
    {
        var path = PathOf("data.zip");
        using var zip = ZipFile.Open(path, ZipArchiveMode.Create);
        foreach (var (name, text) in files)
        {
            using var entry = zip.CreateEntry(name).Open();
            entry.Write(Encoding.UTF8.GetBytes(text));
        }
        return path;
    }

    public static (string Name, string Text)[] Under(string folder, (string Name, string Text)[] files)
        => [.. files.Select(file => (folder + file.Name, file.Text))];

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
