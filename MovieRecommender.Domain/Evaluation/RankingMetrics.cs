namespace MovieRecommender.Domain.Evaluation;

/// <summary>Quality of one ranked list.</summary>
public readonly record struct ListMetrics(double Ndcg, double Recall, double AveragePrecision);

/// <summary>Quality of ranked lists, with binary relevance.</summary>
public static class RankingMetrics
{
    /// <summary>Judges one list, best first, at a cut-off of <see cref="Evaluator.ListLength"/>.</summary>
    /// <exception cref="ArgumentException">Nothing is relevant, so that no list could be good or bad.</exception>
    public static ListMetrics OfList(ReadOnlySpan<int> list, IReadOnlySet<int> relevant)
    {
        if (relevant.Count == 0)
            throw new ArgumentException("A list can be judged only if at least one item is relevant.");
        double gain = 0, ideal = 0, precisions = 0;
        var hits = 0;
        for (var rank = 0; rank < Math.Min(list.Length, Evaluator.ListLength); rank++)
        {
            if (!relevant.Contains(list[rank]))
                continue;
            gain += Discount(rank);
            precisions += ++hits / (rank + 1.0);
        }
        var best = Math.Min(relevant.Count, Evaluator.ListLength);
        for (var rank = 0; rank < best; rank++)
            ideal += Discount(rank);
        return new ListMetrics(gain / ideal, (double)hits / best, precisions / best);
    }

    /// <summary>Share of <paramref name="films"/> that were recommended to anyone.</summary>
    public static double Coverage(IReadOnlyCollection<int> recommended, int films) =>
        films == 0 ? 0 : (double)recommended.Distinct().Count() / films;

    /// <summary>Mean surprise of the recommended films in bits: −log2((raters + 1) / (people + 1)).</summary>
    public static double Novelty(IReadOnlyCollection<int> recommended, Func<int, int> ratersOf, int people) =>
        recommended.Select(item => -Math.Log2((ratersOf(item) + 1.0) / (people + 1.0))).DefaultIfEmpty().Average();

    static double Discount(int rank) => 1 / Math.Log2(rank + 2);
}
