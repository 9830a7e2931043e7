using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Curation;
using MovieRecommender.Domain.Privacy;
using MovieRecommender.Domain.Ratings;
using MovieRecommender.Domain.Ratings.Histories;
using MovieRecommender.Domain.Ratings.Showings;
using MovieRecommender.Domain.Recommendations;
using MovieRecommender.Tests.Imports;

namespace MovieRecommender.Tests.Ratings;

/// <summary>Which version showed what, and what came of it, over a real store.</summary>
public sealed class ShowingTests : IAsyncLifetime
{
    readonly SmallData _data = new();
    TestStore _store = null!;

    ShowingLog Log => _store.Get<ShowingLog>();

    public async Task InitializeAsync()
    {
        _store = await TestStore.CreateAsync();
        await _store.ImportAsync(_data.Folder(SmallData.Opposites()));
    }

    [Fact]
    public async Task WhatCameOfAFilmCountsForTheVersionThatShowedItLast()
    {
        var (ratings, marks) = (_store.Get<RatingService>(), _store.Get<MarkService>());
        var (ana, ben) = (await _store.NewGuestAsync(), await _store.NewGuestAsync());
        await ratings.RateAsync(ana, 9, 5);
        Log.Note(Caller.Nobody, 1, [1, 2]);
        Log.Note(ana, 1, [1, 2, 3, 4]);
        Log.Note(ana, 1, [1, 2, 3, 4]);
        Log.Note(ben, 1, [1]);
        await Log.WriteAsync(CancellationToken.None);
        Later();
        await ratings.RateAsync(ana, 1, 4);
        await marks.SetAsync(ana, 3, MarkKind.Watchlist);
        Later();
        // By then version 2 serves: it shows what nothing came of yet, and what is on the watchlist still.
        Log.Note(ana, 2, [2, 3, 4, 5]);
        Later();
        await ratings.RateAsync(ana, 5, 3.5);
        await marks.SetAsync(ana, 4, MarkKind.Dismissed);
        await Log.WriteAsync(CancellationToken.None);

        var figures = await _store.Get<OnlineQuality>().ReadAsync(Caller.Operator);
        Assert.Equal([2, 1], figures.Select(row => row.Version!.Value));
        Assert.Equal((3, 1, 0, 1, 0, 1), (figures[0].Shown, figures[0].Viewers, figures[0].Liked.Count, figures[0].Rated.Count, figures[0].Watchlisted.Count, figures[0].Dismissed.Count));
        Assert.Equal((5, 2, 1, 1, 1, 0), (figures[1].Shown, figures[1].Viewers, figures[1].Liked.Count, figures[1].Rated.Count, figures[1].Watchlisted.Count, figures[1].Dismissed.Count));
        Assert.Equal((0.0362, 0.6245), (Math.Round(figures[1].Liked.Low, 4), Math.Round(figures[1].Liked.High, 4)));

        await _store.Get<FilmMerger>().MergeAsync(Caller.Operator, 2, 1);
        Assert.Equal(7, _store.Count("SELECT COUNT(*) FROM Showings"));
        Assert.Contains("\"shown\"", await _store.Get<HistoryExport>().JsonAsync(ana), StringComparison.Ordinal);
        await _store.Get<PrivacyService>().ForgetMeAsync(ana);
        Assert.Equal(1, _store.Count("SELECT COUNT(*) FROM Showings"));
    }

    [Fact]
    public async Task VersionsSideBySideAreComparedByFilmsThatWereOnNobodysListBefore()
    {
        var ratings = _store.Get<RatingService>();
        var (ana, ben) = (await _store.NewGuestAsync(), await _store.NewGuestAsync());
        Log.Note(ana, 1, [1, 2]);
        await Log.WriteAsync(CancellationToken.None);
        Later();
        var since = _store.Clock.Now.UtcDateTime;
        // Ana stays with version 1; Ben is tried with version 2.
        Log.Note(ana, 1, [1, 2, 3, 4]);
        Log.Note(ben, 2, [1, 2, 3]);
        await Log.WriteAsync(CancellationToken.None);
        Later();
        await ratings.RateAsync(ana, 1, 5);
        await ratings.RateAsync(ana, 3, 4);
        await ratings.RateAsync(ben, 1, 5);

        var online = _store.Get<OnlineQuality>();
        var duel = await online.CompareAsync(Caller.Operator, 2, 1, since);
        Assert.Equal((2, 3, 1), (duel.One!.Version!.Value, duel.One.Shown, duel.One.Liked.Count));
        Assert.Equal((1, 2, 1), (duel.Other!.Version!.Value, duel.Other.Shown, duel.Other.Liked.Count));
        Assert.Equal("So far the two differ by no more than chance.", duel.Says);
        Assert.Null((await online.CompareAsync(Caller.Operator, 3, 1, since)).Liked);
    }

