using MovieRecommender.Benchmarks.Fuzzing;
using MovieRecommender.Domain;

namespace MovieRecommender.Tests.Fuzzing;

/// <summary>Every parser on good files and on files with changed bytes: it reads them or gives its one error. The verb <c>fuzz</c> of the benchmarks goes on for longer.</summary>
public sealed class ParserTests : IDisposable
{
    const int Runs = 2000;
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

    [Fact]
    public void NoParserIsLeftOut()
        => Assert.Equal(_parsers.All.Count, typeof(ParserTests).GetMethod(nameof(ChangedFilesAreReadOrRefused))!.GetCustomAttributesData().Count(attribute => attribute.AttributeType == typeof(InlineDataAttribute)));

    public void Dispose() => _parsers.Dispose();
}
