namespace MovieRecommender.Domain.Factorization;

/// <summary>
/// Brings the two heads together: the ranking head says what a person will watch, the rating head how well they will like it.
/// The ranking head's best candidates are ordered anew by score · P(stars ≥ 4)^w, with the predicted stars taken as normally distributed.
/// </summary>
/// <remarks>The factor is one for all of a score, so each rating's share of it stays exact.</remarks>
public static class Reranker
{
    /// <summary>Candidates worth reordering for a list of ten; more change nothing.</summary>
    public const int Candidates = 60;

    /// <summary>w: chosen with the options of the ranking head, on inner splits (docs/decisions/engine-quality.md).</summary>
    const double Weight = 0.4;

    /// <summary>Half a step below four stars.</summary>
    const double Threshold = 3.75;

    /// <summary>Reorders candidates and gives their predicted stars.</summary>
    /// <param name="stars">The rating head.</param>
    /// <param name="history">The person's ratings, as in <see cref="ItemModel.Score"/>.</param>
    /// <param name="candidates">Best first. A score that is not above 0 is left as it is.</param>
    /// <returns>Predictions in the new order.</returns>
    public static StarPrediction[] Rerank(StarModel stars, ReadOnlySpan<RatedItem> history, Span<ScoredItem> candidates)
    {
        var predictions = new StarPrediction[candidates.Length];
        var items = new int[candidates.Length];
        for (var i = 0; i < items.Length; i++)
            items[i] = candidates[i].Item;
        stars.Predict(history, items, predictions);
        for (var i = 0; i < items.Length; i++)
        {
            if (candidates[i].Score > 0)
                candidates[i] = candidates[i] with { Score = candidates[i].Score * (float)Math.Pow(ChanceOfFour(predictions[i]), Weight) };
        }
        candidates.Sort(predictions.AsSpan(), static (a, b) => a.Score != b.Score ? b.Score.CompareTo(a.Score) : a.Item.CompareTo(b.Item));
        return predictions;
    }

    /// <summary>The normal distribution's tail, by the logistic curve nearest to it (at most .01 off; Bowling et al. 2009).</summary>
    static double ChanceOfFour(StarPrediction prediction) =>
        1 / (1 + Math.Exp(-1.702 * (prediction.Stars - Threshold) / prediction.Deviation));
}
