using System.Globalization;
using MovieRecommender.Domain.Factorization;

namespace MovieRecommender.Benchmarks;

/// <summary>A MovieLens csv folder as dense indices, in the order of its files.</summary>
sealed record MovieLensFolder(int Users, int Items, RatingEntry[] Ratings, ItemFeatures Features, string[] Titles)
{
    internal static MovieLensFolder Read(string folder)
    {
        var itemOf = new Dictionary<int, int>();
        var genres = new List<IReadOnlyList<string>>();
        var years = new List<int?>();
        var titles = new List<string>();
        foreach (var line in File.ReadLines(Path.Combine(folder, "movies.csv")).Skip(1))
        {
            int first = line.IndexOf(','), last = line.LastIndexOf(',');
            itemOf.Add(int.Parse(line.AsSpan(0, first)), itemOf.Count);
            var title = line[(first + 1)..last].Trim('"').Trim();
            titles.Add(title);
            genres.Add(line[(last + 1)..] is "(no genres listed)" ? [] : line[(last + 1)..].Split('|'));
            var year = title.Length > 6 && title[^1] == ')' && int.TryParse(title.AsSpan(title.Length - 5, 4), out var y) ? y : (int?)null;
            years.Add(year);
        }
        var tags = genres.Select(_ => new List<string>()).ToArray();
        foreach (var line in File.ReadLines(Path.Combine(folder, "tags.csv")).Skip(1))
        {
            var cells = line.Split(',');
            tags[itemOf[int.Parse(cells[1])]].Add(string.Join(',', cells[2..^1]).Trim('"').ToLowerInvariant());
        }
        var userOf = new Dictionary<int, int>();
        var ratings = new List<RatingEntry>();
        foreach (var line in File.ReadLines(Path.Combine(folder, "ratings.csv")).Skip(1))
        {
            var cells = line.Split(',');
            var userId = int.Parse(cells[0]);
            if (!userOf.TryGetValue(userId, out var user))
                userOf.Add(userId, user = userOf.Count);
            ratings.Add(new RatingEntry(user, itemOf[int.Parse(cells[1])], float.Parse(cells[2], CultureInfo.InvariantCulture), long.Parse(cells[3])));
        }
        return new MovieLensFolder(userOf.Count, itemOf.Count, [.. ratings], new ItemFeatures(genres, years, tags), [.. titles]);
    }

    internal TrainingSet Train(RatingEntry[] ratings) => new(RatingMatrix.Build(Users, Items, ratings), Features);

    internal static int[] ReadRows(string file) => [.. File.ReadLines(file).Where(line => line.Length > 0).Select(int.Parse)];
}
