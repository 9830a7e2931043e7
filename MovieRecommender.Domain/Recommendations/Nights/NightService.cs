using System.Globalization;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Catalog;
using MovieRecommender.Domain.Ratings;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Domain.Recommendations.Nights;

/// <summary>Someone at the night, as the others see them.</summary>
/// <param name="Ratings">How many ratings, or favourites, of theirs count.</param>
/// <param name="IsMe">Whether they are the one who asks.</param>
/// <param name="ByFavourites">Whether somebody else gave them the seat, by favourites, and anybody there may take it away again.</param>
public sealed record NightPerson(int Id, string Name, int Ratings, bool IsMe, bool ByFavourites);

/// <summary>A night to go back to, in a list of the caller's.</summary>
/// <param name="Others">Their names, in the order they came.</param>
/// <param name="Watched">What they said that they watched.</param>
public sealed record OpenNight(string Code, IReadOnlyList<string> Others, Film? Watched);

/// <summary>A night as one of its people sees it.</summary>
/// <param name="Films">What suits them all, best first; empty once everybody has left.</param>
/// <param name="Vetoed">Films somebody does not want tonight.</param>
public sealed record NightView(
    string Code, IReadOnlyList<NightPerson> People, IReadOnlyList<GroupRecommendation> Films, IReadOnlyList<Film> Vetoed, Film? Watched)
{
    public NightPerson? Me => People.FirstOrDefault(person => person.IsMe);

    /// <summary>Those with favourites only cannot go by themselves, nor look for a film.</summary>
    public bool EverybodyHasLeft => People.All(person => person.ByFavourites);
}

/// <summary>
/// Movie nights: two to six people look for one film that nobody has seen and everybody likes. Whoever has the code may look and join;
/// only who has joined may veto, add somebody or say what was watched. Ratings of the others are never shown.
/// </summary>
public sealed class NightService(Store store, RatingService ratings, MarkService marks, RecommendationService recommendations, MovieCatalog catalog, ChangeFeed changes, TimeProvider time)
{
    public const int MostPeople = 6;
    public const int LongestName = 40;
    public const int MostFavourites = 5;
    const int Shown = 10;
    static readonly Wording NoNameOfMine = "Tell the others what to call you.";

    /// <summary>A night that nobody has ended by then was forgotten.</summary>
    static readonly TimeSpan OpenFor = TimeSpan.FromDays(7);

    // Compiled: what somebody has seen already is asked before every list.
    static readonly Func<AppDbContext, int, IAsyncEnumerable<int>> _awaitingStars = EF.CompileAsyncQuery((AppDbContext db, int viewer) => db.Set<Night>()
        .Where(night => night.WatchedMovieId != null && db.Set<NightGuest>().Any(guest => guest.NightCode == night.Code && guest.ViewerId == viewer))
        .Where(night => !db.Set<Rating>().Any(rating => rating.ViewerId == viewer && rating.MovieId == night.WatchedMovieId))
        .Where(night => !db.Set<Mark>().Any(mark => mark.ViewerId == viewer && mark.MovieId == night.WatchedMovieId && mark.Kind != MarkKind.Watchlist))
        .OrderByDescending(night => night.CreatedUtc).Select(night => night.WatchedMovieId!.Value));

    /// <summary>The nights the caller has a seat at and can go back to, newest first: they are not a week old. What was watched may have to be taken back, so a film that was ends nothing here.</summary>
    public async Task<IReadOnlyList<OpenNight>> MineAsync(Caller caller, CancellationToken cancellationToken = default)
    {
        if (caller.ViewerId is not { } viewer) return [];
        var since = time.GetUtcNow().UtcDateTime - OpenFor;
        var mine = await store.ReadAsync(db =>
        {
            var seats = db.NightSeats;
            return db.Nights
                .Where(night => night.CreatedUtc > since && seats.Any(guest => guest.NightCode == night.Code && guest.ViewerId == viewer))
                .OrderByDescending(night => night.CreatedUtc)
                .Select(night => new { night.Code, night.WatchedMovieId, Others = seats.Where(guest => guest.NightCode == night.Code && guest.ViewerId != viewer).OrderBy(guest => guest.Id).Select(guest => guest.Name).ToList() })
                .ToListAsync(cancellationToken);
        }, cancellationToken);
        return mine.ConvertAll(night => new OpenNight(night.Code, night.Others, night.WatchedMovieId is { } film ? catalog.Find(film) : null));
    }

    /// <summary>Opens a night with the caller in it.</summary>
    /// <returns>Its code, 16 random characters.</returns>
    public async Task<string> OpenAsync(Caller caller, string name, CancellationToken cancellationToken = default)
    {
        var viewer = caller.RequireRater();
        var called = NameOf(name, NoNameOfMine);
        var code = RandomNumberGenerator.GetString("abcdefghjkmnpqrstuvwxyz23456789", 16);
        await store.WriteAsync(async db =>
        {
            db.Add(new Night { Code = code, CreatedUtc = time.GetUtcNow().UtcDateTime });
            await db.SaveChangesAsync(cancellationToken);
            db.Add(new NightGuest { NightCode = code, ViewerId = viewer, Name = called });
        }, cancellationToken);
        return code;
    }

