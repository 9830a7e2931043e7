namespace MovieRecommender.Domain.Training;

/// <summary>An option that two runs used differently; null where a run did not train the algorithm.</summary>
public sealed record OptionDifference(string Algorithm, string Option, double? One, double? Other);

/// <summary>The list figures of something both runs measured; null where one did not.</summary>
public sealed record ComparedLists(string Name, RankingFigures? One, RankingFigures? Other);

/// <summary>The star figures of something both runs measured; null where one did not.</summary>
public sealed record ComparedStars(string Name, StarsFigures? One, StarsFigures? Other);

/// <summary>
/// Two runs side by side. Their figures stand beside each other only where both were measured on the same held-out ratings;
/// else there are none, and <paramref name="Says"/> tells why.
/// </summary>
/// <param name="Comparable">Whether there are figures.</param>
/// <param name="Differences">Null when a run is too old to tell its options.</param>
public sealed record RunComparison(
    TrainingRun One, TrainingRun Other, bool Comparable, string Says,
    IReadOnlyList<OptionDifference>? Differences, IReadOnlyList<ComparedLists> Lists, IReadOnlyList<ComparedStars> Stars)
{
    public static RunComparison Of(TrainingRun one, TrainingRun other)
    {
        var (left, right) = (TrainingService.ScorecardOf(one), TrainingService.ScorecardOf(other));
        var differences = left?.Provenance is { } mine && right?.Provenance is { } theirs ? DifferencesOf(mine.Options, theirs.Options) : null;
        if (left is null || right is null) return Without($"Run {(left is null ? one : other).Id} has no scorecard, so there is nothing to compare.");
        if (left.Provenance is { } first && right.Provenance is { } second && first.Data == second.Data)
        {
            return new(one, other, true, "Both runs learned from the same data and were judged on the same held-out ratings.", differences,
                [.. Pair(left.Ranking, right.Ranking, row => row.Algorithm).Select(pair => new ComparedLists(pair.Name, pair.One, pair.Other))],
                [.. Pair(left.Stars, right.Stars, row => row.Algorithm).Select(pair => new ComparedStars(pair.Name, pair.One, pair.Other))]);
        }
        if (JudgedBy(other, right, one) is { } later) return later;
        if (JudgedBy(one, left, other) is { } earlier)
            return earlier with { One = one, Other = other, Lists = [.. earlier.Lists.Select(row => row with { One = row.Other, Other = row.One })], Stars = [.. earlier.Stars.Select(row => row with { One = row.Other, Other = row.One })] };
        return Without(left.Provenance is null || right.Provenance is null
            ? $"Run {(left.Provenance is null ? one : other).Id} did not note which data it learned from, so its figures cannot be set beside others."
            : $"The runs learned from different data: run {one.Id} from {left.Ratings:N0} ratings, run {other.Id} from {right.Ratings:N0}. They were judged on different held-out ratings, so their figures cannot be set side by side.");

        RunComparison Without(string says) => new(one, other, false, says, differences, [], []);

        // A run judges the version that serves meanwhile on its own held-out ratings: those figures are fair.
        RunComparison? JudgedBy(TrainingRun judge, RunScorecard card, TrainingRun judged)
            => judged.VersionId is { } version && card.LiveVersion == version && card is { LiveRanking: { } ranking, LiveStars: { } stars }
                ? new(judged, judge, true, $"The runs learned from different data, but run {judge.Id} judged version {version} of run {judged.Id} on its own held-out ratings: these are those figures.", differences,
                    [new("as they serve", ranking, card.Ranking.First(row => row.Algorithm == card.ChampionRanking))],
                    [new("as they serve", stars, card.Stars.First(row => row.Algorithm == card.ChampionStars))])
                : null;
    }

    static List<OptionDifference> DifferencesOf(IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> one, IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> other)
        => [.. from algorithm in one.Keys.Union(other.Keys, StringComparer.Ordinal)
            let mine = one.GetValueOrDefault(algorithm) let theirs = other.GetValueOrDefault(algorithm)
            from option in (mine?.Keys ?? []).Union(theirs?.Keys ?? [], StringComparer.Ordinal)
            let a = ValueOf(mine, option) let b = ValueOf(theirs, option)
            where a != b
            select new OptionDifference(algorithm, option, a, b)];

    static double? ValueOf(IReadOnlyDictionary<string, double>? options, string name) => options is not null && options.TryGetValue(name, out var value) ? value : null;

    static IEnumerable<(string Name, T? One, T? Other)> Pair<T>(IReadOnlyList<T> one, IReadOnlyList<T> other, Func<T, string> name) where T : class
        => one.Select(name).Union(other.Select(name), StringComparer.Ordinal)
            .Select(key => (key, one.FirstOrDefault(row => name(row) == key), other.FirstOrDefault(row => name(row) == key)));
}
