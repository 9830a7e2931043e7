using System.ComponentModel.DataAnnotations;

namespace MovieRecommender.Web.Features.Account;

/// <summary>What a browser sends when a passkey has been made or used.</summary>
sealed class PasskeyAnswer
{
    /// <summary>What its owner calls it; of who signs up with it, their address.</summary>
    [StringLength(254)]
    public string? Name { get; set; } = "";

    /// <summary>The credential as JSON, as WebAuthn defines it.</summary>
    [StringLength(100_000)]
    public string? Credential { get; set; } = "";

    /// <returns>Null for an answer to a question that was never asked, or too long ago.</returns>
    public static async Task<T?> CheckAsync<T>(Func<Task<T>> check) where T : class
    {
        try
        {
            return await check();
        }
        catch (Exception error) when (error is InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }
}
