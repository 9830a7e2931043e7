using System.Numerics.Tensors;
using MovieRecommender.Domain.Factorization.LinearAlgebra;

namespace MovieRecommender.Domain.Factorization;

/// <summary>
/// The rating head: biased matrix factorisation by variational Bayes (Lim and Teh 2007), alternating over films and people.
/// </summary>
/// <remarks>
/// r = μ + b_film + b_person + v·u + noise. The normal equations use E[vvᵀ] = vvᵀ + covariance, so a film seen twice pulls
/// less than one seen a hundred times; noise and the people's prior precisions are learned. A film's bias is expected from its
/// description, its factors from who rated it and its description, a person's vector from which films they chose to rate. A few models from different starts are averaged, then
/// blended with an item-kNN, the plain biases and the person's newest residuals (<see cref="Correction"/>).
/// </remarks>
public sealed class BiasedMfTrainer(BiasedMfOptions? options = null) : ITrainer
{
    /// <summary>The public name.</summary>
    public const string AlgorithmName = "biased-mf";

    const float StartingSpread = 0.3f;

    readonly BiasedMfOptions options = options ?? new();

    /// <inheritdoc/>
    public string Name => AlgorithmName;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public ItemModel Train(TrainingSet data, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        options.Validate();
        var ratings = data.Ratings;
        var priors = new Priors(
            new DescriptionPrior(ratings, data.Features),
            options.AudienceRank > 0 && ratings.Count > 0
                ? new SetPrior(Sets.OfFilms(ratings, data.Features, options.AudienceDiscount, options.DescriptionPart), options.AudienceRidge, options.AudienceRank, options.Seed, cancellationToken) : null,
            options.ChoiceRank > 0 && ratings.Count > 0
                ? new SetPrior(Sets.OfPeople(ratings, options.ChoiceDiscount), options.ChoiceRidge, options.ChoiceRank, options.Seed, cancellationToken) : null);
        var baseline = Baseline.Learn(ratings);
        var correction = new Correction(
            baseline, Neighbours.Learn(ratings, baseline, options, cancellationToken),
            new BlendWeights(options.FactorWeight, options.BiasWeight, options.NeighbourWeight, options.RecentWeight),
            options.NeighbourDamping, options.RecentSpan);
        var members = new FactorMember[options.Members];
        for (var member = 0; member < members.Length; member++)
            members[member] = TrainMember(ratings, priors, member, progress, cancellationToken).Member;
        return new BiasedMfModel(members, correction);
    }

    /// <summary>One factorisation, and the trained people that it does without.</summary>
    internal (FactorMember Member, Beliefs People) TrainMember(
        RatingMatrix ratings, Priors priors, int member, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        var size = options.Factors + 1;
        var state = new State(ratings, options, options.Seed + member);
        var itemPrior = new Matrix(ratings.Items, size);
        // Without a prior from the choice of films nothing is expected of anybody.
        var personPrior = new Matrix(priors.Choice is null ? 0 : ratings.Users, size);
        var y = new Matrix(ratings.Items, size);
        var (noise, precision) = (state.NoisePrecision, state.PersonPrecision);
        for (var sweep = 1; sweep <= options.Sweeps; sweep++)
        {
            state.SweepItems(itemPrior, cancellationToken);
            // The first sweep starts from noise, from which there is nothing to expect.
            if (priors.Choice is { } choice && sweep > 1)
            {
                var people = state.People.Means();
                personPrior = choice.Expect(people);
                if (sweep == options.Sweeps)
                    y = choice.Contributions(people);
            }
            // A person folded in later meets the precisions that the trained people met in the last sweep.
            (noise, precision) = (state.NoisePrecision, [.. state.PersonPrecision]);
            state.SweepPeople(personPrior, cancellationToken);
            if (priors.Audience is { } audience && sweep > 1 && sweep < options.Sweeps)
            {
                itemPrior = audience.Expect(state.Items.Means());
                TensorPrimitives.Multiply(itemPrior.Values, options.AudienceStrength, itemPrior.Values);
            }
            if (sweep < options.Sweeps)
            {
                var biases = state.FitDescriptions(priors.Description);
                for (var item = 0; item < ratings.Items; item++)
                    itemPrior[item, size - 1] = biases[item];
            }
            var done = (member + ((double)sweep / options.Sweeps)) / options.Members;
            progress?.Report(new TrainingProgress(done, $"model {member + 1} of {options.Members}, sweep {sweep} of {options.Sweeps}", state.TrainingLoss, Member: member));
        }
        var learned = new FactorMember(state.Items, ratings.MeanStars, noise, precision, y, priors.Choice?.Weight ?? new float[ratings.Items]);
        return (learned, state.People);
    }

    /// <summary>What is expected of films and people before their stars are read.</summary>
    /// <param name="Description">Of a film's bias.</param>
    /// <param name="Audience">Of a film's factors; null for none.</param>
    /// <param name="Choice">Of a person's vector; null for none.</param>
    internal sealed record Priors(DescriptionPrior Description, SetPrior? Audience = null, SetPrior? Choice = null);

