using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Storage;
using MovieRecommender.Web.Shell;
using MovieRecommender.Web.Shell.Protection;

namespace MovieRecommender.Web.Features.Admin;

public enum CheckState
{
    Fine = 0,

    /// <summary>It depends; somebody should have decided it.</summary>
    Look = 1,

    /// <summary>Something is wrong or missing.</summary>
    Change = 2,
}

/// <param name="Says">What is so.</param>
/// <param name="Advice">What to do about it; null where there is nothing to do.</param>
public sealed record CheckLine(string Name, CheckState State, string Says, string? Advice = null);

/// <summary>What an admin should know of their own installation. How people reach the app is told by the very request that asks.</summary>
public sealed class InstallationCheck(AccountFigures figures, AccountService accounts, DashboardHealth health, StorePaths paths, IOptions<ForwardedHeadersOptions> proxies, TimeProvider time)
{
    static readonly string[] Forwarded = [ForwardedHeadersDefaults.XForwardedForHeaderName, ForwardedHeadersDefaults.XForwardedProtoHeaderName, ForwardedHeadersDefaults.XForwardedHostHeaderName, "Forwarded"];
    static readonly string[] Believed = [ForwardedHeadersDefaults.XOriginalForHeaderName, ForwardedHeadersDefaults.XOriginalProtoHeaderName, ForwardedHeadersDefaults.XOriginalHostHeaderName];

    public async Task<IReadOnlyList<CheckLine>> ReadAsync(Caller caller, HttpContext context, CancellationToken cancellationToken = default)
    {
        var numbers = await figures.ReadAsync(caller, cancellationToken);
        var state = await health.ReadAsync(caller);
        return [Https(context), Proxy(context), Store(numbers), SignUp(await accounts.RegistrationAsync(), numbers), Admins(numbers), Tokens(numbers), Backup(state.LastBackupUtc)];
    }

    static CheckLine Https(HttpContext context)
    {
        const string Name = "HTTPS";
        if (context.Request.IsHttps) return new(Name, CheckState.Fine, "You came by HTTPS.");
        if (Has(context, Forwarded))
            return new(Name, CheckState.Change, "Something forwards your requests, but the app does not believe it, and takes yours for plain HTTP: cookies go without their HTTPS mark.", "Put the next line in order first.");
        return IsHere(context)
            ? new(Name, CheckState.Fine, "You came by plain HTTP from this machine itself, so nothing crossed a network.", "Before others come over a network, put a reverse proxy with a certificate in front.")
            : new(Name, CheckState.Change, "You came by plain HTTP: whoever shares the network can read passwords and cookies.", $"Put a reverse proxy with a certificate in front, and name it in {ProxySetup.Key}.");
    }

    CheckLine Proxy(HttpContext context)
    {
        const string Name = "Proxy";
        var from = context.Connection.RemoteIpAddress is { IsIPv4MappedToIPv6: true } mapped ? mapped.MapToIPv4() : context.Connection.RemoteIpAddress;
        if (proxies.Value.KnownIPNetworks.Any(network => network.PrefixLength == 0))
            return new(Name, CheckState.Change, $"{ProxySetup.Key} names every address there is, so anybody can pretend to be anywhere.", "Name only the proxy's own address.");
        if (Has(context, Believed)) return new(Name, CheckState.Fine, $"A trusted proxy speaks for you and says that you are at {from}.");
        if (Has(context, Forwarded))
            return new(Name, CheckState.Change, $"A proxy at {from} is not believed: everybody behind it counts as one address for the limits.", $"If it is yours, set {ProxySetup.Key} to {from}.");
        return proxies.Value.KnownProxies.Count + proxies.Value.KnownIPNetworks.Count == 0
            ? new(Name, CheckState.Fine, $"None: you came straight from {from}.")
            : new(Name, CheckState.Look, $"{ProxySetup.Key} names a proxy, but you came past it, straight from {from}.", "Make sure that only the proxy reaches the app's own port.");
    }

    CheckLine Store(AccountFigures.Numbers numbers)
    {
        const string Name = "Store and keys";
        var says = $"{Words.Count(numbers.Keys, "key seals", "keys seal")} cookies and {(numbers.Keys == 1 ? "lies" : "lie")} in the store, {paths.Directory}, {(numbers.OpenKeys == 0 ? "sealed by a certificate" : "in the clear")}.";
        if (OperatingSystem.IsWindows()) return new(Name, CheckState.Look, says, "Make sure that only the app's user may read that folder.");
        const UnixFileMode Others = UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
        if ((File.GetUnixFileMode(paths.Directory) & Others) == UnixFileMode.None)
        {
            says += " Other users of this machine cannot look into it.";
            return numbers.OpenKeys == 0 ? new(Name, CheckState.Fine, says)
                : new(Name, CheckState.Look, $"{says} Who has a copy of it, a backup too, can make cookies for anybody.", $"Keep backups like passwords, or set {KeyProtection.CertificateKey} to a certificate that lies elsewhere.");
        }
        return new(Name, CheckState.Change, $"{says} Other users of this machine can look into it, and could make cookies of their own.", $"Keep them out: chmod o= {paths.Directory}");
    }

    static CheckLine SignUp(Registration registration, AccountFigures.Numbers numbers)
    {
        const string Name = "Registration";
        return registration switch
        {
            Registration.Open => new(Name, CheckState.Look, "Anybody who reaches this address can make an account.", "If that is not meant, set Accounts:Registration to invite or closed."),
            Registration.Invite => new(Name, CheckState.Fine, $"By invitation; {Words.Count(numbers.Invitations, "link is", "links are")} out."),
            _ => new(Name, CheckState.Fine, "Closed."),
        };
    }

    static CheckLine Admins(AccountFigures.Numbers numbers)
    {
        const string Name = "Admins";
        var says = $"{Words.Count(numbers.Admins, "admin", "admins")}; {(numbers.AdminsByPasswordAlone == 0 ? "each has a passkey or a second step." : $"{numbers.AdminsByPasswordAlone} with a password alone.")}";
        return numbers.AdminsByPasswordAlone == 0 ? new(Name, CheckState.Fine, says) : new(Name, CheckState.Look, says, "Add a passkey or a second step on the account page; a password can be told to a false site.");
    }

    static CheckLine Tokens(AccountFigures.Numbers numbers)
    {
        const string Name = "Tokens";
        if (numbers.Tokens == 0) return new(Name, CheckState.Fine, "None.");
        var says = $"{Words.Count(numbers.Tokens, "token", "tokens")}; {Words.Count(numbers.EndlessTokens, "never expires", "never expire")}, {numbers.IdleTokens} not used for {AccountFigures.Idle.Days} days.";
        return numbers.EndlessTokens + numbers.IdleTokens == 0 ? new(Name, CheckState.Fine, says)
            : new(Name, CheckState.Look, says, "Revoke on the account page what is not needed, and give the others an end.");
    }

    CheckLine Backup(DateTime? last)
    {
        const string Name = "Last backup";
        const string How = "Run the verb backup FILE, regularly, and keep the file on another machine.";
        return last is not { } at ? new(Name, CheckState.Change, "There is none.", How)
            : time.GetUtcNow().UtcDateTime - at > DashboardHealth.BackupDue ? new(Name, CheckState.Change, $"Made {Words.Ago(at, time.GetUtcNow())}.", How)
            : new(Name, CheckState.Fine, $"Made {Words.Ago(at, time.GetUtcNow())}.");
    }

    static bool Has(HttpContext context, string[] headers) => headers.Any(context.Request.Headers.ContainsKey);

    static bool IsHere(HttpContext context) => context.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address) && !Has(context, Believed);
}
