using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;
using Xunit.Abstractions;

namespace MovieRecommender.Tests.App;

/// <summary>Every endpoint of the app, called by everybody: each answers as its row says, and an endpoint without a row is a fault.</summary>
public sealed partial class AuthorizationMatrixTests(DemoApp demo, ITestOutputHelper output) : IClassFixture<DemoApp>
{
    const string MemberEmail = "member@example.org";
    const string MemberPassword = "a quiet seat at the back";

    enum Answer
    {
        /// <summary>Let in: the endpoint itself answered, if only that something does not exist.</summary>
        In,

        /// <summary>401, or sent to the sign-in page.</summary>
        SignIn,

        /// <summary>403, or a page that is for admins only.</summary>
        No,
    }

    /// <summary>Who asks; the tokens are of the admin's and the member's account.</summary>
    static readonly string[] People = ["nobody", "guest", "member", "admin", "member read", "member rate", "admin read", "admin rate", "admin admin"];

    static readonly Dictionary<string, Answer[]> Rules = new(StringComparer.Ordinal)
    {
        //            nobody         guest      member     admin      m. read    m. rate    a. read    a. rate    a. admin
        ["anyone"] = [Answer.In, Answer.In, Answer.In, Answer.In, Answer.In, Answer.In, Answer.In, Answer.In, Answer.In],
        // Everybody in person; a token that stands for someone neither shows nor changes an account.
        ["person"] = [Answer.In, Answer.In, Answer.In, Answer.In, Answer.No, Answer.No, Answer.No, Answer.No, Answer.In],
        ["member in person"] = [Answer.SignIn, Answer.No, Answer.In, Answer.In, Answer.No, Answer.No, Answer.No, Answer.No, Answer.No],
        ["viewer"] = [Answer.SignIn, Answer.In, Answer.In, Answer.In, Answer.In, Answer.In, Answer.In, Answer.In, Answer.No],
        ["rater"] = [Answer.SignIn, Answer.In, Answer.In, Answer.In, Answer.No, Answer.In, Answer.No, Answer.In, Answer.No],
        ["admin"] = [Answer.SignIn, Answer.No, Answer.No, Answer.In, Answer.No, Answer.No, Answer.No, Answer.No, Answer.In],
        // What could make somebody an admin, or become them, is nothing for a token.
        ["admin in person"] = [Answer.SignIn, Answer.No, Answer.No, Answer.In, Answer.No, Answer.No, Answer.No, Answer.No, Answer.No],
        // A guest and a member without the role are asked to sign in as somebody else.
        ["admin page"] = [Answer.SignIn, Answer.SignIn, Answer.SignIn, Answer.In, Answer.No, Answer.No, Answer.No, Answer.No, Answer.In],
        // The way in for browsers; what goes on there is checked by the services, as for the pages.
        ["not called"] = [],
    };

