using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using MovieRecommender.Domain;
using MovieRecommender.Domain.Accounts;
using MovieRecommender.Domain.Catalog.Demo;
using MovieRecommender.Domain.Models;
using MovieRecommender.Domain.Ratings;
using MovieRecommender.Domain.Ratings.Histories;
using MovieRecommender.Domain.Recommendations;
using MovieRecommender.Domain.Recommendations.Nights;
using MovieRecommender.Domain.Storage;
using MovieRecommender.Tests.Imports;
using Xunit.Abstractions;

namespace MovieRecommender.Tests.Accounts;

/// <summary>
/// Every service method that is told who calls, called by everybody: each answers as its row says, and a method without a row is a fault.
/// The pages in front of them do not matter here.
/// </summary>
public sealed class ServiceMatrixTests(ITestOutputHelper output) : IAsyncLifetime
{
    const string Password = "a quiet seat at the back";
    const int Nothing = 999_999;
    TestStore _store = null!;
    SmallData _data = null!;
    (string Name, Caller Caller)[] _people = [];
    int _night;

    enum Answer
    {
        /// <summary>The method did its work, if only to find that what it was given makes no sense.</summary>
        In,

        /// <summary>Refused as nobody in particular.</summary>
        SignIn,

        /// <summary>Refused as the wrong person or the wrong token.</summary>
        No,

        /// <summary>What is another's does not exist for the caller.</summary>
        Gone,
    }

    /// <summary>What a row's method is given; all of it the member's.</summary>
    sealed record Things(int Token, int Session, int Import, string Night, int Seat, string File);

    /// <summary>A caller's kind, in the order of the columns below; tokens are of the member's and the admin's account.</summary>
    static readonly string[] People = ["nobody", "guest", "member", "other member", "admin", "member read", "member rate", "admin read", "admin rate", "admin admin"];

    static readonly Dictionary<string, Answer[]> Rules = new(StringComparer.Ordinal)
    {
        //            nobody         guest        member       other        admin        m. read      m. rate      a. read      a. rate      a. admin
        ["anyone"] = [Answer.In, Answer.In, Answer.In, Answer.In, Answer.In, Answer.In, Answer.In, Answer.In, Answer.In, Answer.In],
        ["viewer"] = [Answer.SignIn, Answer.In, Answer.In, Answer.In, Answer.In, Answer.In, Answer.In, Answer.In, Answer.In, Answer.No],
        ["rater"] = [Answer.SignIn, Answer.In, Answer.In, Answer.In, Answer.In, Answer.No, Answer.In, Answer.No, Answer.In, Answer.No],
        // Undoes what the member did: for others it does not exist.
        ["its owner"] = [Answer.SignIn, Answer.Gone, Answer.In, Answer.Gone, Answer.Gone, Answer.No, Answer.In, Answer.No, Answer.Gone, Answer.No],
        ["at the night"] = [Answer.SignIn, Answer.No, Answer.In, Answer.No, Answer.No, Answer.No, Answer.In, Answer.No, Answer.No, Answer.No],
        // No token makes tokens or changes an account.
        ["member in person"] = [Answer.SignIn, Answer.No, Answer.In, Answer.In, Answer.In, Answer.No, Answer.No, Answer.No, Answer.No, Answer.No],
        ["its owner in person"] = [Answer.SignIn, Answer.No, Answer.In, Answer.Gone, Answer.Gone, Answer.No, Answer.No, Answer.No, Answer.No, Answer.No],
        ["viewer in person"] = [Answer.SignIn, Answer.In, Answer.In, Answer.In, Answer.In, Answer.No, Answer.No, Answer.No, Answer.No, Answer.No],
        ["admin"] = [Answer.SignIn, Answer.No, Answer.No, Answer.No, Answer.In, Answer.No, Answer.No, Answer.No, Answer.No, Answer.In],
        ["admin in person"] = [Answer.SignIn, Answer.No, Answer.No, Answer.No, Answer.In, Answer.No, Answer.No, Answer.No, Answer.No, Answer.No],
        // There is an admin already. A token for admin work alone stands for nobody.
        ["closed"] = [Answer.SignIn, Answer.No, Answer.No, Answer.No, Answer.No, Answer.No, Answer.No, Answer.No, Answer.No, Answer.SignIn],
    };