    /// <summary>Lets the caller in; someone who is in already stays as they are.</summary>
    /// <exception cref="NotFoundException">No night has this code.</exception>
    /// <exception cref="InvalidInputException">The night is full, or the name is empty or too long.</exception>
    public async Task JoinAsync(Caller caller, string code, string name, CancellationToken cancellationToken = default)
    {
        var viewer = caller.RequireRater();
        await AddAsync(code, new NightGuest { NightCode = code, ViewerId = viewer, Name = NameOf(name, NoNameOfMine) }, mustBeIn: null, cancellationToken);
    }

    /// <summary>Adds somebody without a phone, by a few favourites.</summary>
    /// <exception cref="AccessDeniedException">The caller is not in this night.</exception>
    /// <exception cref="InvalidInputException">The night is full, or the favourites are none, too many or unknown.</exception>
    public async Task AddAsync(Caller caller, string code, string name, IReadOnlyCollection<int> favourites, CancellationToken cancellationToken = default)
    {
        var viewer = caller.RequireRater();
        if (favourites.Count is < 1 or > MostFavourites) throw new InvalidInputException($"{favourites.Count} favourites were named; allowed are 1 to {MostFavourites}.");
        favourites = [.. favourites.Select(id => catalog.Get(id).Id)];
        await AddAsync(code, new NightGuest { NightCode = code, Name = NameOf(name, "Tell the others their name."), Favourites = string.Join(',', favourites) }, viewer, cancellationToken);
    }

    /// <summary>Takes a person off the night: oneself, or somebody who was added by favourites. Who leaves after the film is asked for stars still.</summary>
    /// <exception cref="AccessDeniedException">The caller is not in this night, or the seat is another viewer's.</exception>
    public async Task LeaveAsync(Caller caller, string code, int guestId, CancellationToken cancellationToken = default)
    {
        var viewer = caller.RequireRater();
        await store.WriteAsync(async db =>
        {
            await RequireInAsync(db, code, viewer, cancellationToken);
            var guest = await db.NightSeats.FirstOrDefaultAsync(row => row.NightCode == code && row.Id == guestId, cancellationToken);
            if (guest is null) return;
            if (guest.ViewerId is { } other && other != viewer) throw new AccessDeniedException(signedIn: true, "People take themselves off a night.");
            db.Remove(guest);
            if (guest.ViewerId is not null && await db.Nights.AnyAsync(night => night.Code == code && night.WatchedMovieId != null, cancellationToken))
                db.Add(new NightGuest { NightCode = code, ViewerId = viewer, Name = "" });
        }, cancellationToken);
        changes.Publish(ChangeFeed.Night(code));
    }

    /// <summary>"Not tonight", or takes that back.</summary>
    public async Task VetoAsync(Caller caller, string code, int movieId, bool veto, CancellationToken cancellationToken = default)
    {
        var viewer = caller.RequireRater();
        movieId = catalog.Get(movieId).Id;
        await store.WriteAsync(async db =>
        {
            var me = await RequireInAsync(db, code, viewer, cancellationToken);
            await db.NightVetoes.Where(row => row.NightCode == code && row.MovieId == movieId).ExecuteDeleteAsync(cancellationToken);
            if (veto) db.Add(new NightVeto { NightCode = code, GuestId = me.Id, MovieId = movieId });
        }, cancellationToken);
        changes.Publish(ChangeFeed.Night(code));
    }

    /// <summary>"We watched it": the list of each viewer there asks for stars next time. Without a film that is taken back.</summary>
    /// <returns>The film that counted as watched before, or null.</returns>
    public async Task<int?> WatchedAsync(Caller caller, string code, int? movieId, CancellationToken cancellationToken = default)
    {
        var viewer = caller.RequireRater();
        var watched = movieId is { } id ? catalog.Get(id).Id : (int?)null;
        var before = await store.WriteAsync(async db =>
        {
            await RequireInAsync(db, code, viewer, cancellationToken);
            var night = await db.Nights.FirstAsync(row => row.Code == code, cancellationToken);
            var old = night.WatchedMovieId;
            night.WatchedMovieId = watched;
            return old;
        }, cancellationToken);
        changes.Publish(ChangeFeed.Night(code));
        return before;
    }

    /// <summary>Films of the caller's nights that wait for the caller's stars, newest night first.</summary>
    public async Task<IReadOnlyList<Film>> AwaitingStarsAsync(Caller caller, CancellationToken cancellationToken = default)
    {
        if (caller.ViewerId is not { } viewer) return [];
        return [.. (await AwaitingStarsAsync(viewer, cancellationToken)).Distinct().Select(catalog.Find).OfType<Film>()];
    }

