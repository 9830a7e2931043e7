namespace MovieRecommender.Web.Shell;

/// <summary>Addresses with a code that one person is given; whoever has it can use it once.</summary>
static class PersonalLinks
{
    public static string Invitation(string code) => $"/account/sign-up?invite={code}";

    public static string Reset(string code) => $"/account/reset?code={code}";
}
