using System.Text;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Privacy;
using MovieRecommender.Domain.Ratings.Histories;

namespace MovieRecommender.Web.Features.Ratings;

/// <summary>A viewer's own things as files to take away.</summary>
static class ExportEndpoints
{
    public static void MapExports(this WebApplication app)
    {
        app.MapGet("/ratings/export.csv", async (HistoryExport export, Caller caller, CancellationToken cancellationToken)
            => Results.File(Encoding.UTF8.GetBytes(await export.CsvAsync(caller, cancellationToken)), "text/csv; charset=utf-8", "my-ratings.csv")).ExcludeFromDescription();

        app.MapGet("/ratings/export.json", async (PersonalExport export, Caller caller, CancellationToken cancellationToken)
            => Results.File(Encoding.UTF8.GetBytes(await export.JsonAsync(caller, cancellationToken)), "application/json", "my-films.json")).ExcludeFromDescription();
    }
}
