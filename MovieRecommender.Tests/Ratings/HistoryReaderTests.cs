using MovieRecommender.Domain;
using MovieRecommender.Domain.Ratings;
using MovieRecommender.Domain.Ratings.Histories;

namespace MovieRecommender.Tests.Ratings;

public sealed class HistoryReaderTests
{
    static readonly DateTimeOffset Now = new(2026, 1, 2, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void LetterboxdKeepsHalfStarsAndTellsRatedSeenAndWantedApart()
    {
        var history = HistoryReader.Read("letterboxd.zip", HistoryFiles.Zip(
            ("me/ratings.csv", "Date,Name,Year,Letterboxd URI,Rating\r\n2024-01-03,Alien,1979,u,4.5\r\n2024-01-04,\"Good, the Bad\",1966,u,3\r\n"),
            ("me/deleted/ratings.csv", "Date,Name,Year,Letterboxd URI,Rating\r\n2020-01-03,Deleted,1999,u,1\r\n"),
            ("me/watched.csv", "Date,Name,Year,Letterboxd URI\r\n2024-01-03,Alien,1979,u\r\n2024-01-03,Titanic,1997,u\r\n"),
            ("me/watchlist.csv", "Date,Name,Year,Letterboxd URI\r\n2024-01-03,Stalker,1979,u\r\n"),
            ("../../ratings.txt", "not read")), Now);
        Assert.Equal("Letterboxd", history.Source);
        Assert.Equal(
            [("Alien", (byte?)9, null), ("Good, the Bad", (byte?)6, null), ("Stalker", null, MarkKind.Watchlist), ("Titanic", null, MarkKind.Watched)],
            history.Entries.OrderBy(entry => entry.Title, StringComparer.Ordinal).Select(entry => (entry.Title, entry.HalfStars, entry.Mark)));
        Assert.Equal(0, history.Problems.Total);
    }

    [Fact]
    public void ImdbCountsToTenAndLeavesSeriesOut()
    {
        var history = HistoryReader.Read("ratings.csv", HistoryFiles.Text(
            "Const,Your Rating,Date Rated,Title,URL,Title Type,IMDb Rating,Runtime (mins),Year,Genres,Num Votes,Release Date,Directors\n"
            + "tt0078748,9,2024-01-03,Alien,u,Movie,8.5,117,1979,Horror,1,1979-05-25,Ridley Scott\n"
            + "tt0903747,10,2024-01-03,Breaking Bad,u,TV Series,9.5,49,2008,Drama,1,2008-01-20,\n"), Now);
        var alien = Assert.Single(history.Entries);
        Assert.Equal(("Alien", (byte?)9, "78748", 1979), (alien.Title, alien.HalfStars, alien.ImdbId, alien.Year));
        Assert.Equal(new DateTimeOffset(2024, 1, 3, 0, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds(), alien.RatedAt);
    }

    [Fact]
    public void TraktTakesIdsAsTextOrNumbers()
    {
        var history = HistoryReader.Read("trakt.json", HistoryFiles.Text(
            """[{"rated_at":"2024-01-03T10:00:00.000Z","rating":7,"type":"movie","movie":{"title":"Alien","year":1979,"ids":{"trakt":295,"slug":"alien-1979","imdb":"tt0078748","tmdb":"348"}}},{"rating":8,"type":"show","show":{"title":"Dark"}}]"""), Now);
        var alien = Assert.Single(history.Entries);
        Assert.Equal(((byte?)7, "78748", 348), (alien.HalfStars, alien.ImdbId, alien.TmdbId));
    }

    [Theory]
    [InlineData("userId,movieId,rating,timestamp\n1,356,4.5,1112486027\n", 356, 9)]
    [InlineData("movie_id,imdb_id,tmdb_id,rating,average_rating,title\n356,0109830,13,5.0,4.1,Forrest Gump (1994)\n", 356, 10)]
    public void MovieLensComesByItsOwnIds(string csv, int id, int halves)
    {
        var entry = Assert.Single(HistoryReader.Read("movielens.csv", HistoryFiles.Text(csv), Now).Entries);
        Assert.Equal((id, (byte?)halves), (entry.MovieLensId, entry.HalfStars));
    }

    [Fact]
    public void RowsThatCannotBeReadAreNamedAndTheOthersComeIn()
    {
        var history = HistoryReader.Read("ratings.csv", HistoryFiles.Text(
            "Date,Name,Year,Letterboxd URI,Rating\n2024-01-03,Heat,1995,u,11\n2099-01-03,Alien,1979,u,4\nyesterday,Fargo,1996,u,3.5\n2024-01-03,,,u,4\n2024-01-03,Solaris,1972,u,3.7\n"), Now);
        Assert.Equal(["Alien", "Fargo"], history.Entries.Select(entry => entry.Title).Order(StringComparer.Ordinal));
        Assert.All(history.Entries, entry => Assert.Null(entry.RatedAt));
        Assert.Equal([(2L, "rating"), (3L, "date"), (4L, "date"), (5L, "title"), (6L, "rating")], history.Problems.First.Select(row => (row.Line, row.Column)));
    }

    [Fact]
    public void AnApostropheBeforeAFormulaIsTakenOffAgain()
        => Assert.Equal("=cmd", Assert.Single(HistoryReader.Read("x.csv", HistoryFiles.Text("Title,Year,Rating\n'=cmd,1999,4\n"), Now).Entries).Title);

    [Fact]
    public void AsManyRowsAsAreAllowedComeIn()
        => Assert.Equal(HistoryReader.MostRows, HistoryReader.Read("x.csv", HistoryFiles.Text("Title,Year,Rating\n" + Repeated("?,,x\n")[5..]), Now).Problems.Total);

    /// <summary>One row more than is allowed.</summary>
    static string Repeated(string row) => string.Concat(Enumerable.Repeat(row, HistoryReader.MostRows + 1));

    public static TheoryData<string, byte[], string> Strangers => new()
    {
        { "x.csv", HistoryFiles.Text("a,b\n1,2\n"), "Known are the exports of" },
        { "x.zip", HistoryFiles.Zip(("photo.jpg", "x")), "holds none of" },
        { "x.zip", HistoryFiles.Zip(("ratings.csv", "Date,Name"))[..40], "half-finished zip" },
        { "x.json", HistoryFiles.Text("[{"), "no valid json" },
        { "x.json", HistoryFiles.Text("{\"a\":1}"), "no list of ratings" },
        { "x.csv", new byte[HistoryReader.LargestFile + 1], "larger than 16 MB" },
        { "x.zip", HistoryFiles.Zip(("ratings.csv", new string('a', HistoryReader.LargestFile + 1))), "larger than 16 MB" },
        { "x.csv", HistoryFiles.Text("Title,Year,Rating\n" + Repeated("?,,x\n")), "'x.csv' has more than 100,000 rows" },
        { "x.json", HistoryFiles.Text("[" + Repeated("{},") + "{}]"), "'x.json' has more than 100,000 rows" },
        { "x.csv", [], "'x.csv' is empty" },
        { "x.zip", [0x00, 0x50, 0x4b, 0xff], "half-finished zip" },
        { "photo.csv", [0x89, .. "PNG\r\n"u8, 0x1a, 0x0a, 0x00, 0x00], "photo.csv is no text" },
        { "x.csv", [0xff, 0xfe, 0x00, 0x01, 0x22, 0x0a], "x.csv" },
    };

    [Theory]
    // The largest are 16 MB: too much to be written into test names.
    [MemberData(nameof(Strangers), DisableDiscoveryEnumeration = true)]
    public void AFileThatIsNoHistoryIsRefusedInOneSentence(string name, byte[] content, string says)
        => Assert.Contains(says, Assert.Throws<InvalidInputException>(() => HistoryReader.Read(name, content, Now)).Message, StringComparison.Ordinal);
}