    /// <summary>Method and route, the rule that holds there, and a body where one is needed. Pages answer GET and POST.</summary>
    static readonly (string Endpoint, string Rule, string? Body)[] Table =
    [
        ("GET /api/v1/movies", "anyone", null),
        ("GET /api/v1/movies/{id:int}", "anyone", null),
        ("GET /api/v1/movies/{id:int}/similar", "anyone", null),
        ("POST /api/v1/recommendations", "anyone", "{\"ratings\":[]}"),
        ("POST /api/v1/recommendations/group", "anyone", "{\"viewers\":[[]]}"),
        ("GET /api/v1/me/ratings", "viewer", null),
        ("GET /api/v1/me/ratings/{movieId:int}", "viewer", null),
        ("PUT /api/v1/me/ratings/{movieId:int}", "rater", "{\"stars\":4}"),
        ("DELETE /api/v1/me/ratings/{movieId:int}", "rater", null),
        ("GET /api/v1/me/recommendations", "viewer", null),
        ("GET /api/v1/admin/people", "admin", null),
        ("GET /api/v1/admin/people/{id:int}", "admin", null),
        ("DELETE /api/v1/admin/people/{id:int}", "admin", null),
        ("PUT /api/v1/admin/people/{id:int}/admin", "admin in person", "{\"admin\":true}"),
        ("POST /api/v1/admin/people/{id:int}/lock", "admin", null),
        ("POST /api/v1/admin/people/{id:int}/unlock", "admin", null),
        ("POST /api/v1/admin/people/{id:int}/password-link", "admin in person", null),
        ("POST /api/v1/admin/invitations", "admin in person", null),
        ("GET /api/v1/admin/invitations", "admin", null),
        ("DELETE /api/v1/admin/invitations/{id:int}", "admin", null),
        ("GET /api/v1/admin/actions", "admin", null),
        ("GET /api/v1/admin/check", "admin", null),
        ("GET /api/v1/admin/overview", "admin", null),
        ("GET /api/v1/admin/training/algorithms", "admin", null),
        ("GET /api/v1/admin/training/schedule", "admin", null),
        ("PUT /api/v1/admin/training/schedule", "admin", "{\"schedule\":\"never\"}"),
        ("GET /api/v1/admin/training/runs", "admin", null),
        ("GET /api/v1/admin/training/runs/{id:int}/beside/{other:int}", "admin", null),
        ("POST /api/v1/admin/training/runs", "admin", null),
        ("GET /api/v1/admin/training/runs/{id:int}", "admin", null),
        ("POST /api/v1/admin/training/runs/{id:int}/cancel", "admin", null),
        ("GET /api/v1/admin/models", "admin", null),
        ("POST /api/v1/admin/models/{version:int}/promote", "admin", null),
        ("DELETE /api/v1/admin/models/{version:int}", "admin", null),
        ("PUT /api/v1/admin/models/pin", "admin", "{\"pinned\":false}"),
        ("GET /api/v1/admin/models/{version:int}/preview", "admin", null),
        ("GET /api/v1/admin/models/{version:int}/ml-net.zip", "admin", null),
        ("GET /api/v1/admin/models/{version:int}/item-factors.safetensors", "admin", null),
        ("GET /api/v1/admin/models/{version:int}/item-factors.parquet", "admin", null),
        ("POST /api/v1/admin/models/item-factors", "admin", null),
        ("GET /api/v1/admin/models/online", "admin", null),
        ("GET /api/v1/admin/models/online/curve", "admin", null),
        ("GET /api/v1/admin/models/split", "admin", null),
        ("PUT /api/v1/admin/models/split", "admin", "{\"percent\":0}"),
        ("GET /api/v1/admin/export/films.csv", "admin", null),
        ("GET /api/v1/admin/export/films.parquet", "admin", null),
        ("GET /api/v1/admin/export/ratings.csv", "admin", null),
        ("GET /api/v1/admin/export/ratings.parquet", "admin", null),
        ("GET /api/v1/admin/statistics", "admin", null),
        ("GET /api/v1/admin/films", "admin", null),
        ("POST /api/v1/admin/films", "admin", "{}"),
        ("GET /api/v1/admin/films/{id:int}", "admin", null),
        ("PUT /api/v1/admin/films/{id:int}", "admin", "{}"),
        ("PUT /api/v1/admin/films/{id:int}/hidden", "admin", "{\"hidden\":true}"),
        ("POST /api/v1/admin/films/{id:int}/tags", "admin", "{\"tag\":\"noir\"}"),
        ("DELETE /api/v1/admin/films/{id:int}/tags", "admin", null),
        ("GET /api/v1/admin/films/{id:int}/merge/{into:int}", "admin", null),
        ("POST /api/v1/admin/films/{id:int}/merge/{into:int}", "admin", null),
        ("GET /api/v1/admin/imports", "admin", null),
        ("POST /api/v1/admin/imports", "admin", "{\"source\":\"nowhere\"}"),
        ("GET /api/v1/admin/imports/data-sets", "admin", null),
        ("GET /api/v1/admin/imports/{id:int}", "admin", null),
        ("POST /api/v1/admin/imports/{id:int}/cancel", "admin", null),
        ("GET /api/v1/admin/imports/{id:int}/rejected.csv", "admin", null),
        // Off unless Serving:Enabled; its own tests cover the token it asks for.
        ("ANY /v1/{**rest}", "anyone", null),
        ("GET /openapi/{documentName}.json", "anyone", null),
        ("GET /docs/api/{documentName?}", "anyone", null),
        ("GET /docs/api/favicon.svg", "anyone", null),
        ("GET /docs/api/scalar.aspnetcore.js", "anyone", null),
        ("GET /docs/api/scalar.js", "anyone", null),
        ("GET /health/live", "anyone", null),
        ("GET /health/ready", "anyone", null),
        ("ANY /metrics", "anyone", null),
        ("GET /{**path:file}", "anyone", null),
        ("GET /ratings/export.csv", "viewer", null),
        ("GET /ratings/export.json", "viewer", null),
        ("GET /account/openid", "anyone", null),
        ("POST /account/passkey/create", "member in person", null),
        ("POST /account/passkey/get", "anyone", null),
        ("POST /account/passkey/sign-up", "anyone", null),
        ("POST /guest", "anyone", null),
        ("POST /language", "anyone", null),
        ("POST /account/sign-out", "anyone", null),
        ("PAGE /", "anyone", null),
        ("PAGE /about", "anyone", null),
        ("PAGE /account", "person", null),
        ("PAGE /account/openid/done", "anyone", null),
        ("PAGE /account/forgot", "anyone", null),
        ("PAGE /account/reset", "anyone", null),
        ("PAGE /account/sign-in", "anyone", null),
        ("PAGE /account/sign-in/code", "anyone", null),
        ("PAGE /account/sign-up", "anyone", null),
        ("PAGE /admin", "admin page", null),
        ("PAGE /admin/check", "admin page", null),
        ("PAGE /admin/data", "admin page", null),
        ("PAGE /admin/films", "admin page", null),
        ("PAGE /admin/log", "admin page", null),
        ("PAGE /admin/models", "admin page", null),
        ("PAGE /admin/people", "admin page", null),
        ("PAGE /admin/training", "admin page", null),
        ("PAGE /browse", "anyone", null),
        ("PAGE /error", "anyone", null),
        ("PAGE /film/{Id:int}", "anyone", null),
        ("PAGE /night", "anyone", null),
        ("PAGE /night/{Code}", "anyone", null),
        ("PAGE /not-found", "anyone", null),
        ("PAGE /ratings", "anyone", null),
        ("PAGE /ratings/import", "anyone", null),
        ("PAGE /setup", "anyone", null),
        ("PAGE /taste", "anyone", null),
        ("PAGE /watchlist", "anyone", null),
        ("PAGE /watchlist/{Code}", "anyone", null),
        ("ANY /_blazor", "not called", null),
        ("ANY /_blazor/negotiate", "not called", null),
        ("ANY /_blazor/disconnect", "not called", null),
        ("ANY /_blazor/initializers", "not called", null),
        ("GET /_framework/opaque-redirect", "not called", null),
    ];

