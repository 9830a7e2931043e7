using System.Globalization;
using System.Net.Sockets;
using System.Threading.Channels;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Web.Shell;
using static MovieRecommender.Web.Shell.Languages.Text;

namespace MovieRecommender.Web.Features.Account;

/// <summary>
/// Mails people the link to a new password. All of it, from looking for the account on, happens after the page has answered,
/// so that neither words nor time tell who has an account.
/// </summary>
sealed partial class ResetMail(MailOptions options, IServiceScopeFactory scopes, ILogger<ResetMail> logger) : BackgroundService
{
    const int MostWaiting = 100;
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    readonly Channel<(string Address, CultureInfo Language)> _asked = Channel.CreateBounded<(string, CultureInfo)>(new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Has a link mailed, in the language of who asks, if the address has an account. While too many are waiting it is let go.</summary>
    public void Ask(string address) => _asked.Writer.TryWrite((address, CultureInfo.CurrentUICulture));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var (address, language) in _asked.Reader.ReadAllAsync(stoppingToken)) await AnswerAsync(address, language, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The app is stopping; whoever still waits asks again.
        }
    }

    async Task AnswerAsync(string address, CultureInfo language, CancellationToken stoppingToken)
    {
        CultureInfo.CurrentUICulture = language;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        patience.CancelAfter(Patience);
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<PasswordResets>().MailAsync(address, (to, made) => SendAsync(Letter(to, made), patience.Token), stoppingToken);
        }
        catch (Exception error) when (!stoppingToken.IsCancellationRequested)
        {
            LogFailed(options.Host, options.Port, ReasonOf(error));
        }
    }

    MimeMessage Letter(string to, ResetCode made)
    {
        var site = options.Site.TrimEnd('/');
        var letter = new MimeMessage { Subject = T("A new password for MovieRecommender") };
        letter.From.Add(MailboxAddress.Parse(options.From));
        letter.To.Add(new MailboxAddress("", to));
        // Keeps absence notes from answering.
        letter.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");
        letter.Body = new TextPart("plain")
        {
            Text = string.Join("\n\n",
                T("Somebody, probably you, asked for a new password for your account at {0}. This link sets one, once, within a day:", site),
                site + PersonalLinks.Reset(made.Code),
                T("If it was not you, there is nothing to do: your password stays as it is.")) + "\n",
        };
        return letter;
    }

    async Task SendAsync(MimeMessage letter, CancellationToken cancellationToken)
    {
        // Asking whether a certificate was revoked would be a request to somebody else.
        using var client = new SmtpClient { CheckCertificateRevocation = false };
        var security = options.BeginsWithTls ? SecureSocketOptions.SslOnConnect : options.IsThisMachine ? SecureSocketOptions.None : SecureSocketOptions.StartTls;
        await client.ConnectAsync(options.Host, options.Port, security, cancellationToken);
        if (options.SignsIn) await client.AuthenticateAsync(options.User, options.Password, cancellationToken);
        await client.SendAsync(letter, cancellationToken);
        await client.DisconnectAsync(quit: true, cancellationToken);
    }

    /// <summary>Enough to mend it. What the server says may name the person, and so is left out.</summary>
    static string ReasonOf(Exception error) => error switch
    {
        SmtpCommandException refused => $"{refused.ErrorCode}, answer {(int)refused.StatusCode}",
        SocketException or SslHandshakeException => error.Message,
        OperationCanceledException => $"no answer within {Patience.TotalSeconds} seconds",
        _ => error.GetType().Name,
    };

    [LoggerMessage(LogLevel.Error, "A password link could not be mailed through {Host}, port {Port}: {Reason}")]
    partial void LogFailed(string host, int port, string reason);
}

/// <summary>Registers the mail of password links.</summary>
static class MailSetup
{
    public static IServiceCollection AddResetMail(this IServiceCollection services, IConfiguration configuration)
    {
        var settings = (configuration.GetSection(MailOptions.Section).Get<MailOptions>() ?? new()).Checked();
        services.AddSingleton(settings);
        services.AddSingleton<ResetMail>();
        if (settings.Enabled) services.AddHostedService(provider => provider.GetRequiredService<ResetMail>());
        return services;
    }
}
