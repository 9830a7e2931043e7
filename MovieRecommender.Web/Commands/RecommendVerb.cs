using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using MovieRecommender.Domain;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Boot;
using MovieRecommender.Domain.Catalog;
using MovieRecommender.Domain.Models;
using MovieRecommender.Domain.Ratings;
using MovieRecommender.Domain.Recommendations;
using MovieRecommender.Domain.Training;
using MovieRecommender.Web.Api;
using MovieRecommender.Web.Shell;

namespace MovieRecommender.Web.Commands;

/// <summary>A top 10 for someone unknown, from a few titles and stars.</summary>
static class RecommendVerb
{
    public static Command Create(VerbContext context)
    {
        var rate = new Option<string[]>("--rate") { Description = "A title with its stars: \"Toy Story (1995)=5\". Repeat it, oldest first.", Required = true, AllowMultipleArgumentsPerToken = true };
        var count = new Option<int>("-n") { Description = "Length of the list, 1 to 100.", DefaultValueFactory = _ => 10 };
        var json = new Option<bool>("--json") { Description = "Print JSON, in the shape of POST /api/v1/recommendations." };
        var verb = new Command("recommend", "A top 10 for someone the store does not know.") { rate, count, json };
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            var query = new RecommendationQuery { Count = parsed.GetValue(count) };
            query.Validate();
            var rated = parsed.GetRequiredValue(rate).Select(Parse).ToList();
            using var host = await context.OpenStoreAsync(cancellationToken);
            await host.Services.GetRequiredService<FirstLoad>().LoadDataAsync(cancellationToken);
            // Titles first: a typing error should not wait for a training.
            var catalog = host.Services.GetRequiredService<MovieCatalog>();
            var history = rated.Select((film, position) => new ViewerRating(catalog.FindByTitle(film.Title).Id, film.Stars, position + 1)).ToList();
            await EnsureModelAsync(host.Services, cancellationToken);
            var list = host.Services.GetRequiredService<RecommendationService>().For(history, query);
            if (parsed.GetValue(json)) Console.WriteLine(JsonSerializer.Serialize(list.Items.Select(RecommendationAnswer.Of), JsonSerializerOptions.Web));
            else Print(list);
            return ExitCode.Done;
        });
        return verb;
    }

    public static void Print(RecommendationList list)
    {
        for (var i = 0; i < list.Items.Count; i++)
        {
            var item = list.Items[i];
            var stars = item.PredictedStars is { } predicted ? string.Create(CultureInfo.InvariantCulture, $"{predicted:0.0}") : "   ";
            Console.WriteLine($"  {i + 1,2}.  {stars}  {Describe(item.Film)}");
        }
    }

    public static string Describe(Film film) => film.Genres.Count == 0 ? film.TitleAndYear : $"{film.TitleAndYear} · {string.Join(", ", film.Genres)}";

    /// <summary>Trains a first model, as the app does at its first start.</summary>
    static async Task EnsureModelAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        if (await services.GetRequiredService<ModelShelf>().LoadLiveAsync(cancellationToken) is not null) return;
        var progress = new ConsoleProgress();
        progress.Report("Training the first model");
        var (run, _) = await services.GetRequiredService<TrainingService>().RequestAsync(Caller.Operator, cancellationToken: cancellationToken);
        await services.GetRequiredService<TrainingWorker>().CarryOutAsync(run, [], cancellationToken);
        progress.End();
    }

    static (string Title, double Stars) Parse(string text)
    {
        var equals = text.LastIndexOf('=');
        if (equals <= 0 || !double.TryParse(text[(equals + 1)..], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var stars))
            throw new InvalidInputException($"'{text}' is not TITLE=STARS, such as \"Toy Story (1995)=5\".");
        return (text[..equals], RatingService.HalvesOf(stars) / 2.0);
    }
}
