using MovieRecommender.Benchmarks.Fuzzing;
using MovieRecommender.Domain;

namespace MovieRecommender.Tests.Fuzzing;

/// <summary>Every parser on good files and on files with changed bytes: it reads them or gives its one error. The verb <c>fuzz</c> of the benchmarks goes on for longer.</summary>
public sealed class ParserTests : IDisposable
{
    const int Runs = 1000;
    readonly Parsers _parsers = new();

    [Fact]
    public void GoodFilesAreRead()
    {
        foreach (var parser in _parsers.All)
            foreach (var (file, content) in parser.Seeds) parser.Run(file, content);
    }

    [Theory]
    [InlineData("model")]
    [InlineData("movielens-csv")]
    [InlineData("movielens-dat")]
    [InlineData("movielens-100k")]
    [InlineData("movielens-zip")]
    [InlineData("upload-csv")]
    [InlineData("letterboxd-zip")]
    [InlineData("history-csv")]
    [InlineData("trakt-json")]
    [InlineData("item-factors")]
    [InlineData("predict-body")]
    public void ChangedFilesAreReadOrRefused(string name)
    {
        var parser = _parsers.All.Single(one => one.Name == name);
        for (var run = 0; run < Runs; run++)
        {
            var (file, content) = parser.Seeds[run % parser.Seeds.Length];
            try
            {
                parser.Run(file, Parsers.Mutate(content, new Random(run)));
            }
            catch (InvalidInputException)
            {
                // The one error.
            }
        }
    }

    [Theory]
    [InlineData("trakt-json", "[{\"rating\":9,\"movie\":{\"title\":\"\\ud800\"}}]")]
    [InlineData("predict-body", "{\"inst\\ud800nces\":[[1,2]]}")]
    public void ATextThatIsNoUnicodeIsRefused(string name, string text)
    {
        var parser = _parsers.All.Single(one => one.Name == name);
        Assert.Throws<InvalidInputException>(() => parser.Run("a file", System.Text.Encoding.UTF8.GetBytes(text)));
    }

    [Fact]
    public void AnAlgorithmsNameWithoutAnEndIsRefused()
    {
        var parser = _parsers.All.Single(one => one.Name == "model");
        var content = parser.Seeds[0].Content;
        // Magic, format, version, count and six ids, then the head's marker and format; its name's length follows.
        content.AsSpan(8 + 4 + 4 + 4 + (6 * 4) + 1 + 4, 5).Fill(0xFF);
        Assert.Contains("7-bit", Assert.Throws<InvalidInputException>(() => parser.Run("a model", content)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void NoParserIsLeftOut()
        => Assert.Equal(_parsers.All.Count, typeof(ParserTests).GetMethod(nameof(ChangedFilesAreReadOrRefused))!.GetCustomAttributesData().Count(attribute => attribute.AttributeType == typeof(InlineDataAttribute)));

    public void Dispose() => _parsers.Dispose();
}
