using MovieRecommender.Web.Api;

namespace MovieRecommender.Tests.Api;

/// <summary>Csv that goes out: a spreadsheet shows it and runs nothing.</summary>
public sealed class CsvTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a, \"b\"", "\"a, \"\"b\"\"\"")]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+1", "'+1")]
    [InlineData("-1", "'-1")]
    [InlineData("@cmd", "'@cmd")]
    [InlineData("\tx", "'\tx")]
    [InlineData("\0x", "'\0x")]
    [InlineData("=\"a\nb\"", "\"'=\"\"a\nb\"\"\"")]
    [InlineData("", "")]
    public void ACellIsQuotedAndNeverAFormula(string cell, string written)
        => Assert.Equal($"{written},x\r\n", Csv.Line(cell, "x"));
}
