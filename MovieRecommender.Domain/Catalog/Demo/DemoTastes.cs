namespace MovieRecommender.Domain.Catalog.Demo;

/// <summary>A kind of film lover.</summary>
/// <param name="Name">What they would call themselves.</param>
/// <param name="Era">The year around which their favourite films were made.</param>
/// <param name="Likes">
/// Weights by genre, trait or one of the three made-up features <c>world</c>, <c>vintage</c> and <c>blockbuster</c>.
/// A film at the heart of the taste adds up to about 1, one they would walk out of to about -1.
/// </param>
internal sealed record DemoTaste(string Name, int Era, Dictionary<string, double> Likes)
{
    /// <summary>How much a lover of this kind is drawn to a film, -1.5 to 1.6.</summary>
    public double Affinity(DemoFilmPrior prior)
    {
        var sum = 0.0;
        var outsideHollywood = false;
        foreach (var feature in prior.Features)
        {
            sum += Likes.GetValueOrDefault(feature);
            outsideHollywood |= DemoTastes.OutsideHollywood.Contains(feature);
        }
        if (outsideHollywood)
            sum += Likes.GetValueOrDefault("world");
        if (prior.Film.Year < 1966)
            sum += Likes.GetValueOrDefault("vintage");
        if (prior.Fame == 5)
            sum += Likes.GetValueOrDefault("blockbuster");
        return Math.Clamp(sum, -1.5, 1.6);
    }
}

/// <summary>The kinds of film lovers the simulated community is made of.</summary>
internal static class DemoTastes
{
    /// <summary>Traits that place a film outside the English-speaking mainstream.</summary>
    public static readonly HashSet<string> OutsideHollywood = new(StringComparer.Ordinal)
    {
        "argentine", "armenian", "austrian", "belgian", "brazilian", "chilean", "chinese", "colombian", "czech", "danish",
        "finnish", "french", "french new wave", "german", "greek", "hong kong", "hungarian", "indian", "iranian", "italian",
        "italian neorealism", "japanese", "kieślowski", "korean", "lebanese", "malian", "mauritanian", "mexican", "new german cinema",
        "nigerian", "norwegian", "palestinian", "polish", "romanian", "russian", "senegalese", "spanish", "swedish",
        "taiwanese", "thai", "turkish",
    };

