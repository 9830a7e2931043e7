using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Domain.Accounts;

/// <summary>What stands open and who holds keys, in numbers: for an admin who checks the installation.</summary>
public sealed class AccountFigures(Store store, TimeProvider time)
{
    /// <summary>A token that nobody used for so long is probably forgotten.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromDays(90);

    /// <param name="Admins">Those who can sign in.</param>
    /// <param name="AdminsByPasswordAlone">Of them, those without a second step and without a passkey.</param>
    /// <param name="Invitations">Still good.</param>
    /// <param name="Tokens">Still good.</param>
    /// <param name="EndlessTokens">Of them, those that never expire.</param>
    /// <param name="IdleTokens">Of them, those not used for 90 days.</param>
    /// <param name="Keys">That seal cookies.</param>
    /// <param name="OpenKeys">Of them, those that lie in the store as they are, not sealed by a certificate.</param>
    public sealed record Numbers(int Admins, int AdminsByPasswordAlone, int Invitations, int Tokens, int EndlessTokens, int IdleTokens, int Keys, int OpenKeys);

    public Task<Numbers> ReadAsync(Caller caller, CancellationToken cancellationToken = default)
    {
        caller.RequireAdmin();
        var now = time.GetUtcNow().UtcDateTime;
        var before = now - Idle;
        return store.ReadSnapshotAsync(async db =>
        {
            var passkeys = db.Set<IdentityUserPasskey<int>>();
            var tokens = db.Set<ApiToken>().Where(token => token.ExpiresUtc == null || token.ExpiresUtc > now);
            return new Numbers(
                await db.ActiveAdmins().CountAsync(cancellationToken),
                await db.ActiveAdmins().CountAsync(admin => !admin.TwoFactorEnabled && !passkeys.Any(passkey => passkey.UserId == admin.Id), cancellationToken),
                await db.Set<Invitation>().CountAsync(invitation => invitation.ExpiresUtc > now, cancellationToken),
                await tokens.CountAsync(cancellationToken),
                await tokens.CountAsync(token => token.ExpiresUtc == null, cancellationToken),
                await tokens.CountAsync(token => (token.LastUsedUtc ?? token.CreatedUtc) < before, cancellationToken),
                await db.DataProtectionKeys.CountAsync(cancellationToken),
                await db.DataProtectionKeys.CountAsync(key => key.Xml!.Contains("<masterKey"), cancellationToken));
        }, cancellationToken);
    }
}