    [Fact]
    public void ADifferenceOfSharesHasNewcombesInterval()
    {
        // 56 of 70 against 48 of 80: example (a) of Newcombe (1998), method 10.
        var difference = OnlineDifference.Of(OnlineShare.Of(56, 70), OnlineShare.Of(48, 80));
        Assert.Equal((0.2, 0.0524, 0.3339), (Math.Round(difference.Value, 4), Math.Round(difference.Low, 4), Math.Round(difference.High, 4)));
    }

    [Fact]
    public async Task WhatCameOfListsIsToldByDayAndLaterByWeek()
    {
        var ratings = _store.Get<RatingService>();
        var ana = await _store.NewGuestAsync();
        // A Friday.
        Assert.Empty((await _store.Get<OnlineQuality>().CurveAsync(Caller.Operator)).Points);
        await ShowAsync(1, [1, 2]);
        await ratings.RateAsync(ana, 1, 5);
        _store.Clock.Now += TimeSpan.FromDays(3);
        await ShowAsync(1, [3]);
        Assert.Equal("1: v1 2026-01-02 1/2, v1 2026-01-05 0/1", await CurveAsync());
        _store.Clock.Now += TimeSpan.FromDays(11);
        await ShowAsync(2, [4, 5]);
        await ratings.RateAsync(ana, 5, 4);
        Assert.Equal("7: v2 2026-01-12 1/2, v1 2025-12-29 1/2, v1 2026-01-05 0/1", await CurveAsync());

        async Task ShowAsync(int version, int[] films)
        {
            Log.Note(ana, version, films);
            await Log.WriteAsync(CancellationToken.None);
            Later();
        }

        async Task<string> CurveAsync()
        {
            var curve = await _store.Get<OnlineQuality>().CurveAsync(Caller.Operator);
            return $"{curve.Days}: {string.Join(", ", curve.Points.Select(point => $"v{point.Version} {point.From:yyyy-MM-dd} {point.Liked.Count}/{point.Shown}"))}";
        }
    }

    [Fact]
    public async Task ListsOfOnesOwnAreNotedAndClearedAwayAfterNinetyDays()
    {
        var ana = await _store.NewGuestAsync();
        var list = await _store.Get<RecommendationService>().MineAsync(ana, new());
        await Log.WriteAsync(CancellationToken.None);
        Assert.Equal(list.Items.Count, _store.Count("SELECT COUNT(*) FROM Showings WHERE Version = 0"));
        Assert.Null(Assert.Single(await _store.Get<OnlineQuality>().ReadAsync(Caller.Operator)).Version);

        _store.Clock.Now += ShowingLog.Kept;
        await Log.PruneAsync(CancellationToken.None);
        Assert.Equal(list.Items.Count, _store.Count("SELECT COUNT(*) FROM Showings"));
        Later();
        await Log.PruneAsync(CancellationToken.None);
        Assert.Equal(0, _store.Count("SELECT COUNT(*) FROM Showings"));
    }

    [Fact]
    public async Task WhoIsForgottenBeforeAListIsWrittenLeavesNothing()
    {
        var ana = await _store.NewGuestAsync();
        Log.Note(ana, 1, [1, 2]);
        await _store.Get<PrivacyService>().ForgetMeAsync(ana);
        await Log.WriteAsync(CancellationToken.None);
        Assert.Equal(0, _store.Count("SELECT COUNT(*) FROM Showings"));
    }

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        _data.Dispose();
    }

    void Later() => _store.Clock.Now += TimeSpan.FromMinutes(1);
}