    /// <summary>As docs/security-evidence.md has it.</summary>
    internal static string Counts => $"{Table.Length} endpoints and pages as {People.Length} callers";

    /// <summary>The routes of all pages, such as <c>/film/{Id:int}</c>.</summary>
    internal static IEnumerable<string> PageRoutes => Table.Where(row => row.Endpoint.StartsWith("PAGE ", StringComparison.Ordinal)).Select(row => row.Endpoint["PAGE ".Length..]);

    [Fact]
    public async Task EveryEndpointHasARow()
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = [$"--Storage:Directory={AppProcess.NewStore()}"],
            ApplicationName = "MovieRecommender.Web",
            ContentRootPath = Repository.Root,
        });
        Program.AddServices(builder);
        await using var app = builder.Build();
        Program.Map(app);
        var endpoints = ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<StaticAssetDescriptor>() is null)
            .SelectMany(NamesOf).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        Assert.Equal(Table.Select(row => row.Endpoint).Order(StringComparer.Ordinal), endpoints);
    }

    [Fact]
    public async Task EverybodyIsAnsweredAsTheTableSays()
    {
        var clients = await PeopleAsync();
        var faults = new List<string>();
        var calls = 0;
        foreach (var (endpoint, rule, body) in Table)
        {
            var expected = Rules[rule];
            for (var who = 0; who < expected.Length; who++)
            {
                using var request = RequestOf(endpoint, body);
                // Nobody is somebody once a cookie is kept.
                using var nobody = demo.App.NewClient();
                using var answer = await (who == 0 ? nobody : clients[who]).SendAsync(request);
                calls++;
                if (AnswerOf(answer) != expected[who]) faults.Add($"{endpoint} answers {People[who]} with {(int)answer.StatusCode} {answer.Headers.Location}, expected {expected[who]}");
                if (answer.StatusCode >= HttpStatusCode.InternalServerError) faults.Add($"{endpoint} fails for {People[who]}: {(int)answer.StatusCode}");
            }
        }
        foreach (var client in clients) client.Dispose();
        Assert.True(faults.Count == 0, string.Join(Environment.NewLine, faults));
        output.WriteLine(Counts);
        Assert.Equal(Table.Sum(row => Rules[row.Rule].Length), calls);
    }

    async Task<HttpClient[]> PeopleAsync()
    {
        var app = demo.App;
        var (guest, member, admin) = (app.NewClient(), app.NewClient(), app.NewClient());
        (await guest.PostAsync("/guest", null)).EnsureSuccessStatusCode().Dispose();
        using (var signedUp = await member.SignUpAsync(MemberEmail, MemberPassword)) Assert.Equal(HttpStatusCode.Found, signedUp.StatusCode);
        using (var signedIn = await admin.SignInAsync(DemoApp.AdminEmail, DemoApp.AdminPassword)) Assert.Equal(HttpStatusCode.Found, signedIn.StatusCode);
        return
        [
            app.NewClient(), guest, member, admin,
            await TokenAsync(member, "Read"), await TokenAsync(member, "Rate"),
            await TokenAsync(admin, "Read"), await TokenAsync(admin, "Rate"), await TokenAsync(admin, "Admin"),
        ];

        async Task<HttpClient> TokenAsync(HttpClient owner, string scopes) => app.NewClient(await owner.MakeTokenAsync(scopes));
    }

    static IEnumerable<string> NamesOf(RouteEndpoint endpoint)
    {
        var route = "/" + endpoint.RoutePattern.RawText!.Trim('/');
        if (endpoint.Metadata.GetMetadata<ComponentTypeMetadata>() is not null) return [$"PAGE {route}"];
        var methods = endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods;
        return methods is { Count: > 0 } ? methods.Where(method => method is not ("HEAD" or "OPTIONS")).Select(method => $"{method} {route}") : [$"ANY {route}"];
    }

    static HttpRequestMessage RequestOf(string endpoint, string? body)
    {
        var (method, route) = (endpoint.Split(' ')[0], endpoint.Split(' ')[1]);
        // Film 1 exists; nobody has a run, version or import of that number.
        var path = Parameter().Replace(route.Replace("movies/{id:int}", "movies/1", StringComparison.Ordinal), match => match.Value switch
        {
            "{movieId:int}" or "{Id:int}" => "1",
            "{documentName}" or "{documentName?}" => "v1",
            "{**rest}" => "models/movie_model",
            "{Code}" => "nobody",
            _ => "999999",
        });
        return new(method is "PAGE" or "ANY" ? HttpMethod.Get : new(method), path) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") };
    }

    static Answer AnswerOf(HttpResponseMessage answer) => answer.StatusCode switch
    {
        HttpStatusCode.Unauthorized => Answer.SignIn,
        HttpStatusCode.Forbidden => Answer.No,
        HttpStatusCode.Found when answer.Headers.Location?.ToString().Contains("/account/sign-in", StringComparison.Ordinal) == true => Answer.SignIn,
        _ => Answer.In,
    };

    [GeneratedRegex(@"\{[^}]*\}", RegexOptions.None, 1000)]
    private static partial Regex Parameter();
}
