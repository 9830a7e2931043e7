using MovieRecommender.Domain;
using MovieRecommender.Domain.Catalog;
using MovieRecommender.Tests.Imports;

namespace MovieRecommender.Tests.Catalog;

/// <summary>Titles as data sets write them, as people say them, and as people type them.</summary>
public sealed class TitleTests
{
    [Theory]
    [InlineData("Matrix, The (1999)", "The Matrix", 1999)]
    [InlineData("Toy Story (1995)", "Toy Story", 1995)]
    [InlineData("Amelie (Fabuleux destin d'Amélie Poulain, Le) (2001)", "Amelie", 2001, "Le Fabuleux destin d'Amélie Poulain")]
    [InlineData("Seven (a.k.a. Se7en) (1995)", "Seven", 1995, "Se7en")]
    [InlineData("Wings of Desire (Himmel über Berlin, Der) (1987)", "Wings of Desire", 1987, "Der Himmel über Berlin")]
    [InlineData("Avventura, L' (Adventure, The) (1960)", "L'Avventura", 1960, "The Adventure")]
    [InlineData("One (Two) (Three) (2000)", "One", 2000, "Two", "Three")]
    [InlineData("Good, the Bad and the Ugly, The (1966)", "The Good, the Bad and the Ugly", 1966)]
    [InlineData("2001: A Space Odyssey (1968)", "2001: A Space Odyssey", 1968)]
    [InlineData("1984 (1956)", "1984", 1956)]
    [InlineData("Black Mirror", "Black Mirror", null)]
    [InlineData("Fawlty Towers (1975-1979)", "Fawlty Towers", 1975)]
    [InlineData("The OA (2016-)", "The OA", 2016)]
    [InlineData("  Spaced Out (1999)  ", "Spaced Out", 1999)]
    [InlineData("(500) Days of Summer (2009)", "(500) Days of Summer", 2009)]
    [InlineData("(1999)", "(1999)", 1999)]
    [InlineData("", "", null)]
    public void IsTakenApart(string raw, string title, int? year, params string[] others)
    {
        var parsed = TitleParser.Parse(raw);
        Assert.Equal((title, year), (parsed.Title, parsed.Year));
        Assert.Equal(others, parsed.OtherTitles);
    }

    [Theory]
    [InlineData("AMÉLIE", "amelie")]
    [InlineData("Pan's Labyrinth", "pans labyrinth")]
    [InlineData("WALL·E", "wall e")]
    [InlineData("Fast & Furious", "fast and furious")]
    [InlineData("Mission: Impossible – Fallout", "mission impossible fallout")]
    [InlineData("Łódź, Ærø & Straße", "lodz aero and strasse")]
    [InlineData("M*A*S*H", "m a s h")]
    [InlineData("E.T. the Extra-Terrestrial", "et the extra terrestrial")]
    [InlineData("七人の侍", "七人の侍")]
    [InlineData("!?", "")]
    public void IsComparedByItsKey(string text, string key) => Assert.Equal(key, TitleKey.Of(text));

    [Theory]
    [InlineData("the matrix", "matrix")]
    [InlineData("a beautiful mind", "beautiful mind")]
    [InlineData("an education", "education")]
    [InlineData("theatre of blood", "theatre of blood")]
    public void IsKnownWithoutItsArticle(string key, string bare) => Assert.Equal(bare, TitleKey.WithoutArticle(key));

    [Theory]
    [InlineData("The Matrix (1999)")]
    [InlineData("Matrix, The (1999)")]
    [InlineData("Matrix (1999)")]
    [InlineData("the MATRIX")]
    [InlineData("Matrix, The")]
    [InlineData("Mátrix")]
    public async Task IsFoundHoweverItIsWritten(string text)
    {
        await using var store = await FilmsAsync();
        Assert.Equal(1, store.Get<MovieCatalog>().FindByTitle(text).Id);
    }

    [Theory]
    [InlineData("Solaris", "'Solaris' is the title of 2 films: Solaris (1972), Solaris (2002). Add the year.")]
    [InlineData("Matrix (2003)", "No film is called 'Matrix (2003)'. Did you mean 'The Matrix (1999)'")]
    [InlineData("Matirx", "No film is called 'Matirx'. Did you mean 'The Matrix (1999)'")]
    [InlineData("Xyzzy", "No film is called 'Xyzzy'.")]
    [InlineData("?!", "No film is called '?!'.")]
    public async Task IsAskedBackWhenItIsNotOne(string text, string said)
    {
        await using var store = await FilmsAsync();
        var error = Assert.Throws<InvalidInputException>(() => store.Get<MovieCatalog>().FindByTitle(text));
        Assert.StartsWith(said, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ListedTwiceIsTheOneThatPeopleRated()
    {
        await using var store = await FilmsAsync();
        Assert.Equal(8, store.Get<MovieCatalog>().FindByTitle("Emma (1996)").Id);
    }

    [Theory]
    [InlineData("matrix", "The Matrix", "The Matrix Reloaded")]
    [InlineData("Matrix, The", "The Matrix", "The Matrix Reloaded")]
    [InlineData("reloaded mat", "The Matrix Reloaded")]
    [InlineData("amelie", "Amélie")]
    [InlineData("fabuleux", "Amélie")]
    [InlineData("matirx", "The Matrix", "The Matrix Reloaded")]
    [InlineData("matriix", "The Matrix", "The Matrix Reloaded")]
    [InlineData("mtrix", "The Matrix", "The Matrix Reloaded")]
    [InlineData("natrix")]
    [InlineData("solaris", "Solaris", "Solaris")]
    [InlineData("sol", "Solaris", "Solaris")]
    [InlineData("xyzzy")]
    public async Task IsFoundAsPeopleType(string search, params string[] found)
    {
        await using var store = await FilmsAsync();
        Assert.Equal(found, store.Get<MovieCatalog>().List(new() { Search = search }).Films.Select(film => film.Title));
    }

    static async Task<TestStore> FilmsAsync()
    {
        const string Films = """
            movieId,title,genres
            1,"Matrix, The (1999)",Action
            2,"Matrix Reloaded, The (2003)",Action
            3,"Amélie (Fabuleux destin d'Amélie Poulain, Le) (2001)",Comedy
            4,Solaris (1972),Sci-Fi
            5,Solaris (2002),Sci-Fi
            7,Emma (1996),Romance
            8,Emma (1996),Comedy

            """;
        using var data = new SmallData();
        var store = await TestStore.CreateAsync();
        await store.ImportAsync(data.Folder(("movies.csv", Films), ("ratings.csv", "userId,movieId,rating,timestamp\n1,8,4,1\n1,1,4,2\n")));
        return store;
    }
}
