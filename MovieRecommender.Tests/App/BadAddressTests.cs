using System.Net;

namespace MovieRecommender.Tests.App;

/// <summary>Addresses that nobody's link holds, but that anybody can type.</summary>
[Collection(DemoAppTests.Name)]
public sealed class BadAddressTests(DemoApp demo)
{
    [Theory]
    [InlineData("/browse?page=sleep(7)%231")]
    [InlineData("/browse?page=-5&decade=a&least=99999999999")]
    [InlineData("/?adventure=;env;&surprise=x&wanted=1e9")]
    public async Task ANumberThatIsNoneCountsAsNotGiven(string address)
    {
        using var browser = demo.App.NewClient();
        using var answer = await browser.GetAsync(address);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("/browse?page=99999")]
    [InlineData("/admin/films?page=99999")]
    public async Task BehindTheLastPageIsTheLastPage(string address)
    {
        using var browser = demo.App.NewClient();
        using (var signedIn = await browser.SignInAsync(DemoApp.AdminEmail, DemoApp.AdminPassword)) Assert.Equal(HttpStatusCode.Found, signedIn.StatusCode);
        Assert.Matches(@"Page (\d+) of \1\b", await browser.GetStringAsync(address));
    }

    [Fact]
    public async Task AFormThatCannotBeReadIsTheSendersFault()
    {
        using var browser = demo.App.NewClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/account/sign-out") { Content = new FormUrlEncodedContent([new("returnUrl", "\0")]) };
        request.Headers.Add("Origin", demo.App.Address.GetLeftPart(UriPartial.Authority));
        using var answer = await browser.SendAsync(request);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }
}
