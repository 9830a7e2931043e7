using System.IO.Pipelines;
using System.Text;
using MovieRecommender.Domain;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Catalog;
using MovieRecommender.Domain.Curation;
using MovieRecommender.Domain.Ratings;
using MovieRecommender.Domain.Storage;
using MovieRecommender.Domain.Training;
using MovieRecommender.Tests.Imports;
using Parquet.Serialization;

namespace MovieRecommender.Tests.Curation;

/// <summary>Films in an admin's hands, over a real store.</summary>
public sealed class FilmTests : IAsyncLifetime
{
    readonly SmallData _data = new();
    TestStore _store = null!;
    string _folder = "";

    FilmService Films => _store.Get<FilmService>();

    MovieCatalog Catalog => _store.Get<MovieCatalog>();

    public async Task InitializeAsync()
    {
        _store = await TestStore.CreateAsync();
        _folder = _data.Folder(SmallData.Csv);
        await _store.ImportAsync(_folder);
    }

    [Fact]
    public async Task AFilmIsAddedAndWrittenAnewAndImportsLeaveItAlone()
    {
        var added = await Films.AddAsync(Caller.Operator, new("  Night Train ", 1959, ["Drama", "drama", " Thriller"], "https://www.imdb.com/title/tt53125/", 42));
        Assert.Equal((Movie.FirstLocalId, "Night Train (1959)", "0053125", 42), (added.Id, added.TitleAndYear, added.ImdbId, added.TmdbId));
        Assert.Equal(["Drama", "Thriller"], added.Genres);
        var conflict = await Assert.ThrowsAsync<ConflictException>(() => Films.AddAsync(Caller.Operator, new("The Night Train", 1959, null, null, null)));
        Assert.Contains("There is a film Night Train (1959) already", conflict.Message, StringComparison.Ordinal);

        await Films.EditAsync(Caller.Operator, 1, new("Lanterns at Sea", 1998, [], null, null));
        await _store.ImportAsync(_folder);
        Assert.Equal(("Lanterns at Sea (1998)", 2, true), (Catalog.Get(1).TitleAndYear, Catalog.Get(1).RatingCount, Catalog.Get(1).IsEdited));
        Assert.Equal("The Silent Harbour", Catalog.Get(2).Title);
        Assert.Equal(["slow, but \"good\""], (await Films.GetAsync(Caller.Operator, 2)).Tags.Concat((await Films.GetAsync(Caller.Operator, 1)).Tags));
        Assert.Equal(2, _store.Count("SELECT COUNT(*) FROM AdminActions WHERE What IN ('added the film', 'edited the film')"));
    }

    [Fact]
    public async Task AFilmSentAgainUnderItsKeyIsTheSameFilm()
    {
        var draft = new FilmDraft("Night Train", 1959);
        var first = await Films.AddAsync(Caller.Operator, draft, RequestKey.Of("one"));
        Assert.Equal(first.Id, (await Films.AddAsync(Caller.Operator, draft, RequestKey.Of("one"))).Id);
        await Assert.ThrowsAsync<ConflictException>(() => Films.AddAsync(Caller.Operator, draft with { Year = 1960 }, RequestKey.Of("one")));
        Assert.Equal(1, _store.Count("SELECT COUNT(*) FROM Movies WHERE Title = 'Night Train'"));
    }