    /// <summary>Service and method, the rule that holds there, and what follows the caller. What is left out has its default.</summary>
    static readonly (string Method, string Rule, Func<Things, object?[]> Arguments)[] Table =
    [
        ("AccountFigures.ReadAsync", "admin", _ => []),
        ("AccountRights.LockAsync", "admin", _ => [Nothing]),
        ("AccountRights.SetAdminAsync", "admin in person", _ => [Nothing, true]),
        ("AccountRights.UnlockAsync", "admin", _ => [Nothing]),
        ("AccountService.AddAsync", "admin", _ => ["new@example.org", "short", false]),
        ("AccountService.ChangePasswordAsync", "member in person", _ => ["not the password", "another quiet seat"]),
        ("AccountService.HasPasswordAsync", "member in person", _ => []),
        ("AccountService.InviteAsync", "admin in person", _ => []),
        ("AccountService.InvitationsAsync", "admin", _ => []),
        ("AccountService.RevokeInvitationAsync", "admin", _ => [Nothing]),
        ("AccountService.SignOutEverywhereAsync", "member in person", _ => []),
        ("ExternalSignIn.ConnectAsync", "member in person", _ => [new ExternalIdentity("https://club.example.org", "17", null, false)]),
        ("ExternalSignIn.DisconnectAsync", "member in person", _ => []),
        ("ExternalSignIn.IsConnectedAsync", "member in person", _ => []),
        ("ExternalSignIn.SignInAsync", "anyone", _ => [new ExternalIdentity("https://club.example.org", "18", null, false)]),
        ("AccountService.SignUpAsync", "anyone", _ => ["new@example.org", "short"]),
        ("AdminActions.ListAsync", "admin", _ => []),
        ("ApiTokens.AddAsync", "admin", _ => ["nobody@example.org"]),
        ("ApiTokens.AddMineAsync", "member in person", _ => ["mine", TokenScopes.Read, TimeSpan.FromDays(1)]),
        ("ApiTokens.MineAsync", "member in person", _ => []),
        ("ApiTokens.RevokeAsync", "its owner in person", things => [things.Token]),
        ("BackupService.BackupAsync", "admin", things => [things.File]),
        ("BackupService.RestoreAsync", "admin", things => [things.File]),
        ("DataImporter.ImportAsync", "admin", _ => [new DemoDataSet(), null, new CancellationToken(canceled: true)]),
        ("DataExport.FilmsAsync", "admin", _ => [Domain.Curation.ExportFormat.Csv, Stream.Null]),
        ("DataExport.RatingsAsync", "admin", _ => [Domain.Curation.ExportFormat.Csv, Stream.Null]),
        ("DataStatistics.ReadAsync", "admin", _ => []),
        ("FilmMerger.MergeAsync", "admin", _ => [Nothing, 1]),
        ("FilmMerger.PlanAsync", "admin", _ => [Nothing, 1]),
        ("FilmService.AddAsync", "admin", _ => [new Domain.Curation.FilmDraft("", null, null, null, null)]),
        ("FilmService.AddTagAsync", "admin", _ => [Nothing, "noir"]),
        ("FilmService.EditAsync", "admin", _ => [Nothing, new Domain.Curation.FilmDraft("", null, null, null, null)]),
        ("FilmService.Find", "admin", _ => [1]),
        ("FilmService.GetAsync", "admin", _ => [Nothing]),
        ("FilmService.List", "admin", _ => [null]),
        ("FilmService.RemoveTagAsync", "admin", _ => [Nothing, "noir"]),
        ("FilmService.SetHiddenAsync", "admin", _ => [Nothing, true]),
        ("FirstAdmin.CreateAsync", "closed", _ => ["no code", "new@example.org", Password]),
        ("HistoryExport.CsvAsync", "viewer", _ => []),
        ("HistoryExport.JsonAsync", "viewer", _ => []),
        ("HistoryService.ApplyAsync", "rater", _ => [new HistoryPlan(new("a test", false, [], new()), [], [], 0, [], []), new Dictionary<HistoryEntry, int>(), false]),
        ("HistoryService.MineAsync", "anyone", _ => []),
        ("HistoryService.PlanAsync", "anyone", _ => ["nothing.txt", Array.Empty<byte>()]),
        ("HistoryService.UndoAsync", "its owner", things => [things.Import]),
        ("ImportService.CancelAsync", "admin", _ => [Nothing]),
        ("ImportService.GetAsync", "admin", _ => [Nothing]),
        ("ImportService.ListAsync", "admin", _ => []),
        ("ImportService.Progress", "admin", _ => [Nothing]),
        ("ImportService.RequestAsync(fileName, content, key)", "admin", _ => ["ratings.csv", Stream.Null]),
        ("ImportService.RequestAsync(source, key, download)", "admin", _ => ["nowhere"]),
        ("MarkService.MineAsync", "anyone", _ => []),
        ("MarkService.SetAsync", "rater", _ => [1, MarkKind.Watchlist]),
        ("ModelShelf.DeleteAsync", "admin", _ => [Nothing]),
        ("ModelShelf.ListAsync", "admin", _ => []),
        ("ModelShelf.PinAsync", "admin", _ => [false]),
        ("ModelShelf.PromoteAsync", "admin", _ => [Nothing]),
        ("ModelShelf.SplitAsync", "admin", _ => [0]),
        ("NightService.AddAsync", "at the night", things => [things.Night, "Eve", new[] { 1 }]),
        ("NightService.AwaitingStarsAsync", "anyone", _ => []),
        ("NightService.JoinAsync", "rater", things => [things.Night, "Eve"]),
        ("NightService.LeaveAsync", "at the night", things => [things.Night, things.Seat]),
        ("NightService.MineAsync", "anyone", _ => []),
        ("NightService.OpenAsync", "rater", _ => ["Eve"]),
        ("NightService.VetoAsync", "at the night", things => [things.Night, 1, true]),
        // Whoever has the link sees the night.
        ("NightService.ViewAsync", "anyone", things => [things.Night]),
        ("NightService.WatchedAsync", "at the night", things => [things.Night, 1]),
        ("OnlineQuality.CompareAsync", "admin", _ => [1, 2, DateTime.UnixEpoch]),
        ("OnlineQuality.CurveAsync", "admin", _ => []),
        ("OnlineQuality.ReadAsync", "admin", _ => []),
        ("PasswordResets.LinkAsync", "admin in person", _ => [Nothing]),
        ("PeopleService.GetAsync", "admin", _ => [Nothing]),
        ("PeopleService.ListAsync", "admin", _ => []),
        ("PrivacyService.ForgetGuestsAsync", "admin", _ => [TimeSpan.FromDays(1000)]),
        ("PrivacyService.ForgetMemberAsync", "admin", _ => [Nothing]),
        ("PrivacyService.MineAsync", "anyone", _ => []),
        ("Passkeys.AddAsync", "member in person", _ => [null, "0", "a passkey"]),
        ("Passkeys.BeginSignUpAsync", "anyone", _ => ["new@example.org"]),
        ("Passkeys.MineAsync", "member in person", _ => []),
        ("Passkeys.RemoveAsync", "member in person", _ => ["00"]),
        ("Passkeys.SignUpAsync", "anyone", _ => [null, new NewcomerPasskey(Nothing, "new@example.org")]),
        ("PersonalExport.JsonAsync", "viewer", _ => []),
        // Called while signing in, for whoever has just shown who they are.
        ("RatingService.AdoptAsync", "viewer", _ => []),
        ("RatingService.MineAsync", "anyone", _ => []),
        ("RatingService.OwnAsync", "anyone", _ => [1]),
        ("RatingService.PredictedAndGivenAsync", "viewer", _ => []),
        ("RatingService.RateAsync", "rater", _ => [1, 4.0]),
        ("RatingService.RemoveAsync", "rater", _ => [1]),
        ("RecommendationService.Mine", "anyone", _ => [Array.Empty<ViewerRating>(), new Dictionary<int, MarkKind>(), new RecommendationQuery()]),
        ("RecommendationService.MineAsync", "anyone", _ => [new RecommendationQuery()]),
        ("SecondFactor.BeginAsync", "member in person", _ => []),
        ("SecondFactor.MineAsync", "member in person", _ => []),
        ("SecondFactor.TurnOffAsync", "member in person", _ => ["no code"]),
        ("SecondFactor.TurnOnAsync", "member in person", _ => ["no code"]),
        ("ServingService.PredictAsync", "admin", _ => [Nothing, Array.Empty<Domain.Serving.UserAndMovie>()]),
        ("ServingService.StatusAsync", "admin", _ => [Nothing]),
        ("ServingService.VersionsAsync", "admin", _ => []),
        ("Sessions.EndAsync", "its owner in person", things => [things.Session]),
        ("Sessions.MineAsync", "member in person", _ => []),
        ("ShowingLog.Note", "anyone", _ => [null, new[] { 1 }]),
        ("TasteService.MineAsync", "anyone", _ => []),
        ("TrainingSchedule.ReadAsync", "admin", _ => []),
        ("TrainingSchedule.SetAsync", "admin", _ => [new Domain.Training.TrainingPlan { Schedule = "never", TimeZone = "UTC", AfterChanges = 0 }]),
        ("TrainingService.CancelAsync", "admin", _ => [Nothing]),
        ("TrainingService.CompareAsync", "admin", _ => [Nothing, Nothing - 1]),
        ("TrainingService.GetAsync", "admin", _ => [Nothing]),
        ("TrainingService.JudgeAsync", "admin", _ => [Stream.Null]),
        ("TrainingService.ListAsync", "admin", _ => []),
        ("TrainingService.Progress", "admin", _ => []),
        ("TrainingService.RequestAsync", "admin", _ => []),
        ("TrainingService.RunsOfAsync", "admin", _ => [Array.Empty<Domain.Models.ModelVersion>()]),
        ("TrainingService.StatusAsync", "admin", _ => []),
        ("VersionExport.AsMlNetAsync", "admin", _ => [Nothing, ModelHead.Ranking]),
        ("VersionExport.FactorsAsync", "admin", _ => [Nothing, FactorFormat.Parquet]),
        ("VersionPreview.CompareAsync", "admin", _ => [Nothing, null]),
        ("VersionPreview.ExamplesAsync", "admin", _ => []),
        ("WatchlistService.MineAsync", "anyone", _ => []),
        ("WatchlistService.MyCodeAsync", "anyone", _ => []),
        ("WatchlistService.RevokeAsync", "rater", _ => []),
        ("WatchlistService.ShareAsync", "rater", _ => []),
        // Last: it takes the people away.
        ("PrivacyService.ForgetMeAsync", "viewer in person", _ => []),
    ];

