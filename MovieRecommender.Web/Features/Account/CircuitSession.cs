using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Web.Features.Account;

/// <summary>
/// Who sits before an open page. Signing out everywhere, a new password or a deleted account end it at once in this process;
/// another process finds it out within a minute.
/// </summary>
sealed class CircuitSession : RevalidatingServerAuthenticationStateProvider
{
    readonly Sessions _sessions;
    readonly ChangeFeed _changes;
    IDisposable? _subscription;

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
        _subscription?.Dispose();
        _subscription = Caller.From((await state).User).ViewerId is { } viewer ? _changes.Subscribe(Sessions.Topic(viewer), End) : null;
    }

    // Whoever published it has ended the session already; asking the store again would only lose time.
    void End() => SetAuthenticationState(Task.FromResult(new AuthenticationState(new())));

    protected override void Dispose(bool disposing)
    {
        _subscription?.Dispose();
        base.Dispose(disposing);
    }
}
