using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.JSInterop;
using MovieRecommender.Domain;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Web.Features.Account;

namespace MovieRecommender.Web.Shell;

/// <summary>Who sits before this page. A visitor becomes a guest with the first thing they want remembered, not before.</summary>
sealed class ViewerSession : IDisposable
{
    readonly AuthenticationStateProvider _authentication;
    readonly IJSRuntime _script;
    readonly GuestTickets _tickets;
    Caller? _caller;

    public ViewerSession(AuthenticationStateProvider authentication, IJSRuntime script, GuestTickets tickets)
    {
        (_authentication, _script, _tickets) = (authentication, script, tickets);
        authentication.AuthenticationStateChanged += Forget;
    }

    /// <summary>Raised when a visitor has become a guest.</summary>
    public event Action? Changed;

    public async Task<Caller> CallerAsync()
        => _caller ??= Caller.From((await _authentication.GetAuthenticationStateAsync()).User);

    /// <summary>The caller as someone who can rate: the one there is, or a new guest.</summary>
    /// <exception cref="InvalidInputException">The browser did not take the guest's cookie.</exception>
    public async Task<Caller> ViewerAsync()
    {
        var caller = await CallerAsync();
        if (caller.ViewerId is not null) return caller;
        var ticket = await _script.InvokeAsync<string?>("movieRecommender.becomeGuest");
        var viewer = _tickets.Read(ticket) ?? throw new InvalidInputException("Your rating could not be kept. Allow cookies for this site, or wait a minute, and try again.");
        _caller = Caller.From(GuestIdentity.For(viewer));
        Changed?.Invoke();
        return _caller;
    }

    public void Dispose() => _authentication.AuthenticationStateChanged -= Forget;

    // A session that ended elsewhere has ended on this page too.
    void Forget(Task<AuthenticationState> state) => _caller = null;
}
