using System.Numerics.Tensors;
using MovieRecommender.Domain.Factorization.LinearAlgebra;

namespace MovieRecommender.Domain.Factorization;

/// <summary>
/// One variational factorisation. A person is one ridge solve over their ratings, around what their choice of films leads to expect.
/// </summary>
sealed class FactorMember
{
    readonly Beliefs films;
    readonly float mean;
    readonly double noisePrecision;
    readonly double[] personPrecision;
    readonly Matrix choice;
    readonly float[] choiceWeight;

    /// <summary>Used again by the next prediction on this thread: its arrays are most of what one would leave to the garbage collector.</summary>
    [ThreadStatic]
    static NormalEquations? solver;

    internal FactorMember(Beliefs films, float mean, double noisePrecision, double[] personPrecision, Matrix choice, float[] choiceWeight)
    {
        this.films = films;
        this.mean = mean;
        this.noisePrecision = noisePrecision;
        this.personPrecision = personPrecision;
        this.choice = choice;
        this.choiceWeight = choiceWeight;
    }

    internal int Items => films.Count;

    /// <summary>Adds share · score to every film's score.</summary>
    internal void AddScores(ReadOnlySpan<RatedItem> history, float share, Span<float> scores)
    {
        var vector = Array.ConvertAll(PersonOf(history), value => (float)value);
        Span<float> features = stackalloc float[films.Size];
        for (var item = 0; item < films.Count; item++)
        {
            films.ReadFeatures(item, features);
            scores[item] += share * (mean + films.BiasOf(item) + TensorPrimitives.Dot<float>(features, vector));
        }
    }

    internal Doubts DoubtsOf(ReadOnlySpan<RatedItem> history) => new(Fold(history), films);

    /// <summary>Adds share · (expected stars, variance) of every wanted film.</summary>
    /// <param name="noisiness">Variance of this person's noise as a multiple of the usual one.</param>
    internal void AddPredictions(Doubts person, ReadOnlySpan<int> items, double share, double noisiness, Span<(double Stars, double Variance)> sums)
    {
        for (var i = 0; i < items.Length; i++)
        {
            if (i + Beliefs.Ahead < items.Length && (uint)items[i + Beliefs.Ahead] < (uint)films.Count)
                films.Fetch(items[i + Beliefs.Ahead]);
            var (stars, variance) = Predict(person, items[i], noisiness / noisePrecision);
            sums[i].Stars += share * stars;
            sums[i].Variance += share * variance;
        }
    }

    /// <summary>A person, with what the doubt about them and about films does to predictions, ready for any number of films.</summary>
    internal sealed class Doubts
    {
        internal Doubts(NormalEquations person, Beliefs films)
        {
            var last = films.Size - 1;
            Taste = new float[Matrix.Padded(films.Size)];
            for (var i = 0; i < last; i++)
                Taste[i] = (float)person.Mean[i];
            Bias = (float)person.Mean[last];
            Squares = new float[films.Stride];
            for (int row = 0, at = 0; row <= last; row++)
            {
                for (var column = 0; column <= row; column++, at++)
                {
                    var both = person.Covariance[(row * films.Size) + column] + (row < last ? person.Mean[row] * person.Mean[column] : 0);
                    Squares[at] = (float)(row == column ? both : 2 * both);
                }
            }
        }

        /// <summary>u, and zeros up to whole vectors.</summary>
        internal float[] Taste { get; }

        internal float Bias { get; }

        /// <summary>E[uᵢ·uⱼ], and the covariances with the bias, in the order of a film's moments; twice off the diagonal.</summary>
        internal float[] Squares { get; }
    }

    /// <summary>Stars expected, and their variance: noise, and what the doubt about the person and about the film make of bias + v·u together.</summary>
    (double Stars, double Variance) Predict(Doubts person, int item, double noise)
    {
        if ((uint)item >= (uint)films.Count)
            return (mean + person.Bias, noise + person.Squares[films.Packed - 1]);
        var bias = films.BiasOf(item);
        var (squares, match, biasMatch) = films.Products(item, person.Squares, person.Taste);
        // E[(b + v·u)²] and the person's bias around its mean, less the square of E[b + v·u].
        var second = films.BiasSquares[item] + (2.0 * biasMatch) + squares;
        return ((double)mean + bias + match + person.Bias, noise + Math.Max(0, second - (((double)bias + match) * (bias + match))));
    }

