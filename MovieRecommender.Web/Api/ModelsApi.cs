using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Models;

namespace MovieRecommender.Web.Api;

/// <summary>A published model version.</summary>
/// <param name="Live">Whether it serves.</param>
/// <param name="Size">Of its file, in bytes.</param>
/// <param name="Checksum">SHA-256 of its file, in hex.</param>
sealed record ModelAnswer(
    int Version, bool Live, DateTime CreatedUtc, int RunId, string RankingAlgorithm, string StarsAlgorithm,
    int Films, int Viewers, long Ratings, long Size, string Checksum);

static class ModelsApi
{
    public static void MapModels(this RouteGroupBuilder v1)
        => v1.MapGroup("/admin/models").WithTags("Models").ProducesProblem(StatusCodes.Status403Forbidden)
            .MapGet("", async (ModelShelf shelf, LiveModel live, Caller caller, CancellationToken cancellationToken) =>
                (await shelf.ListAsync(caller, cancellationToken)).Select(version => new ModelAnswer(
                    version.Id, version.Id == live.Current?.Version, version.CreatedUtc, version.RunId, version.RankingAlgorithm, version.StarsAlgorithm,
                    version.Films, version.Viewers, version.Ratings, version.Size, version.Checksum)))
            .WithSummary("Model versions, newest first.");
}
