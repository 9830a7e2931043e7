namespace MovieRecommender.Domain.Factorization;

/// <summary>What to expect of a rating from the film's and the person's damped means alone: μ + b_film + b_person.</summary>
/// <param name="Mean">μ, the mean of all ratings in stars.</param>
/// <param name="Offsets">b_film by dense item index, in stars.</param>
/// <param name="Variance">Mean square of a rating's difference from this expectation, in square stars; above 0.</param>
sealed record Baseline(float Mean, float[] Offsets, float Variance)
{
    const int Sweeps = 3;
    const float FilmDamping = 4;
    const float PersonDamping = 6;
    const float NoiseDamping = 10;

    internal static Baseline Learn(RatingMatrix ratings)
    {
        var baseline = new Baseline(ratings.MeanStars, new float[ratings.Items], 1);
        var people = new float[ratings.Users];
        for (var sweep = 0; sweep < Sweeps; sweep++)
        {
            Parallel.For(0, ratings.Items, item =>
            {
                float sum = 0;
                var raters = ratings.RatersOf(item);
                foreach (var rater in raters)
                    sum += rater.Stars - baseline.Mean - people[rater.User];
                baseline.Offsets[item] = sum / (raters.Length + FilmDamping);
            });
            Parallel.For(0, people.Length, user => people[user] = baseline.PersonOffset(ratings.HistoryOf(user)));
        }
        var squares = new double[people.Length];
        Parallel.For(0, people.Length, user =>
        {
            foreach (var rated in ratings.HistoryOf(user))
                squares[user] += Square(baseline.Surprise(rated.Item, rated.Stars) - people[user]);
        });
        // One more rating that is a star off keeps a community of one rating from certainty.
        return baseline with { Variance = (float)((squares.Sum() + 1) / (ratings.Count + 1)) };
    }

    /// <summary>By how many stars a rating is above the film's mean.</summary>
    internal float Surprise(int item, float stars) => stars - Mean - Offsets[item];

    /// <summary>b_person: the damped mean of the surprises. Unknown films are ignored.</summary>
    internal float PersonOffset(ReadOnlySpan<RatedItem> history)
    {
        float sum = 0;
        var known = 0;
        foreach (var rated in history)
        {
            if ((uint)rated.Item >= (uint)Offsets.Length)
                continue;
            sum += Surprise(rated.Item, rated.Stars);
            known++;
        }
        return sum * PersonShare(known);
    }

    /// <summary>How much noisier than others' this person's ratings are: a ratio of variances, 1 for an empty history.</summary>
    internal float Noisiness(ReadOnlySpan<RatedItem> history, float personOffset)
    {
        float squares = 0;
        var known = 0;
        foreach (var rated in history)
        {
            if ((uint)rated.Item >= (uint)Offsets.Length)
                continue;
            squares += Square(Surprise(rated.Item, rated.Stars) - personOffset);
            known++;
        }
        return ((squares / Variance) + NoiseDamping) / (known + NoiseDamping);
    }

    static float Square(float value) => value * value;

    /// <summary>The part that one surprise among <paramref name="known"/> has in <see cref="PersonOffset"/>.</summary>
    internal static float PersonShare(int known) => 1 / (known + PersonDamping);
}
