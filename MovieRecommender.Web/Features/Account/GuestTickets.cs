using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace MovieRecommender.Web.Features.Account;

/// <summary>
/// Carries a new guest's id from the request that set the cookie to the open page that asked for it.
/// A page cannot set a cookie itself, and what a browser says is believed only under this seal.
/// </summary>
sealed class GuestTickets(IDataProtectionProvider protection)
{
    static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(2);
    readonly ITimeLimitedDataProtector _protector = protection.CreateProtector("guest-ticket").ToTimeLimitedDataProtector();

    public string Issue(int viewerId) => _protector.Protect(viewerId.ToString(CultureInfo.InvariantCulture), Lifetime);

    public int? Read(string? ticket)
    {
        if (string.IsNullOrEmpty(ticket)) return null;
        try
        {
            return int.Parse(_protector.Unprotect(ticket), CultureInfo.InvariantCulture);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
