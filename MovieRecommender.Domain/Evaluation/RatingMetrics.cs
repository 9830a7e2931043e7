namespace MovieRecommender.Domain.Evaluation;

/// <summary>Errors of predicted stars.</summary>
public static class RatingMetrics
{
    /// <summary>Scores predictions against the truth, pairwise.</summary>
    /// <param name="predicted">In stars, 0.5 to 5.</param>
    /// <param name="actual">In stars, of the same length.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static RatingScorecard Score(ReadOnlySpan<float> predicted, ReadOnlySpan<float> actual)
    {
        if (predicted.Length != actual.Length)
            throw new ArgumentException($"{predicted.Length} predictions for {actual.Length} ratings.");
        if (actual.IsEmpty)
            return new RatingScorecard(0, 0, 0, []);
        var squares = new double[actual.Length];
        double absolute = 0, crossEntropy = 0, squared = 0;
        for (var i = 0; i < actual.Length; i++)
        {
            var error = (double)predicted[i] - actual[i];
            squared += squares[i] = error * error;
            absolute += Math.Abs(error);
            crossEntropy += CrossEntropy(Scaled(predicted[i]), Scaled(actual[i]));
        }
        return new RatingScorecard(Math.Sqrt(squared / actual.Length), absolute / actual.Length, crossEntropy / actual.Length, squares);
    }

    static double Scaled(double stars) => (stars - 0.5) / 4.5;

    /// <summary>Binary cross-entropy with a soft target; the prediction is kept off 0 and 1, where it would be infinite.</summary>
    static double CrossEntropy(double predicted, double target)
    {
        var p = Math.Clamp(predicted, 1e-7, 1 - 1e-7);
        return -((target * Math.Log(p)) + ((1 - target) * Math.Log(1 - p)));
    }
}
