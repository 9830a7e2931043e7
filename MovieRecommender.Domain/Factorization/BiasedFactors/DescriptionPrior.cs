using MovieRecommender.Domain.Factorization.LinearAlgebra;

namespace MovieRecommender.Domain.Factorization;

/// <summary>
/// What a film's description says of its bias: a ridge regression on how often it is rated, its genres and its age.
/// A film nobody has rated gets a sensible bias from it, one with few ratings a better one.
/// </summary>
sealed class DescriptionPrior
{
    readonly int width;
    readonly double[] features;

    internal DescriptionPrior(RatingMatrix ratings, ItemFeatures description)
    {
        var genres = description.Genres.SelectMany(names => names).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        const int Fixed = 6;
        width = Fixed + genres.Length;
        features = new double[(long)ratings.Items * width];
        for (var item = 0; item < ratings.Items; item++)
        {
            var row = features.AsSpan(item * width, width);
            var log = Math.Log(1 + ratings.RatersOf(item).Length);
            var age = description.Years[item] is { } year ? (year - 1990) / 20.0 : 0;
            row[0] = 1;
            row[1] = log;
            row[2] = log * log;
            row[3] = age;
            row[4] = age * age;
            row[5] = description.Years[item] < 1975 ? 1 : 0;
            foreach (var genre in description.Genres[item])
                row[Fixed + Array.BinarySearch(genres, genre, StringComparer.Ordinal)] = 1;
        }
    }

    /// <summary>Regresses the films' unshrunk mean residuals on their descriptions, each as sure as its ratings make it.</summary>
    /// <param name="residuals">Mean residual of each film's ratings without its bias.</param>
    /// <param name="certainty">Weight of each film; 0 where there is no rating.</param>
    /// <param name="ridge">On all weights but the constant.</param>
    /// <returns>The expected bias of every film.</returns>
    internal float[] Fit(ReadOnlySpan<double> residuals, ReadOnlySpan<double> certainty, double ridge)
    {
        var square = new double[width * width];
        var right = new double[width];
        for (var item = 0; item < residuals.Length; item++)
        {
            if (certainty[item] == 0)
                continue;
            var row = features.AsSpan(item * width, width);
            for (var i = 0; i < width; i++)
            {
                if (row[i] == 0)
                    continue;
                right[i] += certainty[item] * row[i] * residuals[item];
                for (var j = 0; j < width; j++)
                    square[(i * width) + j] += certainty[item] * row[i] * row[j];
            }
        }
        for (var i = 0; i < width; i++)
            square[(i * width) + i] += i == 0 ? 1e-6 : ridge;
        Cholesky.Factorise(square, width);
        Cholesky.Solve(square, right, width);
        var expected = new float[residuals.Length];
        for (var item = 0; item < expected.Length; item++)
        {
            double sum = 0;
            for (var i = 0; i < width; i++)
                sum += features[(item * width) + i] * right[i];
            expected[item] = (float)sum;
        }
        return expected;
    }
}
