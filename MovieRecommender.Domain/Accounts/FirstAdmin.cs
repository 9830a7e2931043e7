using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Domain.Accounts;

/// <summary>
/// The way in while no admin exists: a code that only the log of this process shows.
/// It works once; from then on the set-up page does not exist.
/// </summary>
public sealed class FirstAdmin(IServiceScopeFactory scopes) : IDisposable
{
    readonly SemaphoreSlim _one = new(1, 1);

    public string Code { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    public async Task<bool> IsOpenAsync()
    {
        await using var scope = scopes.CreateAsyncScope();
        return !await scope.ServiceProvider.GetRequiredService<AccountService>().AnyAdminAsync();
    }

    /// <exception cref="InvalidInputException">The code is wrong, or address or password cannot be used.</exception>
    /// <exception cref="AccessDeniedException">An admin exists already.</exception>
    public async Task<Account> CreateAsync(Caller caller, string code, string email, string password, CancellationToken cancellationToken = default)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var accounts = scope.ServiceProvider.GetRequiredService<AccountService>();
            if (await accounts.AnyAdminAsync()) throw new AccessDeniedException(caller.ViewerId is not null);
            if (!CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(code), Encoding.UTF8.GetBytes(Code)))
                throw new InvalidInputException("That set-up link is not the one in the log. Open the newest link the app printed when it started.");
            var account = await accounts.CreateAsync(email, password, caller.IsGuest ? caller.ViewerId : null, cancellationToken);
            await accounts.MakeAdminAsync(account);
            await scope.ServiceProvider.GetRequiredService<AdminActions>().RecordOnPersonAsync(Caller.Operator, "let in by the set-up link", account.Id, cancellationToken);
            return account;
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();
}