    static readonly Dictionary<string, MethodInfo> Methods = typeof(Caller).Assembly.GetTypes()
        .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
        .Where(method => !method.IsSpecialName && method.DeclaringType != typeof(Caller) && method.GetParameters().Any(parameter => parameter.ParameterType == typeof(Caller)))
        .GroupBy(method => $"{method.DeclaringType!.Name}.{method.Name}", StringComparer.Ordinal)
        .SelectMany(same => same.Select(method => (Name: same.Count() == 1 ? same.Key : $"{same.Key}({string.Join(", ", Given(method).Select(parameter => parameter.Name))})", method)))
        .ToDictionary(pair => pair.Name, pair => pair.method, StringComparer.Ordinal);

    public async Task InitializeAsync()
    {
        _data = new();
        _store = await TestStore.CreateAsync("Serving:Enabled=true", "Accounts:Registration=closed");
        await _store.ImportAsync(_data.Folder(SmallData.Csv));
        var (member, other, admin) = (await MemberAsync("member@example.org", false), await MemberAsync("other@example.org", false), await MemberAsync("admin@example.org", true));
        _people =
        [
            ("nobody", Caller.Nobody), ("guest", await _store.NewGuestAsync()), ("member", member), ("other member", other), ("admin", admin),
            ("member read", await TokenAsync(member, TokenScopes.Read)), ("member rate", await TokenAsync(member, TokenScopes.Rate)),
            ("admin read", await TokenAsync(admin, TokenScopes.Read)), ("admin rate", await TokenAsync(admin, TokenScopes.Rate)), ("admin admin", await TokenAsync(admin, TokenScopes.Admin)),
        ];
    }

