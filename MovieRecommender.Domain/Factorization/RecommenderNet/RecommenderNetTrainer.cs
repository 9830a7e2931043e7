using System.Numerics.Tensors;
using MovieRecommender.Domain.Factorization.LinearAlgebra;

namespace MovieRecommender.Domain.Factorization;

/// <summary>
/// RecommenderNet, the article's network: an embedding and a bias for each person and film, their row-wise product through a
/// sigmoid, binary cross-entropy on ratings scaled to 0–1, Adam.
/// </summary>
public sealed class RecommenderNetTrainer(RecommenderNetOptions? options = null) : ITrainer
{
    /// <summary>The public name.</summary>
    public const string AlgorithmName = "recommender-net";

    readonly RecommenderNetOptions options = options ?? RecommenderNetOptions.Tuned;

    /// <inheritdoc/>
    public string Name => AlgorithmName;

    /// <summary>Number of trained parameters: an embedding and a bias for each person and each film.</summary>
    public static long Parameters(int users, int items, int size) => ((long)users + items) * (size + 1);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public ItemModel Train(TrainingSet data, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken) =>
        TrainBoth(data, progress, cancellationToken).Model;

    /// <summary>The model, and the trained people that it does without.</summary>
    internal (RecommenderNetModel Model, Matrix People) TrainBoth(TrainingSet data, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        options.Validate();
        var ratings = data.Ratings;
        var random = new Random(options.Seed);
        var run = new Run(ratings, options, random);
        var order = Enumerable.Range(0, ratings.Count).ToArray();
        random.Shuffle(order);
        var validation = order.AsMemory(0, (int)(ratings.Count * options.ValidationShare));
        var training = order.AsMemory(validation.Length);
        var best = double.PositiveInfinity;
        (float[] Films, float[] People)? bestWeights = null;
        for (int epoch = 1, worse = 0; epoch <= options.Epochs; epoch++)
        {
            random.Shuffle(training.Span);
            var loss = run.Epoch(training.Span, cancellationToken);
            double? held = validation.IsEmpty ? null : run.Loss(validation.Span);
            progress?.Report(new TrainingProgress((double)epoch / options.Epochs, $"epoch {epoch} of {options.Epochs}", loss, held));
            if (options.Patience == 0)
                continue;
            if (held < best)
            {
                (best, worse) = (held.Value, 0);
                bestWeights = (run.Films.Weights.Values.AsSpan().ToArray(), run.People.Weights.Values.AsSpan().ToArray());
            }
            else if (++worse >= options.Patience)
            {
                progress?.Report(new TrainingProgress(1, $"stopped after epoch {epoch}", loss, held));
                break;
            }
        }
        if (bestWeights is { } weights)
        {
            weights.Films.CopyTo(run.Films.Weights.Values, 0);
            weights.People.CopyTo(run.People.Weights.Values, 0);
        }
        return (RecommenderNetModel.From(run.Films.Weights, run.People.Weights, ratings, options.FoldInRidge), run.People.Weights);
    }

    /// <summary>Weights, and the ratings as flat arrays.</summary>
    sealed class Run
    {
        readonly RecommenderNetOptions options;
        readonly int[] user;
        readonly int[] item;
        readonly float[] target;
        readonly float[] logit;
        readonly float[] chance;
        readonly Slots people;
        readonly Slots films;
        int step;

        internal Run(RatingMatrix ratings, RecommenderNetOptions options, Random random)
        {
            this.options = options;
            People = new AdamTable(ratings.Users, options, random);
            Films = new AdamTable(ratings.Items, options, random);
            people = new Slots(ratings.Users, options.BatchSize, People.Weights.Stride);
            films = new Slots(ratings.Items, options.BatchSize, Films.Weights.Stride);
            user = new int[ratings.Count];
            item = new int[ratings.Count];
            target = new float[ratings.Count];
            logit = new float[options.BatchSize];
            chance = new float[options.BatchSize];
            var at = 0;
            for (var u = 0; u < ratings.Users; u++)
            {
                foreach (var rated in ratings.HistoryOf(u))
                    (user[at], item[at], target[at++]) = (u, rated.Item, RecommenderNetModel.Scaled(rated.Stars));
            }
        }

        internal AdamTable People { get; }

        internal AdamTable Films { get; }