    [Fact]
    public async Task WordsArePutOnAFilmAndTakenOffAndTrainingLearnsFromThem()
    {
        Assert.Equal(["noir"], await Films.AddTagAsync(Caller.Operator, 2, "  Noir "));
        var before = await TrainingData.FromStoreAsync(_store.Get<Store>());
        Assert.Contains("noir", before.Features.Tags[Array.IndexOf(before.MovieIds, 2)]);
        // From whomever it comes, a film has a word once.
        Assert.Equal(["noir"], await Films.AddTagAsync(Caller.Operator, 2, "NOIR"));
        Assert.Equal(["slow, but \"good\""], await Films.AddTagAsync(Caller.Operator, 1, "Slow, but \"GOOD\""));
        Assert.Equal(2, _store.Count("SELECT COUNT(*) FROM MovieTags"));
        await Films.AddTagAsync(Caller.Operator, 2, "Ärger");
        Assert.DoesNotContain("Ärger", await Films.RemoveTagAsync(Caller.Operator, 2, "ärger"));

        Assert.Empty(await Films.RemoveTagAsync(Caller.Operator, 1, "slow, but \"good\""));
        var error = await Assert.ThrowsAsync<NotFoundException>(() => Films.RemoveTagAsync(Caller.Operator, 1, "slow"));
        Assert.Equal($"{Catalog.Get(1).TitleAndYear} has no tag 'slow'.", error.Message);
        Assert.Equal(4, _store.Count("SELECT COUNT(*) FROM AdminActions WHERE What IN ('tagged the film', 'took a tag off the film')"));
        await Films.RemoveTagAsync(Caller.Operator, 2, "noir");
        Assert.NotEqual(before.Fingerprint(), (await TrainingData.FromStoreAsync(_store.Get<Store>())).Fingerprint());
    }