    /// <summary>As docs/security-evidence.md has it.</summary>
    internal static string Counts => $"{Table.Length} service methods as {People.Length} callers";

    [Fact]
    public void EveryMethodHasARow() => Assert.Equal(Methods.Keys.Order(StringComparer.Ordinal), Table.Select(row => row.Method).Order(StringComparer.Ordinal));

    [Fact]
    public async Task EverybodyIsAnsweredAsTheTableSays()
    {
        Assert.Equal(People, _people.Select(person => person.Name));
        var faults = new List<string>();
        var things = await ThingsAsync();
        foreach (var (name, rule, arguments) in Table)
        {
            var expected = Rules[rule];
            for (var who = 0; who < _people.Length; who++)
            {
                // What only some may touch may be gone after them.
                if (rule is "its owner" or "its owner in person" or "at the night") things = await ThingsAsync();
                var answer = await AnswerAsync(name, _people[who].Caller, arguments(things));
                // Where it is not about whose a thing is, that there is none is an answer like any other.
                if (answer == Answer.Gone && !expected.Contains(Answer.Gone)) answer = Answer.In;
                if (answer != expected[who]) faults.Add($"{name} answers {_people[who].Name} with {answer}, expected {expected[who]}");
            }
        }
        Assert.True(faults.Count == 0, string.Join(Environment.NewLine, faults));
        output.WriteLine(Counts);
    }

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        _data.Dispose();
    }

    async Task<Answer> AnswerAsync(string name, Caller caller, object?[] given)
    {
        var method = Methods[name];
        var rest = new Queue<object?>(given);
        var callers = method.GetParameters().Count(parameter => parameter.ParameterType == typeof(Caller));
        // Of two callers the last one is who asks.
        var arguments = method.GetParameters().Select(parameter => parameter.ParameterType == typeof(Caller) ? --callers == 0 ? caller : Caller.Nobody
            : rest.TryDequeue(out var value) ? value
            : parameter.HasDefaultValue ? parameter.DefaultValue ?? (parameter.ParameterType.IsValueType ? Activator.CreateInstance(parameter.ParameterType) : null)
            : throw new InvalidOperationException($"The row of {name} says nothing about {parameter.Name}.")).ToArray();
        await using var scope = _store.Services.CreateAsyncScope();
        try
        {
            if (method.Invoke(scope.ServiceProvider.GetRequiredService(method.DeclaringType!), BindingFlags.DoNotWrapExceptions, null, arguments, null) is Task work) await work;
            return Answer.In;
        }
        catch (AccessDeniedException denied)
        {
            return denied.SignedIn ? Answer.No : Answer.SignIn;
        }
        catch (NotFoundException)
        {
            return Answer.Gone;
        }
        catch (Exception error) when (error is InvalidInputException or OperationCanceledException)
        {
            return Answer.In;
        }
    }

    static IEnumerable<ParameterInfo> Given(MethodInfo method)
        => method.GetParameters().Where(parameter => parameter.ParameterType != typeof(Caller) && parameter.ParameterType != typeof(CancellationToken));

    async Task<Things> ThingsAsync()
    {
        var member = _people[2].Caller;
        await using var scope = _store.Services.CreateAsyncScope();
        var tokens = scope.ServiceProvider.GetRequiredService<ApiTokens>();
        foreach (var old in await tokens.MineAsync(member)) await tokens.RevokeAsync(member, old.Id);
        await tokens.AddMineAsync(member, "a thing", TokenScopes.Read, null);
        var session = Caller.From(await AccountTests.PrincipalAsync(_store, member.AccountId!.Value)).SessionId!.Value;
        var import = await _store.Get<Store>().WriteAsync(async db =>
        {
            var row = new HistoryImport { ViewerId = member.ViewerId!.Value, ImportedUtc = _store.Clock.Now.UtcDateTime, Source = "a test", Films = 0, Before = "[]" };
            db.Add(row);
            await db.SaveChangesAsync();
            return row;
        });
        var nights = _store.Get<NightService>();
        var night = await nights.OpenAsync(member, $"Ana {_night++}");
        // A backup never overwrites, and this is none to restore.
        return new((await tokens.MineAsync(member))[0].Id, session, import.Id, night, (await nights.ViewAsync(member, night)).Me!.Id, _data.PathOf(Path.Combine("folder", "movies.csv")));
    }

    async Task<Caller> MemberAsync(string email, bool admin)
    {
        await using var scope = _store.Services.CreateAsyncScope();
        return await AccountTests.CallerAsync(_store, await scope.ServiceProvider.GetRequiredService<AccountService>().AddAsync(Caller.Operator, email, Password, admin));
    }

    async Task<Caller> TokenAsync(Caller owner, TokenScopes scopes)
    {
        await using var scope = _store.Services.CreateAsyncScope();
        var tokens = scope.ServiceProvider.GetRequiredService<ApiTokens>();
        return Caller.From((await tokens.RecogniseAsync(await tokens.AddMineAsync(owner, "a token", scopes, null)))!);
    }
}