    /// <summary>Adds share · each rating's part to <paramref name="parts"/> and returns share · the rest.</summary>
    internal float AddParts(ReadOnlySpan<RatedItem> history, int item, float share, Span<float> parts)
    {
        if ((uint)item >= (uint)films.Count)
            return share * mean;
        var person = Fold(history);
        var size = films.Size;
        Span<float> features = stackalloc float[size], theirs = stackalloc float[size], theirBias = stackalloc float[size];
        films.ReadFeatures(item, features);
        // The person is Cov · (Λ·prior + τ·Σ g), so each rating's share of vᵀ·person is its term behind vᵀ·Cov.
        var reach = new double[size];
        for (var i = 0; i < size; i++)
        {
            for (var j = 0; j < size; j++)
                reach[i] += features[j] * person.Covariance[(j * size) + i];
        }
        var norm = SetPrior.Norm(history, choiceWeight);
        for (var p = 0; p < history.Length; p++)
        {
            var other = history[p].Item;
            if ((uint)other >= (uint)films.Count)
                continue;
            films.ReadFeatures(other, theirs);
            films.ReadBiasMoments(other, theirBias);
            double part = 0;
            for (var i = 0; i < size; i++)
            {
                var term = (theirs[i] * (history[p].Stars - mean)) - theirBias[i];
                part += reach[i] * ((noisePrecision * term) + (personPrecision[i] * choice[other, i] * choiceWeight[other] * norm));
            }
            parts[p] += (float)(share * part);
        }
        return share * (mean + films.BiasOf(item));
    }

    /// <summary>[factors, bias] of someone with this history.</summary>
    internal double[] PersonOf(ReadOnlySpan<RatedItem> history) => [.. Fold(history).Mean];

    /// <returns>Good until the next call on this thread.</returns>
    NormalEquations Fold(ReadOnlySpan<RatedItem> history)
    {
        if (solver?.Size != films.Size)
            solver = new NormalEquations(films.Size);
        var equations = solver;
        equations.Clear();
        var expected = new float[films.Size];
        var norm = SetPrior.Norm(history, choiceWeight);
        for (var p = 0; p < history.Length; p++)
        {
            if (p + Beliefs.Ahead < history.Length && (uint)history[p + Beliefs.Ahead].Item < (uint)films.Count)
            {
                films.Fetch(history[p + Beliefs.Ahead].Item);
                Prefetch.Row<float>(choice.Row(history[p + Beliefs.Ahead].Item));
            }
            var rated = history[p];
            if ((uint)rated.Item >= (uint)films.Count)
                continue;
            equations.Add(films, rated.Item, rated.Stars - mean);
            TensorPrimitives.MultiplyAdd(choice.Row(rated.Item), choiceWeight[rated.Item] * norm, expected, expected);
        }
        equations.Solve(noisePrecision, personPrecision, expected);
        return equations;
    }

    internal void Write(BinaryWriter writer)
    {
        films.Write(writer);
        writer.Write(mean);
        writer.Write(noisePrecision);
        writer.WriteArray<double>(personPrecision);
        writer.WriteArray<float>(choice.Values);
        writer.WriteArray<float>(choiceWeight);
    }

    internal static FactorMember Read(BinaryReader reader)
    {
        var films = Beliefs.Read(reader);
        var mean = reader.ReadSingle();
        var noisePrecision = reader.ReadDouble();
        var personPrecision = reader.ReadArray<double>(films.Size);
        var choice = new Matrix(films.Count, films.Size);
        reader.ReadArray<float>(choice.Values.Length).CopyTo(choice.Values, 0);
        return new FactorMember(films, mean, noisePrecision, personPrecision, choice, reader.ReadArray<float>(films.Count));
    }
}