    [Theory]
    [InlineData("", "tag is ''; allowed are 1 to 200 characters without line breaks.")]
    [InlineData("a\nb", "tag is 'a\nb'; allowed")]
    [InlineData(null, "tag is ''; allowed")]
    public async Task AWordThatIsNoneIsNamedAndChangesNothing(string? tag, string said)
    {
        var before = _store.Dump();
        Assert.StartsWith(said, (await Assert.ThrowsAsync<InvalidInputException>(() => Films.AddTagAsync(Caller.Operator, 1, tag))).Message, StringComparison.Ordinal);
        Assert.StartsWith("tag has 201 characters", (await Assert.ThrowsAsync<InvalidInputException>(() => Films.AddTagAsync(Caller.Operator, 1, new string('a', 201)))).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<NotFoundException>(() => Films.AddTagAsync(Caller.Operator, 999, "noir"));
        Assert.Equal(before, _store.Dump());
    }

    public static TheoryData<string, FilmDraft> Wrong => new()
    {
        { "title is ''; allowed are 1 to 500", new(" ", null, null, null, null) },
        { "title is '!!'; allowed are 1 to 500", new("!!", null, null, null, null) },
        { "title has 501 characters", new(new string('a', 501), null, null, null, null) },
        { "year is 1869; allowed is 1870 to 2100", new("A", 1869, null, null, null) },
        { "genres has 'a|b'; allowed", new("A", null, ["a|b"], null, null) },
        { "imdbId is 'nm1'; allowed is a number such as tt0114709", new("A", null, null, "nm1", null) },
        { "tmdbId is 0; allowed is a number from 1", new("A", null, null, null, 0) },
    };

    [Theory, MemberData(nameof(Wrong))]
    public async Task WhatIsNotAllowedIsNamedAndChangesNothing(string said, FilmDraft draft)
    {
        var before = _store.Dump();
        Assert.StartsWith(said, (await Assert.ThrowsAsync<InvalidInputException>(() => Films.AddAsync(Caller.Operator, draft))).Message, StringComparison.Ordinal);
        Assert.StartsWith(said, (await Assert.ThrowsAsync<InvalidInputException>(() => Films.EditAsync(Caller.Operator, 1, draft))).Message, StringComparison.Ordinal);
        Assert.Equal(before, _store.Dump());
    }

    [Fact]
    public async Task MergedFilmsAreOneAndWhatPeopleDidMovesTheNewerFirst()
    {
        var (ratings, marks, merger) = (_store.Get<RatingService>(), _store.Get<MarkService>(), _store.Get<FilmMerger>());
        var (ana, ben) = (await _store.NewGuestAsync(), await _store.NewGuestAsync());
        await ratings.RateAsync(ana, 1, 5);
        await ratings.RateAsync(ben, 3, 1);
        _store.Clock.Now += TimeSpan.FromHours(1);
        await ratings.RateAsync(ana, 3, 2);
        await ratings.RateAsync(ben, 1, 4);
        await marks.SetAsync(ana, 3, MarkKind.Watchlist);

        // From the data set, viewer 2 rated film 1 first and film 3 after it.
        var plan = await merger.PlanAsync(Caller.Operator, 3, 1);
        Assert.Equal((3, 3, 1, 0), (plan.Ratings, plan.RatedBoth, plan.Marks, plan.Tags));
        var one = await merger.MergeAsync(Caller.Operator, 3, 1);
        Assert.Same(one, Catalog.Get(3));
        Assert.Equal(2, Catalog.Films.Count);
        Assert.Equal([2.0], (await ratings.MineAsync(ana)).Select(rating => rating.Stars));
        Assert.Equal([4.0], (await ratings.MineAsync(ben)).Select(rating => rating.Stars));
        Assert.Equal(MarkKind.Watchlist, (await marks.MineAsync(ana))[1]);
        // Viewers 1, 2, Ana and Ben: 4.5, 3, 2 and 4 stars.
        Assert.Equal((4, 13.5 / 4), (one.RatingCount, one.AverageStars));
        Assert.Equal(0, _store.Count("SELECT (SELECT COUNT(*) FROM Ratings WHERE MovieId = 3) + (SELECT COUNT(*) FROM Marks WHERE MovieId = 3)"));

        // An old page, and the data set once more, arrive at the one that stayed.
        await ratings.RateAsync(ben, 3, 5);
        Assert.Equal([(1, 5.0)], (await ratings.MineAsync(ben)).Select(rating => (rating.MovieId, rating.Stars)));
        await _store.ImportAsync(_folder);
        Assert.Equal(0, _store.Count("SELECT COUNT(*) FROM Ratings WHERE MovieId = 3"));
        Assert.Equal((2, 4), (Catalog.Films.Count, Catalog.Get(1).RatingCount));
        await Assert.ThrowsAsync<InvalidInputException>(() => merger.MergeAsync(Caller.Operator, 3, 1));

        await merger.MergeAsync(Caller.Operator, 1, 2);
        Assert.Equal(2, Catalog.Get(3).Id);
        Assert.Equal(2, _store.Count("SELECT COUNT(*) FROM AdminActions WHERE What = 'merged films:'"));
    }

    [Fact]
    public async Task TheFiguresOfTheDataAreRightAndKeepUp()
    {
        var statistics = _store.Get<DataStatistics>();
        var figures = await statistics.ReadAsync(Caller.Operator);
        // Five ratings by three people of three films: 4.5, .5, 5, 3 and 1 stars.
        Assert.Equal((3, 3, 3, 5L, 2), (figures.Films, figures.RatedFilms, figures.Viewers, figures.Ratings, figures.MedianOfViewers));
        Assert.Equal((5 / 9.0, 2.8), (figures.Density, figures.MeanStars));
        Assert.Equal([1L, 1, 0, 0, 0, 1, 0, 0, 1, 1], figures.Distribution);
        Assert.Equal((0, 0.4, 1.0), (figures.Tail[0], figures.Tail[35], figures.Tail[100]));

        await _store.Get<RatingService>().RateAsync(await _store.NewGuestAsync(), 1, 4);
        await Films.SetHiddenAsync(Caller.Operator, 3, true);
        figures = await statistics.ReadAsync(Caller.Operator);
        Assert.Equal((6, 4, 1, 0.5), (figures.Ratings, figures.Viewers, figures.HiddenFilms, figures.Tail[35]));
    }

    [Fact]
    public async Task RatingsAndFilmsAreExportedWithoutWhoPeopleAre()
    {
        var ana = await _store.NewGuestAsync();
        await _store.Get<RatingService>().RateAsync(ana, 1, 4);
        await Films.EditAsync(Caller.Operator, 3, new("=Wake, \"or\" Sleep", null, ["Drama", "War"], null, 7));
        var export = _store.Get<DataExport>();

        var csv = Encoding.UTF8.GetString(await BytesAsync(target => export.RatingsAsync(Caller.Operator, ExportFormat.Csv, target))).TrimEnd().Split('\n');
        Assert.Equal("userId,movieId,rating,timestamp", csv[0]);
        var rows = csv.Skip(1).Select(line => line.Split(',')).ToList();
        // Four people, whoever they are, have the numbers 1 to 4.
        Assert.Equal(["1", "2", "3", "4"], rows.Select(row => row[0]).Distinct().Order(StringComparer.Ordinal));
        string[] given = ["1 4.5 1000000001", "2 0.5 1000000002", "1 5.0 1000000003", "3 3.0 1000000004", "2 1.0 1000000005", $"1 4.0 {_store.Clock.Now.ToUnixTimeSeconds()}"];
        Assert.Equal(given.Order(StringComparer.Ordinal), rows.Select(row => string.Join(' ', row[1..])).Order(StringComparer.Ordinal));

        using var ratings = new MemoryStream(await BytesAsync(target => export.RatingsAsync(Caller.Operator, ExportFormat.Parquet, target)));
        var read = await ParquetSerializer.DeserializeAsync<ExportedRating>(ratings);
        Assert.Equal(given.Order(StringComparer.Ordinal), read.Data.Select(row => FormattableString.Invariant($"{row.movieId} {row.rating:0.0} {row.timestamp}")).Order(StringComparer.Ordinal));

        var films = Encoding.UTF8.GetString(await BytesAsync(target => export.FilmsAsync(Caller.Operator, ExportFormat.Csv, target))).TrimEnd().Split("\r\n");
        Assert.Equal("1,Lanterns,1999,Drama|Sci-Fi,0012345,77,3,4.5,false", films[1]);
        Assert.Equal("3,\"'=Wake, \"\"or\"\" Sleep\",,Drama|War,,7,1,3,false", films[3]);
        using var parquet = new MemoryStream(await BytesAsync(target => export.FilmsAsync(Caller.Operator, ExportFormat.Parquet, target)));
        var film = (await ParquetSerializer.DeserializeAsync<ExportedFilm>(parquet)).Data[2];
        Assert.Equal(("=Wake, \"or\" Sleep", null, "Drama|War", 7, 3.0), (film.title, film.year, film.genres, film.tmdbId, film.averageStars));
        Assert.Equal(4, _store.Count("SELECT COUNT(*) FROM AdminActions WHERE What = 'exported the'"));
    }

    [Fact]
    public async Task RatingsToLearnFromLeaveOutThoseThatModelsAreJudgedBy()
    {
        await _store.ImportAsync(_data.Folder(SmallData.Opposites()));
        var csv = Encoding.UTF8.GetString(await BytesAsync(target => _store.Get<DataExport>().RatingsAsync(Caller.Operator, ExportFormat.Csv, target, toLearnFrom: true)));
        var data = await TrainingData.FromStoreAsync(_store.Get<Store>());
        var heldOut = data.Entries.Where(entry => TrainingPipeline.IsHeldOut(data.UserIds[entry.User], data.MovieIds[entry.Item])).ToList();
        Assert.InRange(heldOut.Count, 30, 90);
        Assert.Equal(data.Entries.Length - heldOut.Count, csv.TrimEnd().Split('\n').Length - 1);
        Assert.Equal(data.Entries.Except(heldOut).Select(entry => entry.Time).Order(), csv.TrimEnd().Split('\n').Skip(1).Select(line => long.Parse(line.Split(',')[3], System.Globalization.CultureInfo.InvariantCulture)).Order());
    }

    // Named as the columns are.
#pragma warning disable IDE1006
    sealed class ExportedRating
    {
        public int userId { get; set; }

        public int movieId { get; set; }

        public float rating { get; set; }

        public long timestamp { get; set; }
    }

    sealed class ExportedFilm
    {
        public string? title { get; set; }

        public int? year { get; set; }

        public string? genres { get; set; }

        public int? tmdbId { get; set; }

        public double? averageStars { get; set; }
    }
#pragma warning restore IDE1006

    /// <summary>What is written to a stream that, like an answer, only goes forward.</summary>
    static async Task<byte[]> BytesAsync(Func<Stream, Task> write)
    {
        var pipe = new Pipe();
        var reading = pipe.Reader.AsStream();
        var all = new MemoryStream();
        var copying = reading.CopyToAsync(all);
        await write(pipe.Writer.AsStream(leaveOpen: true));
        await pipe.Writer.CompleteAsync();
        await copying;
        return all.ToArray();
    }

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        _data.Dispose();
    }
}