    /// <summary>The night as the caller sees it now.</summary>
    /// <exception cref="NotFoundException">No night has this code.</exception>
    public async Task<NightView> ViewAsync(Caller caller, string code, CancellationToken cancellationToken = default)
    {
        var (night, guests, vetoes) = await store.ReadAsync(async db => (
            await db.Nights.FirstOrDefaultAsync(row => row.Code == code, cancellationToken) ?? throw NoSuchNight(),
            await db.NightSeats.Where(guest => guest.NightCode == code).OrderBy(guest => guest.Id).ToListAsync(cancellationToken),
            await db.NightVetoes.Where(veto => veto.NightCode == code).Select(veto => veto.MovieId).ToListAsync(cancellationToken)), cancellationToken);
        var histories = new List<IReadOnlyList<ViewerRating>>();
        var without = new HashSet<int>(vetoes);
        if (night.WatchedMovieId is { } seen) without.Add(seen);
        foreach (var guest in guests)
        {
            histories.Add(await HistoryOfAsync(guest, cancellationToken));
            if (guest.ViewerId is not { } viewer) continue;
            foreach (var (movie, kind) in await marks.OfAsync(viewer, cancellationToken))
                if (kind != MarkKind.Watchlist) without.Add(movie);
            without.UnionWith(await AwaitingStarsAsync(viewer, cancellationToken));
        }
        var films = guests.TrueForAll(guest => guest.ViewerId is null) ? [] : recommendations.ForGroup(histories, new() { Count = Shown, Without = without });
        return new(code,
            [.. guests.Select((guest, i) => new NightPerson(guest.Id, guest.Name, histories[i].Count, guest.ViewerId is { } viewer && viewer == caller.ViewerId, guest.ViewerId is null))],
            films, [.. vetoes.Select(catalog.Find).OfType<Film>()], night.WatchedMovieId is { } watched ? catalog.Find(watched) : null);
    }

    /// <summary>Viewers whose ratings count in a night, so that its pages can listen for their changes.</summary>
    public Task<List<int>> ViewersAsync(string code, CancellationToken cancellationToken = default)
        => store.ReadAsync(db => db.NightSeats.Where(guest => guest.NightCode == code && guest.ViewerId != null)
            .Select(guest => guest.ViewerId!.Value).ToListAsync(cancellationToken), cancellationToken);

    async Task AddAsync(string code, NightGuest guest, int? mustBeIn, CancellationToken cancellationToken)
    {
        await store.WriteAsync(async db =>
        {
            if (!await db.Nights.AnyAsync(night => night.Code == code, cancellationToken)) throw NoSuchNight();
            if (mustBeIn is { } viewer) await RequireInAsync(db, code, viewer, cancellationToken);
            var there = await db.NightSeats.Where(row => row.NightCode == code).ToListAsync(cancellationToken);
            if (guest.ViewerId is not null && there.Exists(row => row.ViewerId == guest.ViewerId)) return;
            if (there.Count >= MostPeople) throw new InvalidInputException($"This night is full: {MostPeople} people is the most that one film can please.");
            // Who has left after the film comes back.
            if (guest.ViewerId is not null) await db.NightGuests.Where(row => row.NightCode == code && row.ViewerId == guest.ViewerId).ExecuteDeleteAsync(cancellationToken);
            db.Add(guest);
        }, cancellationToken);
        changes.Publish(ChangeFeed.Night(code));
    }

    Task<List<int>> AwaitingStarsAsync(int viewer, CancellationToken cancellationToken)
        => store.ReadAsync(db => _awaitingStars(db, viewer).ToListAsync(cancellationToken).AsTask(), cancellationToken);

    async Task<IReadOnlyList<ViewerRating>> HistoryOfAsync(NightGuest guest, CancellationToken cancellationToken)
        => guest.ViewerId is { } viewer
            ? await ratings.OfAsync(viewer, cancellationToken)
            : [.. guest.Favourites.Split(',', StringSplitOptions.RemoveEmptyEntries).Select((id, i) => new ViewerRating(int.Parse(id, CultureInfo.InvariantCulture), 5, i + 1))];

    static async Task<NightGuest> RequireInAsync(AppDbContext db, string code, int viewer, CancellationToken cancellationToken)
        => await db.NightSeats.FirstOrDefaultAsync(guest => guest.NightCode == code && guest.ViewerId == viewer, cancellationToken)
            ?? throw new AccessDeniedException(signedIn: true, "Take a seat at this movie night first.");

    static string NameOf(string name, Wording whenEmpty) => name.Trim() switch
    {
        "" => throw new InvalidInputException(whenEmpty),
        { Length: <= LongestName } trimmed => trimmed,
        _ => throw new InvalidInputException($"A name has 1 to {LongestName} characters; '{name}' does not."),
    };

    static NotFoundException NoSuchNight() => new("There is no movie night behind this link. It may have been mistyped, or cleared away.");
}