    sealed class State
    {
        readonly RatingMatrix ratings;
        readonly BiasedMfOptions options;
        readonly int size;
        readonly double[] itemPrecision;

        internal State(RatingMatrix ratings, BiasedMfOptions options, int seed)
        {
            this.ratings = ratings;
            this.options = options;
            size = options.Factors + 1;
            Items = new Beliefs(ratings.Items, options.Factors);
            People = new Beliefs(ratings.Users, options.Factors);
            itemPrecision = Filled(options.FactorPrecision);
            itemPrecision[^1] = 4;
            PersonPrecision = Filled(5);
            var start = Matrix.Gaussian(ratings.Users, size, seed);
            var mean = new double[size];
            var covariance = new double[size * size];
            for (var user = 0; user < ratings.Users; user++)
            {
                for (var i = 0; i < options.Factors; i++)
                    mean[i] = StartingSpread * start[user, i];
                People.Set(user, mean, covariance);
            }
        }

        internal Beliefs Items { get; }

        internal Beliefs People { get; }

        internal double NoisePrecision { get; private set; } = 1.5;

        internal double[] PersonPrecision { get; }

        internal double TrainingLoss { get; private set; }

        double[] Filled(double value)
        {
            var array = new double[size];
            Array.Fill(array, value);
            return array;
        }

        internal void SweepItems(Matrix prior, CancellationToken cancellationToken)
        {
            var biasSpread = new double[ratings.Items];
            Parallel.For(0, ratings.Items, Cancelled(cancellationToken), () => new NormalEquations(size), (item, _, equations) =>
            {
                equations.Clear();
                var raters = ratings.RatersOf(item);
                for (var at = 0; at < raters.Length; at++)
                {
                    if (at + Beliefs.Ahead < raters.Length)
                        People.Fetch(raters[at + Beliefs.Ahead].User);
                    equations.Add(People, raters[at].User, raters[at].Stars - ratings.MeanStars);
                }
                equations.Solve(NoisePrecision, itemPrecision, prior.Row(item));
                Items.Set(item, equations.Mean, equations.Covariance);
                biasSpread[item] = Math.Pow(equations.Mean[^1] - prior[item, size - 1], 2) + equations.Covariance[^1];
                return equations;
            }, _ => { });
            itemPrecision[^1] = (ratings.Items + 1) / (biasSpread.Sum() + 0.1);
        }

        internal void SweepPeople(Matrix prior, CancellationToken cancellationToken)
        {
            var nothing = new float[size];
            ReadOnlySpan<float> Expected(int user) => prior.Rows == 0 ? nothing : prior.Row(user);
            var errors = new double[ratings.Users];
            Parallel.For(0, ratings.Users, Cancelled(cancellationToken), () => new NormalEquations(size), (user, _, equations) =>
            {
                equations.Clear();
                var history = ratings.HistoryOf(user);
                for (var at = 0; at < history.Length; at++)
                {
                    if (at + Beliefs.Ahead < history.Length)
                        Items.Fetch(history[at + Beliefs.Ahead].Item);
                    equations.Add(Items, history[at].Item, history[at].Stars - ratings.MeanStars);
                }
                equations.Solve(NoisePrecision, PersonPrecision, Expected(user));
                People.Set(user, equations.Mean, equations.Covariance);
                errors[user] = equations.ExpectedSquaredError();
                return equations;
            }, _ => { });
            var spread = new double[size];
            for (var user = 0; user < ratings.Users; user++)
                People.AddSpread(user, Expected(user), spread);
            for (var i = 0; i < size; i++)
                PersonPrecision[i] = (ratings.Users + 1) / (spread[i] + 0.1);
            var error = errors.Sum();
            NoisePrecision = (ratings.Count + 1) / (error + 1);
            TrainingLoss = error / Math.Max(1, ratings.Count);
        }

        internal float[] FitDescriptions(DescriptionPrior description)
        {
            var residuals = new double[ratings.Items];
            var certainty = new double[ratings.Items];
            Parallel.For(0, ratings.Items, item =>
            {
                var raters = ratings.RatersOf(item);
                if (raters.IsEmpty)
                    return;
                Span<float> features = stackalloc float[size], theirs = stackalloc float[size];
                Items.ReadFeatures(item, features);
                double sum = 0;
                foreach (var rater in raters)
                {
                    People.ReadFeatures(rater.User, theirs);
                    sum += rater.Stars - ratings.MeanStars - People.BiasOf(rater.User)
                        - (TensorPrimitives.Dot<float>(features, theirs) - 1);
                }
                residuals[item] = sum / raters.Length;
                certainty[item] = 1 / ((1 / itemPrecision[^1]) + (1 / (NoisePrecision * raters.Length)));
            });
            return description.Fit(residuals, certainty, options.DescriptionRidge);
        }

        static ParallelOptions Cancelled(CancellationToken cancellationToken) => new() { CancellationToken = cancellationToken };
    }
}
