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

    /// <summary>Candidates whose stars are predicted at a time.</summary>
    const int Block = 6;

    /// <summary>w: chosen with the options of the ranking head, on inner splits (docs/decisions/engine-quality.md).</summary>
    const double Weight = 0.4;

    /// <summary>Half a step below four stars.</summary>
    const double Threshold = 3.75;

    /// <summary>Finds the best of some candidates and predicts their stars.</summary>
    /// <param name="stars">The rating head.</param>
    /// <param name="history">The person's ratings, as in <see cref="ItemModel.Score"/>.</param>
    /// <param name="candidates">Best first; reordered. A score that is not above 0 is left as it is.</param>
    /// <param name="count">How many are wanted, at least 1.</param>
    /// <returns>Predictions of the best <paramref name="count"/> (of all candidates, if they are fewer), in the new order.</returns>
    public static ReadOnlySpan<StarPrediction> Rerank(StarModel stars, ReadOnlySpan<RatedItem> history, Span<ScoredItem> candidates, int count)
    {
        count = Math.Min(count, candidates.Length);
        var predictions = new StarPrediction[candidates.Length];
        Span<int> items = stackalloc int[Block];
        var predict = stars.PredictorFor(history);
        // A factor only takes away: those that score less than the last one wanted even without it need not be asked about.
        var done = 0;
        while (done < candidates.Length && (done < count || candidates[done].Score >= candidates[count - 1].Score))
        {
            var block = items[..Math.Min(Block, candidates.Length - done)];
            for (var i = 0; i < block.Length; i++)
                block[i] = candidates[done + i].Item;
            predict(block, predictions.AsSpan(done, block.Length));
            for (var end = done + block.Length; done < end; done++)
            {
                if (candidates[done].Score > 0)
                    candidates[done] = candidates[done] with { Score = candidates[done].Score * (float)Math.Pow(ChanceOfFour(predictions[done]), Weight) };
            }
            candidates[..done].Sort(predictions.AsSpan(0, done), static (a, b) => a.Score != b.Score ? b.Score.CompareTo(a.Score) : a.Item.CompareTo(b.Item));
        }
        return predictions.AsSpan(0, count);
    }

    /// <summary>The normal distribution's tail, by the logistic curve nearest to it (at most .01 off; Bowling et al. 2009).</summary>
    static double ChanceOfFour(StarPrediction prediction) =>
        1 / (1 + Math.Exp(-1.702 * (prediction.Stars - Threshold) / prediction.Deviation));
}
