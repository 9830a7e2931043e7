using System.Net;
using MimeKit;
using MovieRecommender.Domain;

namespace MovieRecommender.Web.Features.Account;

/// <summary>Configuration section <c>Mail</c>: the server that mails people the link to a new password. Without a host there is none, and an admin hands links over.</summary>
sealed class MailOptions
{
    public const string Section = "Mail";
    const int TlsFromTheStart = 465;

    /// <summary>Name or IP address of the server that takes mail for others. The connection is by TLS, unless it is this machine.</summary>
    public string Host { get; set; } = "";

    /// <summary>1 to 65535. 465 speaks TLS from the start, any other port begins it by STARTTLS. Default 587.</summary>
    public int Port { get; set; } = 587;

    /// <summary>Whom to sign in as; none where the server asks for nobody.</summary>
    public string User { get; set; } = "";

    public string Password { get; set; } = "";

    /// <summary>Sender of the letters: an address, with or without a name.</summary>
    public string From { get; set; } = "";

    /// <summary>Where people open this app. Links begin with it, and not with what a request says: whoever asks for a link could say anything.</summary>
    public string Site { get; set; } = "";

    public bool Enabled => !string.IsNullOrWhiteSpace(Host);

    public bool SignsIn => !string.IsNullOrEmpty(User);

    public bool BeginsWithTls => Port == TlsFromTheStart;

    public bool IsThisMachine => Host == "localhost" || (IPAddress.TryParse(Host, out var address) && IPAddress.IsLoopback(address));

    /// <exception cref="InvalidInputException">The settings make no sense.</exception>
    public MailOptions Checked()
    {
        if (!Enabled) return this;
        if (Uri.CheckHostName(Host) == UriHostNameType.Unknown) throw new InvalidInputException($"Mail:Host is '{Host}'; allowed is the name or IP address of a mail server.");
        if (Port is < 1 or > 65535) throw new InvalidInputException($"Mail:Port is {Port}; allowed is 1 to 65535.");
        if (SignsIn == string.IsNullOrEmpty(Password)) throw new InvalidInputException($"Mail:User is '{User}' and Mail:Password is {(SignsIn ? "empty" : "set")}; allowed are both or neither.");
        if (!MailboxAddress.TryParse(From, out var from) || !from.Address.Contains('@'))
            throw new InvalidInputException($"Mail:From is '{From}'; allowed is an address such as movies@example.org, or Movies <movies@example.org>.");
        if (!Uri.TryCreate(Site, UriKind.Absolute, out var site) || site.Scheme is not ("https" or "http") || site.PathAndQuery != "/")
            throw new InvalidInputException($"Mail:Site is '{Site}'; allowed is the address people open this app at, such as https://movies.example.org.");
        return this;
    }
}
