using System.Numerics.Tensors;
using MovieRecommender.Domain.Factorization.LinearAlgebra;

namespace MovieRecommender.Domain.Factorization;

/// <summary>
/// For every film the few films whose ratings rise and fall with its own, and by how much: what a handful of factors smooths over.
/// </summary>
/// <remarks>
/// The likeness of two films is the squared correlation of their residuals over the people who rated both, drawn to zero by
/// n / (n + shrinkage) (Koren 2008, eq. 2, with the square of Sarwar et al. 2001's case amplification). Only positive
/// correlations are kept, the strongest for each film: memory is linear in the films.
/// </remarks>
sealed class Neighbours
{
    // A likeness is known well enough from this many people; more would only cost time on popular films.
    const int MaxRaters = 2000;
    const int MinCommon = 2;

    readonly int[] start;
    readonly int[] others;
    readonly Half[] likeness;

    Neighbours(int[] start, int[] others, Half[] likeness)
    {
        this.start = start;
        this.others = others;
        this.likeness = likeness;
    }

    /// <summary>The films like one film, most alike first.</summary>
    internal ReadOnlySpan<int> Of(int item) => others.AsSpan(start[item]..start[item + 1]);

    /// <summary>0 to 1, parallel to <see cref="Of"/>.</summary>
    internal ReadOnlySpan<Half> LikenessOf(int item) => likeness.AsSpan(start[item]..start[item + 1]);

    /// <summary>Asks for a film's neighbours, which will be read soon.</summary>
    internal void Fetch(int item)
    {
        Prefetch.Row(Of(item));
        Prefetch.Row(LikenessOf(item));
    }

    internal static Neighbours Learn(RatingMatrix ratings, Baseline baseline, BiasedMfOptions options, CancellationToken cancellationToken)
    {
        if (options.Neighbours == 0)
            return new Neighbours(new int[ratings.Items + 1], [], []);
        var people = new float[ratings.Users];
        for (var user = 0; user < people.Length; user++)
            people[user] = baseline.PersonOffset(ratings.HistoryOf(user));
        var lists = new (int Item, float Likeness)[ratings.Items][];
        Parallel.For(0, ratings.Items, new ParallelOptions { CancellationToken = cancellationToken }, () => new Sums(ratings.Items), (item, _, sums) =>
        {
            lists[item] = sums.Collect(ratings, baseline, people, item, options);
            return sums;
        }, _ => { });
        var start = new int[ratings.Items + 1];
        for (var item = 0; item < ratings.Items; item++)
            start[item + 1] = start[item] + lists[item].Length;
        return new Neighbours(
            start,
            [.. lists.SelectMany(list => list.Select(one => one.Item))],
            [.. lists.SelectMany(list => list.Select(one => (Half)one.Likeness))]);
    }

    /// <summary>Products of one film's residuals with every other film's; one instance for each thread.</summary>
    sealed class Sums(int items)
    {
        readonly float[] product = new float[items];
        readonly float[] own = new float[items];
        readonly float[] theirs = new float[items];
        readonly int[] common = new int[items];
        readonly List<int> touched = [];

        internal (int Item, float Likeness)[] Collect(RatingMatrix ratings, Baseline baseline, float[] people, int item, BiasedMfOptions options)
        {
            var raters = ratings.RatersOf(item);
            var stride = Math.Max(1, (raters.Length + MaxRaters - 1) / MaxRaters);
            for (var r = 0; r < raters.Length; r += stride)
            {
                var user = raters[r].User;
                var residual = baseline.Surprise(item, raters[r].Stars) - people[user];
                foreach (var rated in ratings.HistoryOf(user))
                    Add(rated.Item, residual, baseline.Surprise(rated.Item, rated.Stars) - people[user]);
            }
            var found = new List<(int Item, float Likeness)>();
            foreach (var other in touched)
            {
                if (other != item && common[other] >= MinCommon && product[other] > 0)
                {
                    var correlation = product[other] / MathF.Sqrt((own[other] * theirs[other]) + 1e-9f);
                    var shrunk = correlation * common[other] / (common[other] + options.NeighbourShrinkage);
                    found.Add((other, shrunk * shrunk));
                }
                (product[other], own[other], theirs[other], common[other]) = (0, 0, 0, 0);
            }
            touched.Clear();
            found.Sort(static (a, b) => a.Likeness != b.Likeness ? b.Likeness.CompareTo(a.Likeness) : a.Item.CompareTo(b.Item));
            return [.. found.Take(options.Neighbours)];
        }

        void Add(int other, float mine, float its)
        {
            if (common[other]++ == 0)
                touched.Add(other);
            product[other] += mine * its;
            own[other] += mine * mine;
            theirs[other] += its * its;
        }
    }

    internal void Write(BinaryWriter writer)
    {
        writer.WriteArray<int>(start);
        writer.WriteArray<int>(others);
        writer.WriteArray<Half>(likeness);
    }

    internal static Neighbours Read(BinaryReader reader, int items)
    {
        var start = reader.ReadArray<int>(items + 1);
        var others = reader.ReadArray<int>();
        var likeness = reader.ReadArray<Half>(others.Length);
        var rising = start[0] == 0 && start[^1] == others.Length;
        for (var item = 0; item < items; item++)
            rising &= start[item] <= start[item + 1];
        if (!rising || (others.Length > 0 && (TensorPrimitives.Min<int>(others) < 0 || TensorPrimitives.Max<int>(others) >= items)))
            throw new InvalidDataException("The model is damaged: its neighbours do not fit its films.");
        return new Neighbours(start, others, likeness);
    }
}
