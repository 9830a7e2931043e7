using System.Net;
using AngleSharp.Html.Parser;
using MimeKit;

namespace MovieRecommender.Tests.App;

/// <summary>A forgotten password where a mail server is set: the link comes by mail, and nobody learns who has an account.</summary>
[Collection(DemoAppTests.Name)]
public sealed class PasswordMailTests(DemoApp demo, TrainedStore trained) : IClassFixture<TrainedStore>
{
    const string Password = "a quiet seat at the back";
    const string Another = "a loud seat at the front";

    [Fact]
    public async Task TheLinkComesByMailAndWorksOnceAndAnUnknownAddressIsToldTheSame()
    {
        using var browser = demo.App.NewClient();
        Assert.Contains("href=\"/account/forgot\"", await browser.GetStringAsync("/account/sign-in"), StringComparison.Ordinal);
        var email = await MemberAsync();
        var unknown = await AskAsync(browser, "nobody-at-all@example.org");
        var known = await AskAsync(browser, email.ToUpperInvariant());
        Assert.Contains("If nobody-at-all@example.org has an account here, a link is on its way there.", unknown, StringComparison.Ordinal);
        Assert.Equal(unknown.Replace("nobody-at-all@example.org", "", StringComparison.Ordinal), known.Replace(email.ToUpperInvariant(), "", StringComparison.Ordinal));

        // They are answered in order, so the first letter shows that the unknown address got none.
        var letter = await demo.Mail.NextAsync();
        Assert.Equal(email, Assert.Single(letter.To.Mailboxes).Address);
        Assert.Equal("movies@example.org", Assert.Single(letter.From.Mailboxes).Address);
        Assert.Equal("A new password for MovieRecommender", letter.Subject);
        var page = LinkIn(letter);
        using (var reset = await browser.SubmitAsync(page, "reset", ("Input.Password", Another))) Assert.Contains("The new password counts from now on", await reset.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using (var old = await browser.SignInAsync(email, Password)) Assert.Equal(HttpStatusCode.OK, old.StatusCode);
        using (var signedIn = await browser.SignInAsync(email, Another)) Assert.Equal(HttpStatusCode.Found, signedIn.StatusCode);
        var used = await browser.GetStringAsync(page);
        Assert.DoesNotContain("Input.Password", used, StringComparison.Ordinal);
        Assert.Contains("Ask for a new one", used, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AskingAgainAtOnceFillsNobodysMailbox()
    {
        using var browser = demo.App.NewClient();
        string first = await MemberAsync(), second = await MemberAsync();
        foreach (var email in (string[])[first, first, second]) await AskAsync(browser, email);
        var letter = await demo.Mail.NextAsync();
        Assert.Equal(first, Assert.Single(letter.To.Mailboxes).Address);
        Assert.Equal(second, Assert.Single((await demo.Mail.NextAsync()).To.Mailboxes).Address);
        // The one that was sent is still good.
        Assert.Contains("Input.Password", await browser.GetStringAsync(LinkIn(letter)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheLetterIsInTheLanguageOfWhoAsks()
    {
        using var browser = demo.App.NewClient();
        browser.DefaultRequestHeaders.Add("Accept-Language", "de");
        Assert.Contains("ist ein Link dorthin unterwegs", await AskAsync(browser, await MemberAsync()), StringComparison.Ordinal);
        var letter = await demo.Mail.NextAsync();
        Assert.Equal("Ein neues Passwort für MovieRecommender", letter.Subject);
        Assert.Contains("für dein Konto bei https://movies.example.org", letter.TextBody, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatCannotBeMailedIsLoggedWithoutThePersonAndCanBeAskedForAgain()
    {
        using var browser = demo.App.NewClient();
        var email = await MemberAsync();
        demo.Mail.Refuses = true;
        try
        {
            await AskAsync(browser, email);
            await AppProcess.UntilAsync(() => Task.FromResult(demo.App.Log.Contains("could not be mailed through 127.0.0.1", StringComparison.Ordinal)));
        }
        finally
        {
            demo.Mail.Refuses = false;
        }
        Assert.Contains("RecipientNotAccepted, answer 550", demo.App.Log, StringComparison.Ordinal);
        Assert.DoesNotContain(email, demo.App.Log, StringComparison.OrdinalIgnoreCase);
        await AskAsync(browser, email);
        Assert.Equal(email, Assert.Single((await demo.Mail.NextAsync()).To.Mailboxes).Address);
    }

    [Fact]
    public async Task WithoutAMailServerThereIsNoSuchPage()
    {
        await using var app = await AppProcess.StartAsync(trained.Copy(), "--Training:Schedule=", "--Training:AfterChanges=0");
        using var browser = app.NewClient();
        using (var forgot = await browser.GetAsync("/account/forgot")) Assert.Equal(HttpStatusCode.NotFound, forgot.StatusCode);
        var signIn = await browser.GetStringAsync("/account/sign-in");
        Assert.Contains("An admin can make you a link", signIn, StringComparison.Ordinal);
        Assert.DoesNotContain("/account/forgot", signIn, StringComparison.Ordinal);
    }

    async Task<string> MemberAsync()
    {
        var email = $"{Guid.NewGuid():N}@example.org";
        using var browser = demo.App.NewClient();
        using var signedUp = await browser.SignUpAsync(email, Password);
        Assert.Equal(HttpStatusCode.Found, signedUp.StatusCode);
        return email;
    }

    /// <summary>Asks for a link and returns what the page says.</summary>
    static async Task<string> AskAsync(HttpClient browser, string email)
    {
        using var answer = await browser.SubmitAsync("/account/forgot", "forgot", ("Input.Email", email));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return new HtmlParser().ParseDocument(await answer.Content.ReadAsStringAsync()).QuerySelector("main")!.TextContent;
    }

    /// <summary>Path and code of the link, which begins with the address in the settings whatever the request said.</summary>
    static string LinkIn(MimeMessage letter)
    {
        var link = letter.TextBody!.Split('\n').Select(line => line.Trim()).Single(line => line.Contains("/account/reset", StringComparison.Ordinal));
        Assert.StartsWith(TestMail.Site + "/account/reset?code=", link, StringComparison.Ordinal);
        return link[TestMail.Site.Length..];
    }
}
