namespace MovieRecommender.Domain.Factorization;

/// <summary>Options of <see cref="PopularityTrainer"/>.</summary>
public sealed record PopularityOptions : ITrainerOptions
{
    [Option("Stars from which a rating counts as liking the film.", 0.5, 5)]
    public float LikedFrom { get; init; } = 4;

    [Option("Ratings' worth of doubt that pulls a film's mean to the overall mean.", 0, 1000)]
    public float ItemDamping { get; init; } = 5;

    [Option("Ratings' worth of doubt that pulls a person's mean offset to zero.", 0, 1000)]
    public float PersonDamping { get; init; } = 5;

    public void Validate() => OptionAttribute.Check(this);
}

/// <summary>
/// The baseline, and what serves before any other model: ranks by the number of people who liked a film,
/// predicts stars from damped means of the film and the person.
/// </summary>
public sealed class PopularityTrainer(PopularityOptions? options = null) : ITrainer
{
    /// <summary>The public name.</summary>
    public const string AlgorithmName = "popularity";

    readonly PopularityOptions options = options ?? new();

    /// <inheritdoc/>
    public string Name => AlgorithmName;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public ItemModel Train(TrainingSet data, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        options.Validate();
        var ratings = data.Ratings;
        var scores = new float[ratings.Items];
        var offsets = new float[ratings.Items];
        for (var item = 0; item < ratings.Items; item++)
        {
            if ((item & 0xFFF) == 0)
                cancellationToken.ThrowIfCancellationRequested();
            var raters = ratings.RatersOf(item);
            var liked = 0;
            double sum = 0;
            foreach (var rater in raters)
            {
                if (rater.Stars >= options.LikedFrom)
                    liked++;
                sum += rater.Stars - ratings.MeanStars;
            }
            // Among films liked equally often, the one seen more often comes first.
            scores[item] = raters.IsEmpty ? float.NegativeInfinity : liked + (raters.Length / (ratings.Users + 1f));
            offsets[item] = raters.IsEmpty ? 0 : (float)(sum / (raters.Length + options.ItemDamping));
        }
        progress?.Report(new TrainingProgress(1, "counted"));
        return new PopularityModel(scores, offsets, ratings.MeanStars, options.PersonDamping, Spread(ratings, offsets));
    }

    /// <summary>Standard deviation of the ratings around the films' means.</summary>
    static float Spread(RatingMatrix ratings, float[] offsets)
    {
        double squares = 0;
        for (var item = 0; item < ratings.Items; item++)
        {
            foreach (var rater in ratings.RatersOf(item))
                squares += Math.Pow(rater.Stars - ratings.MeanStars - offsets[item], 2);
        }
        return (float)Math.Sqrt(squares / Math.Max(1, ratings.Count));
    }
}
