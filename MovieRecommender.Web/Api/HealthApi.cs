using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Models;
using MovieRecommender.Domain.Storage;
using MovieRecommender.Domain.Training;

namespace MovieRecommender.Web.Api;

/// <param name="Status">ready or starting.</param>
/// <param name="Serving">model or popularity.</param>
/// <param name="Version">The model version that serves.</param>
/// <param name="Reason">What is awaited, or why only popularity serves.</param>
sealed record HealthAnswer(string Status, string? Serving, int? Version, string? Reason);

static class HealthApi
{
    public static void MapHealth(this WebApplication app)
    {
        app.MapGet("/health/live", () => TypedResults.Text("alive")).ExcludeFromDescription();

        app.MapGet("/health/ready", async (Readiness readiness, LiveModel live, TrainingService training, CancellationToken cancellationToken) =>
        {
            if (!readiness.IsOpen) return Answer(StatusCodes.Status503ServiceUnavailable, new("starting", null, null, readiness.Now.Message.ToString()));
            if (live.Current is { } model) return Answer(StatusCodes.Status200OK, new("ready", "model", model.Version, null));
            var last = (await training.ListAsync(Caller.Operator, 1, cancellationToken: cancellationToken)).FirstOrDefault();
            return last is { IsOver: false }
                ? Answer(StatusCodes.Status503ServiceUnavailable, new("starting", "popularity", null, "The first model is being trained."))
                : Answer(StatusCodes.Status200OK, new("ready", "popularity", null, last?.Outcome ?? "No model has been trained yet."));
        }).ExcludeFromDescription();
    }

    static Microsoft.AspNetCore.Http.HttpResults.JsonHttpResult<HealthAnswer> Answer(int status, HealthAnswer answer) => TypedResults.Json(answer, statusCode: status);
}