    /// <summary>All kinds; each is somebody's first love equally often.</summary>
    public static readonly DemoTaste[] All =
    [
        new("science fiction", 1990, new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["Sci-Fi"] = 1.0, ["space"] = .25, ["dystopia"] = .25, ["cyberpunk"] = .25, ["time travel"] = .2, ["aliens"] = .2,
            ["artificial intelligence"] = .2, ["villeneuve"] = .2, ["Romance"] = -.5, ["Musical"] = -.7, ["War"] = -.4, ["Documentary"] = -.5, ["Western"] = -.4,
        }),
        new("thoughtful science fiction", 1995, new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["Sci-Fi"] = .8, ["slow burn"] = .5, ["tarkovsky"] = .5, ["low budget"] = .2, ["puzzle"] = .3, ["villeneuve"] = .4, ["kubrick"] = .4, ["dystopia"] = .3,
            ["artificial intelligence"] = .3, ["Drama"] = .2, ["Mystery"] = .2, ["Action"] = -.2, ["Children"] = -.8, ["superheroes"] = -.6, ["Musical"] = -.7, ["Romance"] = -.2,
        }),
        new("Ghibli and anime", 2000, new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["anime"] = .9, ["ghibli"] = .5, ["miyazaki"] = .2, ["hand-drawn"] = .5, ["stop motion"] = .35, ["Animation"] = .45, ["pixar"] = .1, ["Fantasy"] = .15,
            ["Horror"] = -.7, ["War"] = -.3, ["Crime"] = -.5, ["Western"] = -.7,
        }),
        new("family films", 1998, new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["Children"] = .8, ["Animation"] = .35, ["disney"] = .25, ["pixar"] = .3, ["Fantasy"] = .2, ["Adventure"] = .15,
            ["Horror"] = -1.5, ["Crime"] = -.7, ["War"] = -.8, ["Thriller"] = -.8, ["Western"] = -.4, ["world"] = -.3,
        }),
        new("horror", 1988, new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["Horror"] = 1.1, ["slasher"] = .2, ["haunted house"] = .2, ["zombies"] = .15, ["john carpenter"] = .3, ["body horror"] = .2, ["folk horror"] = .2, ["serial killer"] = .2,
            ["Romance"] = -.9, ["Musical"] = -.8, ["Children"] = -.9, ["Comedy"] = -.1, ["Documentary"] = -.4, ["War"] = -.4,
        }),
        new("old and foreign horror", 1962, new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["Horror"] = .9, ["gothic"] = .3, ["vintage"] = .4, ["universal monsters"] = .5, ["italian horror"] = .4, ["japanese horror"] = .4, ["world"] = .2, ["silent"] = .2, ["ghosts"] = .2,
            ["Romance"] = -.7, ["Musical"] = -.7, ["Children"] = -.9, ["Comedy"] = -.3, ["superheroes"] = -.7,
        }),
        new("romantic comedies", 2000, new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["Romance"] = .7, ["Comedy"] = .4, ["wedding"] = .2, ["hugh grant"] = .3, ["nora ephron"] = .3, ["high school"] = .2, ["christmas"] = .1, ["jane austen"] = .3,
            ["Horror"] = -1.4, ["Sci-Fi"] = -.5, ["War"] = -.7, ["Action"] = -.4, ["Western"] = -.7, ["Crime"] = -.4, ["Documentary"] = -.5, ["world"] = -.3, ["vintage"] = -.3,
        }),
        new("love stories", 1999, new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["Romance"] = .85, ["Drama"] = .25, ["longing"] = .3, ["jane austen"] = .3, ["merchant ivory"] = .3, ["melodrama"] = .3, ["linklater"] = .3, ["lgbtq"] = .2,
            ["Horror"] = -1.2, ["Sci-Fi"] = -.4, ["Action"] = -.5, ["Western"] = -.4, ["Crime"] = -.3, ["Documentary"] = -.4,
        }),
        new("classic Hollywood", 1948, new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["vintage"] = .7, ["classic hollywood"] = .4, ["screwball"] = .4, ["hitchcock"] = .4, ["billy wilder"] = .4, ["technicolor"] = .2, ["cary grant"] = .3, ["Musical"] = .1,
            ["world"] = -.4, ["Horror"] = -.9, ["superheroes"] = -1.0, ["Sci-Fi"] = -.3, ["anime"] = -.7,
        }),
        new("film noir", 1955, new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["Film-Noir"] = 1.0, ["femme fatale"] = .2, ["neo-noir"] = .6, ["private eye"] = .4, ["hitchcock"] = .3, ["melville"] = .4, ["Crime"] = .25, ["heist"] = .2, ["vintage"] = .1,
            ["Children"] = -.9, ["Musical"] = -.6, ["Fantasy"] = -.4, ["superheroes"] = -.6, ["anime"] = -.6,
        }),
        new("European arthouse", 1968, new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["world"] = .7, ["french new wave"] = .4, ["bergman"] = .4, ["fellini"] = .4, ["tarkovsky"] = .4, ["godard"] = .2, ["antonioni"] = .3, ["buñuel"] = .3, ["slow burn"] = .2, ["Drama"] = .2,
            ["blockbuster"] = -.5, ["Action"] = -.6, ["Children"] = -.7, ["superheroes"] = -1.0, ["anime"] = -.4,
        }),
        new("Asian cinema", 1990, new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["japanese"] = .9, ["kurosawa"] = .4, ["korean"] = .9, ["hong kong"] = .9, ["chinese"] = .9, ["taiwanese"] = .9, ["wong kar-wai"] = .3, ["kore-eda"] = .3, ["samurai"] = .3, ["thai"] = .7, ["martial arts"] = .3,
            ["anime"] = .4, ["Children"] = -.5, ["Musical"] = -.5, ["superheroes"] = -.6,
        }),
        new("world cinema", 1998, new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["world"] = .6, ["iranian"] = .4, ["indian"] = .3, ["bollywood"] = .2, ["brazilian"] = .4, ["argentine"] = .4, ["senegalese"] = .4, ["turkish"] = .3, ["nigerian"] = .4, ["mexican"] = .3, ["childhood"] = .2, ["Drama"] = .2,
            ["blockbuster"] = -.4, ["Horror"] = -.6, ["Action"] = -.4, ["superheroes"] = -1.0, ["anime"] = -.4,
        }),
        new("Indian cinema", 2000, new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["indian"] = 1.1, ["bollywood"] = .3, ["satyajit ray"] = .1, ["wedding"] = .2, ["Musical"] = .2, ["Romance"] = .15, ["epic"] = .1, ["iranian"] = .2,
            ["Horror"] = -.8, ["Western"] = -.4, ["superheroes"] = -.4, ["Film-Noir"] = -.5,
        }),
        new("blockbusters", 2006, new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["Action"] = .6, ["Adventure"] = .3, ["superheroes"] = .4, ["mcu"] = .2, ["blockbuster"] = .3, ["Sci-Fi"] = .1, ["tolkien"] = .3, ["spies"] = .2, ["nolan"] = .2,
            ["vintage"] = -1.0, ["silent"] = -.5, ["world"] = -.5, ["Documentary"] = -.5, ["Romance"] = -.4, ["Musical"] = -.5,
        }),
        new("swords, spells and quests", 1999, new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["Fantasy"] = .7, ["Adventure"] = .4, ["tolkien"] = .5, ["harry potter"] = .5, ["swordplay"] = .3, ["magic"] = .3, ["jim henson"] = .3, ["indiana jones"] = .3,
            ["Crime"] = -.6, ["War"] = -.4, ["Documentary"] = -.6, ["Horror"] = -.3, ["Film-Noir"] = -.5,
        }),
        new("westerns", 1968, new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["Western"] = 1.1, ["spaghetti western"] = .3, ["clint eastwood"] = .5, ["john ford"] = .2, ["neo-western"] = .6, ["morricone"] = .2, ["War"] = .3, ["coen brothers"] = .1,
            ["Musical"] = -.6, ["Children"] = -.6, ["Horror"] = -.4, ["Romance"] = -.3, ["anime"] = -.7,
        }),
        new("war and history", 1982, new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["War"] = 1.0, ["epic"] = .3, ["world war ii"] = .2, ["vietnam"] = .2, ["anti-war"] = .2, ["true story"] = .2, ["Western"] = .3, ["david lean"] = .2,
            ["Musical"] = -.6, ["Children"] = -.6, ["Horror"] = -.5, ["Fantasy"] = -.5, ["anime"] = -.4,
        }),
        new("documentaries", 2005, new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["Documentary"] = 1.2, ["political"] = .3, ["true crime"] = .2, ["biopic"] = .2, ["werner herzog"] = .3, ["true story"] = .2,
            ["Fantasy"] = -.5, ["Horror"] = -.6, ["superheroes"] = -.7, ["Action"] = -.3,
        }),
        new("musicals", 1980, new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["Musical"] = 1.1, ["dance"] = .3, ["backstage"] = .2, ["gene kelly"] = .2, ["jacques demy"] = .2, ["Romance"] = .15, ["Documentary"] = -.5,
            ["Horror"] = -.8, ["War"] = -.6, ["Crime"] = -.4, ["Western"] = -.4, ["Action"] = -.4,
        }),
        new("crime and thrillers", 1994, new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["Crime"] = .7, ["Thriller"] = .35, ["Mystery"] = .15, ["heist"] = .2, ["mafia"] = .3, ["scorsese"] = .3, ["tarantino"] = .3, ["david fincher"] = .3, ["coen brothers"] = .3, ["twist ending"] = .2,
            ["Children"] = -.9, ["Musical"] = -.7, ["Fantasy"] = -.4, ["Romance"] = -.3,
        }),
        new("comedies", 1995, new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["Comedy"] = .75, ["quotable"] = .3, ["parody"] = .3, ["british humour"] = .3, ["monty python"] = .3, ["judd apatow"] = .3, ["edgar wright"] = .3, ["mel brooks"] = .3, ["Romance"] = -.1,
            ["War"] = -.3, ["Horror"] = -.4, ["slow burn"] = -.4, ["world"] = -.3,
        }),
        new("American auteurs", 2004, new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["Drama"] = .4, ["coming of age"] = .3, ["paul thomas anderson"] = .7, ["wes anderson"] = .6, ["coen brothers"] = .5, ["david lynch"] = .5, ["charlie kaufman"] = .6, ["scorsese"] = .3, ["linklater"] = .5,
            ["new hollywood"] = .5, ["sofia coppola"] = .5, ["greta gerwig"] = .5, ["yorgos lanthimos"] = .5, ["family"] = .2, ["grief"] = .2,
            ["Children"] = -.5, ["superheroes"] = -.9, ["Horror"] = -.4, ["Western"] = -.2, ["Action"] = -.4,
        }),
    ];
}
