using System.Text.Json;

namespace MovieRecommender.Web.Api;

/// <summary>A body that is no handler's parameter, because there may be none or it may be a form.</summary>
static class JsonBody
{
    /// <exception cref="BadHttpRequestException">It is no JSON, or not as it should be.</exception>
    public static async Task<T?> ReadAsync<T>(HttpRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await request.ReadFromJsonAsync<T>(cancellationToken);
        }
        catch (JsonException error)
        {
            throw new BadHttpRequestException(error.Message, error);
        }
    }
}
