using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using MovieRecommender.Tests.Imports;

namespace MovieRecommender.Tests.App;

/// <summary>People, the log and the check over HTTP, and the password link as a browser without scripts uses it.</summary>
[Collection(DemoAppTests.Name)]
public sealed class PeopleApiTests(DemoApp demo)
{
    const string Password = "a quiet seat at the back";
    const string People = "/api/v1/admin/people";

    [Fact]
    public async Task APasswordLinkSetsANewPasswordOnceAndSignsEverybodyOut()
    {
        using var browser = demo.App.NewClient();
        var (email, id) = await SignUpAsync(browser);
        using var admin = await AdminAsync();
        using var made = await admin.PostAsync($"{People}/{id}/password-link", null);
        Assert.Equal(HttpStatusCode.OK, made.StatusCode);
        var link = new Uri((await made.Content.ReadFromJsonAsync<JsonObject>())!["link"]!.GetValue<string>());
        Assert.Equal(demo.App.Address.Authority, link.Authority);

        using var visitor = demo.App.NewClient();
        Assert.Contains($"For {email}.", await visitor.GetStringAsync(link), StringComparison.Ordinal);
        using (var weak = await SetAsync(visitor, link, "password123")) Assert.Contains("among the first that are tried", await weak.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using (var set = await SetAsync(visitor, link, "another row of seats")) Assert.Contains("The new password counts", await set.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("This link has been used already", await visitor.GetStringAsync(link), StringComparison.Ordinal);

        using (var ended = await browser.GetAsync("/api/v1/me/ratings")) Assert.Equal(HttpStatusCode.Unauthorized, ended.StatusCode);
        using (var old = await visitor.SignInAsync(email, Password)) Assert.Equal(HttpStatusCode.OK, old.StatusCode);
        using var now = await visitor.SignInAsync(email, "another row of seats");
        Assert.Equal(HttpStatusCode.Found, now.StatusCode);
    }

    [Fact]
    public async Task ATokenMakesNobodyAnAdminAndNoLinks()
    {
        using var browser = demo.App.NewClient();
        var (_, id) = await SignUpAsync(browser);
        using var program = demo.App.NewClient(demo.AdminToken);
        await AssertProblemAsync(await program.PutAsJsonAsync($"{People}/{id}/admin", new { admin = true }), HttpStatusCode.Forbidden, "A token may not do this");
        await AssertProblemAsync(await program.PostAsync($"{People}/{id}/password-link", null), HttpStatusCode.Forbidden, "A token may not do this");
        await AssertProblemAsync(await program.PostAsync("/api/v1/admin/invitations", null), HttpStatusCode.Forbidden, "A token may not do this");
        Assert.False((await program.GetFromJsonAsync<JsonObject>($"{People}/{id}"))!["admin"]!.GetValue<bool>());
    }

    [Fact]
    public async Task SomebodyIsLockedUnlockedAndDeletedByAProgramAndTheLogSaysSo()
    {
        using var browser = demo.App.NewClient();
        var (email, id) = await SignUpAsync(browser);
        using var program = demo.App.NewClient(demo.AdminToken);
        using (var locked = await program.PostAsync($"{People}/{id}/lock", null)) Assert.NotNull((await locked.Content.ReadFromJsonAsync<JsonObject>())!["lockedSince"]);
        using (var shut = await browser.GetAsync("/api/v1/me/ratings")) Assert.Equal(HttpStatusCode.Unauthorized, shut.StatusCode);
        using (var refused = await browser.SignInAsync(email, Password)) Assert.Contains("An admin has locked this account", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using (var unlocked = await program.PostAsync($"{People}/{id}/unlock", null)) Assert.Null((await unlocked.Content.ReadFromJsonAsync<JsonObject>())!["lockedSince"]);
        using (var again = await browser.SignInAsync(email, Password)) Assert.Equal(HttpStatusCode.Found, again.StatusCode);
        using (var deleted = await program.DeleteAsync($"{People}/{id}")) Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        await AssertProblemAsync(await program.DeleteAsync($"{People}/{id}"), HttpStatusCode.NotFound, $"There is no person {id}");
        var found = (await program.GetFromJsonAsync<JsonObject>($"{People}?search={email}"))!;
        Assert.Equal(0, found["total"]!.GetValue<int>());

        var page = (await program.GetFromJsonAsync<JsonObject>("/api/v1/admin/actions?pageSize=3"))!;
        Assert.Equal(
            ["admin@example.org token deleted an account", "admin@example.org token unlocked an account", "admin@example.org token locked an account"],
            page["items"]!.AsArray().Select(line => $"{line!["who"]} {line["by"]} {line["what"]} {line["on"]}"));
        var older = (await program.GetFromJsonAsync<JsonObject>($"/api/v1/admin/actions?before={page["before"]}&pageSize=1"))!;
        Assert.True(older["items"]![0]!["id"]!.GetValue<int>() < page["before"]!.GetValue<int>());
    }

    [Fact]
    public async Task WhatCannotBeDoneIsSaid()
    {
        using var program = demo.App.NewClient(demo.AdminToken);
        var me = (await program.GetFromJsonAsync<JsonObject>($"{People}?search={DemoApp.AdminEmail}"))!["items"]![0]!["id"]!.GetValue<int>();
        await AssertProblemAsync(await program.PostAsync($"{People}/{me}/lock", null), HttpStatusCode.Conflict, "You cannot lock your own account");
        await AssertProblemAsync(await program.DeleteAsync($"{People}/{me}"), HttpStatusCode.Conflict, "on your account page");
        await AssertProblemAsync(await program.GetAsync($"{People}?page=0"), HttpStatusCode.BadRequest, "page is 0; allowed is 1 to");
        await AssertProblemAsync(await program.GetAsync("/api/v1/admin/actions?pageSize=500"), HttpStatusCode.BadRequest, "pageSize is 500; allowed is 1 to 200");
        using var admin = await AdminAsync();
        await AssertProblemAsync(await admin.PostAsync("/api/v1/admin/invitations", null), HttpStatusCode.Conflict, "now it is open");
    }

    [Fact]
    public async Task TheCheckTellsWhatTheRequestShows()
    {
        using var program = demo.App.NewClient(demo.AdminToken);
        var lines = await CheckAsync(program);
        Assert.Equal(["HTTPS", "Proxy", "Store and keys", "Registration", "Admins", "Tokens", "Last backup"], lines.Keys);
        Assert.Equal("fine", lines["HTTPS"].State);
        Assert.Contains("from this machine itself", lines["HTTPS"].Says, StringComparison.Ordinal);
        Assert.StartsWith("None: you came straight from 127.0.0.1", lines["Proxy"].Says, StringComparison.Ordinal);
        Assert.Equal("look", lines["Registration"].State);
        Assert.Equal(("change", "There is none."), lines["Last backup"]);

        // Nobody told the app to believe this proxy.
        program.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.9");
        program.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");
        lines = await CheckAsync(program);
        Assert.Equal("change", lines["HTTPS"].State);
        Assert.Equal("change", lines["Proxy"].State);
        Assert.Contains("A proxy at 127.0.0.1 is not believed", lines["Proxy"].Says, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheCheckSeesATrustedProxyABackupAndAnOpenFolder()
    {
        var store = AppProcess.NewStore();
        var (exit, _, error) = await AppProcess.RunAsync(["users", "add", DemoApp.AdminEmail, "--admin", "--password-stdin", $"--Storage:Directory={store}"], DemoApp.AdminPassword);
        Assert.True(exit == 0, error);
        var token = await DemoApp.AddTokenAsync(store, DemoApp.AdminEmail);
        using var data = new SmallData();
        await using var app = await AppProcess.StartAsync(store, $"--Catalog:Source={data.Folder(SmallData.Opposites())}", "--Training:AfterChanges=0", "--Training:Schedule=", "--Proxy:Trusted=127.0.0.1");
        await app.WaitUntilReadyAsync();
        (exit, _, error) = await AppProcess.RunAsync(["backup", Path.Combine(store, "kept.backup"), $"--Storage:Directory={store}"]);
        Assert.True(exit == 0, error);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(store, File.GetUnixFileMode(store) | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);

        using var program = app.NewClient(token);
        Assert.Equal("look", (await CheckAsync(program))["Proxy"].State);
        program.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.9");
        program.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");
        var lines = await CheckAsync(program);
        Assert.Equal(("fine", "You came by HTTPS."), lines["HTTPS"]);
        Assert.Equal(("fine", "A trusted proxy speaks for you and says that you are at 203.0.113.9."), lines["Proxy"]);
        Assert.Equal(("fine", "Closed."), lines["Registration"]);
        Assert.Equal(("fine", "Made a moment ago."), lines["Last backup"]);
        if (!OperatingSystem.IsWindows()) Assert.Equal("change", lines["Store and keys"].State);
    }

    async Task<(string Email, int Id)> SignUpAsync(HttpClient browser)
    {
        var email = $"{Guid.NewGuid():N}@example.org";
        using (var answer = await browser.SignUpAsync(email, Password)) Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
        using var program = demo.App.NewClient(demo.AdminToken);
        return (email, (await program.GetFromJsonAsync<JsonObject>($"{People}?search={email}"))!["items"]![0]!["id"]!.GetValue<int>());
    }

    async Task<HttpClient> AdminAsync()
    {
        var admin = demo.App.NewClient();
        using var answer = await admin.SignInAsync(DemoApp.AdminEmail, DemoApp.AdminPassword);
        Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
        return admin;
    }

    static Task<HttpResponseMessage> SetAsync(HttpClient visitor, Uri link, string password) => visitor.SubmitAsync(link.PathAndQuery, "reset", ("Input.Password", password));

    static async Task<Dictionary<string, (string State, string Says)>> CheckAsync(HttpClient program)
        => (await program.GetFromJsonAsync<JsonArray>("/api/v1/admin/check"))!
            .ToDictionary(line => line!["name"]!.GetValue<string>(), line => (line!["state"]!.GetValue<string>(), line["says"]!.GetValue<string>()), StringComparer.Ordinal);

    static async Task AssertProblemAsync(HttpResponseMessage answer, HttpStatusCode status, string said)
    {
        using (answer)
        {
            Assert.Equal(status, answer.StatusCode);
            Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
            Assert.Contains(said, (await answer.Content.ReadFromJsonAsync<JsonObject>())!["detail"]!.GetValue<string>(), StringComparison.Ordinal);
        }
    }
}
