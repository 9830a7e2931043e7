using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Web.Features.Account;

/// <summary>
/// Who sits before an open page. Signing out, here or everywhere, a new password or a deleted account end it at once in this process;
/// another process finds it out within a minute.
/// </summary>
sealed class CircuitSession : RevalidatingServerAuthenticationStateProvider
{
    readonly Sessions _sessions;
    readonly ChangeFeed _changes;
    readonly List<IDisposable> _subscriptions = [];

    public CircuitSession(ILoggerFactory logger, Sessions sessions, ChangeFeed changes) : base(logger)
    {
        (_sessions, _changes) = (sessions, changes);
        AuthenticationStateChanged += Listen;
    }

    protected override TimeSpan RevalidationInterval => TimeSpan.FromMinutes(1);

    protected override Task<bool> ValidateAuthenticationStateAsync(AuthenticationState authenticationState, CancellationToken cancellationToken)
        => _sessions.HoldsAsync(authenticationState.User, cancellationToken);

    async void Listen(Task<AuthenticationState> state)
    {
        var caller = Caller.From((await state).User);
        Unsubscribe();
        if (caller.ViewerId is { } viewer) _subscriptions.Add(_changes.Subscribe(Sessions.Topic(viewer), End));
        if (caller.SessionId is { } session) _subscriptions.Add(_changes.Subscribe(Sessions.TopicOf(session), End));
    }

    void Unsubscribe()
    {
        foreach (var subscription in _subscriptions) subscription.Dispose();
        _subscriptions.Clear();
    }

    // Whoever published it has ended the session already; asking the store again would only lose time.
    void End() => SetAuthenticationState(Task.FromResult(new AuthenticationState(new())));

    protected override void Dispose(bool disposing)
    {
        Unsubscribe();
        base.Dispose(disposing);
    }
}
