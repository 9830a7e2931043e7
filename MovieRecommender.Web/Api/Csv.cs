namespace MovieRecommender.Web.Api;

/// <summary>Writes csv that a spreadsheet shows as it is.</summary>
static class Csv
{
    /// <summary>One line of cells, with its line break.</summary>
    public static string Line(params ReadOnlySpan<string> cells)
    {
        var line = new List<string>(cells.Length);
        foreach (var cell in cells) line.Add(Cell(cell));
        return string.Join(',', line) + "\r\n";
    }

    /// <summary>A cell that a spreadsheet would take for a formula gets a quote in front; the data in it may come from anyone.</summary>
    static string Cell(string text)
    {
        if (text.Length > 0 && "=+-@\t\r\0".Contains(text[0], StringComparison.Ordinal)) text = "'" + text;
        return text.AsSpan().IndexOfAny("\",\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
