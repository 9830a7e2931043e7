using MovieRecommender.Domain;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Catalog;
using MovieRecommender.Domain.Ratings;
using MovieRecommender.Domain.Recommendations;
using MovieRecommender.Domain.Storage;
using MudBlazor;
using static MovieRecommender.Web.Shell.Languages.Text;

namespace MovieRecommender.Web.Shell;

/// <summary>
/// The viewer's stars and marks as the open page shows them: loaded once, changed through the service, and loaded again when another tab changed them.
/// Every change offers to be undone.
/// </summary>
sealed class MyRatings(
    ViewerSession session, RatingService ratings, MarkService marks, RecommendationService recommendations, ChangeFeed changes, ISnackbar snackbar) : IDisposable
{
    readonly Dictionary<int, double> _stars = [];

    // One change after the other: taking stars back must not overtake giving them.
    readonly SemaphoreSlim _turn = new(1, 1);
    IDisposable? _subscription;

    /// <summary>Raised when ratings changed, here or in another tab; the page then calls <see cref="LoadAsync"/>. Not on the page's own thread.</summary>
    public event Action? Changed;

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<ViewerRating> All { get; private set; } = [];

    /// <summary>Watchlist, "not for me" and "seen it", by film.</summary>
    public IReadOnlyDictionary<int, MarkKind> Marks { get; private set; } = new Dictionary<int, MarkKind>();

    public double? Of(int movieId) => _stars.TryGetValue(movieId, out var stars) ? stars : null;

    public MarkKind? MarkOf(int movieId) => Marks.TryGetValue(movieId, out var kind) ? kind : null;

    public async Task LoadAsync()
    {
        var caller = await session.CallerAsync();
        Listen(caller);
        All = await ratings.MineAsync(caller);
        Marks = await marks.MineAsync(caller);
        _stars.Clear();
        foreach (var rating in All) _stars[rating.MovieId] = rating.Stars;
    }

    /// <summary>Stores new stars, or takes them back when null, and says so. A failure is said too; the stars shown stay for another try.</summary>
    public Task SetAsync(Film film, double? stars, bool offerUndo = true) => DoAsync(async caller =>
    {
        var before = stars is { } value ? await ratings.RateAsync(caller, film.Id, value, recommendations.GuessBefore(All, film.Id)) : await ratings.RemoveAsync(caller, film.Id);
        if (offerUndo) snackbar.SayWithUndo(stars is null ? T("Your stars for {0} are gone.", film.Title) : T("{0} for {1}.", Words.StarCount(stars.Value), film.Title), () => SetAsync(film, before, offerUndo: false));
    });

    /// <summary>Puts a mark on a film, or takes it off when null, and says so.</summary>
    public Task MarkAsync(Film film, MarkKind? kind, bool offerUndo = true) => DoAsync(async caller =>
    {
        var before = await marks.SetAsync(caller, film.Id, kind);
        if (offerUndo)
        {
            snackbar.SayWithUndo(kind switch
            {
                MarkKind.Watchlist => T("{0} is on your watchlist.", film.Title),
                MarkKind.Dismissed => T("{0} will not come back, and films like it less often.", film.Title),
                MarkKind.Watched => T("{0} counts as seen.", film.Title),
                _ when before == MarkKind.Watchlist => T("{0} is off your watchlist.", film.Title),
                _ => T("{0} may be recommended again.", film.Title),
            }, () => MarkAsync(film, before, offerUndo: false));
        }
    });

    async Task DoAsync(Func<Caller, Task> act)
    {
        await _turn.WaitAsync();
        try
        {
            var caller = await session.ViewerAsync();
            Listen(caller);
            await act(caller);
        }
        catch (Exception error) when (error is InvalidInputException or AccessDeniedException or Microsoft.EntityFrameworkCore.DbUpdateException or System.Data.Common.DbException)
        {
            snackbar.Add(T("Not saved. {0}", error is InvalidInputException ? Said(error) : T("Try again in a moment.")), Severity.Error, options => options.VisibleStateDuration = 8000);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _subscription?.Dispose();

    void Listen(Caller caller)
    {
        if (_subscription is not null || caller.ViewerId is not { } viewer) return;
        _subscription = changes.Subscribe(ChangeFeed.Viewer(viewer), () => Changed?.Invoke());
    }
}