        internal double Epoch(ReadOnlySpan<int> order, CancellationToken cancellationToken)
        {
            double loss = 0;
            for (var begin = 0; begin < order.Length; begin += options.BatchSize)
            {
                if (begin == 0 || (step & 0x3F) == 0)
                    cancellationToken.ThrowIfCancellationRequested();
                loss += Batch(order.Slice(begin, Math.Min(options.BatchSize, order.Length - begin)));
            }
            for (var u = 0; u < People.Weights.Rows; u++)
                People.Settle(u, step);
            for (var i = 0; i < Films.Weights.Rows; i++)
                Films.Settle(i, step);
            return loss / Math.Max(1, order.Length);
        }

        double Batch(ReadOnlySpan<int> rows)
        {
            people.Clear();
            films.Clear();
            Span<float> logits = logit.AsSpan(0, rows.Length), chances = chance.AsSpan(0, rows.Length);
            for (var k = 0; k < rows.Length; k++)
            {
                int u = user[rows[k]], i = item[rows[k]];
                if (people.IsNew(u))
                    People.Settle(u, step);
                if (films.IsNew(i))
                    Films.Settle(i, step);
                logits[k] = Logit(People.Weights.Row(u), Films.Weights.Row(i));
            }
            TensorPrimitives.Sigmoid(logits, chances);
            double loss = 0;
            for (var k = 0; k < rows.Length; k++)
            {
                int row = rows[k], u = user[row], i = item[row];
                // −y·ln p − (1 − y)·ln(1 − p), with ln(1 − p) = ln p − logit; the logarithms follow all at once.
                loss += (1 - target[row]) * logits[k];
                var slope = (chances[k] - target[row]) / rows.Length;
                people.Add(u, slope, Films.Weights.Row(i));
                films.Add(i, slope, People.Weights.Row(u));
            }
            TensorPrimitives.Max(chances, 1e-37f, chances);
            TensorPrimitives.Log(chances, chances);
            loss -= TensorPrimitives.Sum<float>(chances);
            step++;
            people.Move(People, step);
            films.Move(Films, step);
            return loss;
        }

        internal double Loss(ReadOnlySpan<int> rows)
        {
            double loss = 0;
            foreach (var row in rows)
                loss += CrossEntropy(RecommenderNetModel.Sigmoid(Logit(People.Weights.Row(user[row]), Films.Weights.Row(item[row]))), target[row]);
            return loss / rows.Length;
        }

        float Logit(ReadOnlySpan<float> person, ReadOnlySpan<float> film) =>
            TensorPrimitives.Dot(person[..options.Size], film[..options.Size]) + person[options.Size] + film[options.Size];

        static double CrossEntropy(float p, float y)
        {
            var q = Math.Clamp(p, 1e-7, 1 - 1e-7);
            return -((y * Math.Log(q)) + ((1 - y) * Math.Log(1 - q)));
        }
    }

    /// <summary>Summed gradients of the rows that a batch touches.</summary>
    sealed class Slots(int rows, int batch, int stride)
    {
        readonly int[] slotOf = Filled(rows);
        readonly int[] rowOf = new int[batch];
        readonly float[] gradients = new float[batch * stride];
        int count;

        static int[] Filled(int rows)
        {
            var slots = new int[rows];
            Array.Fill(slots, -1);
            return slots;
        }

        internal void Clear()
        {
            foreach (var row in rowOf.AsSpan(0, count))
                slotOf[row] = -1;
            gradients.AsSpan(0, count * stride).Clear();
            count = 0;
        }

        internal bool IsNew(int row)
        {
            if (slotOf[row] >= 0)
                return false;
            rowOf[count] = row;
            slotOf[row] = count++;
            return true;
        }

        /// <summary>Adds slope · [the other side's embedding, 1].</summary>
        internal void Add(int row, float slope, ReadOnlySpan<float> other)
        {
            var gradient = gradients.AsSpan(slotOf[row] * stride, other.Length);
            TensorPrimitives.MultiplyAdd(other[..^1], slope, gradient[..^1], gradient[..^1]);
            gradient[^1] += slope;
        }

        internal void Move(AdamTable table, int step)
        {
            for (var slot = 0; slot < count; slot++)
                table.Move(rowOf[slot], gradients.AsSpan(slot * stride, stride), step);
        }
    }
}
