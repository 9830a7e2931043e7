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
        var person = Fold(history);
        var vector = Array.ConvertAll(person.Mean, value => (float)value);
        for (var item = 0; item < films.Count; item++)
            scores[item] += share * (mean + films.BiasOf(item) + TensorPrimitives.Dot<float>(films.FeaturesOf(item), vector));
    }

    /// <summary>Adds share · (expected stars, variance) of every wanted film.</summary>
    /// <param name="noisiness">Variance of this person's noise as a multiple of the usual one.</param>
    internal void AddPredictions(ReadOnlySpan<RatedItem> history, ReadOnlySpan<int> items, double share, double noisiness, Span<(double Stars, double Variance)> sums)
    {
        var person = Fold(history);
        for (var i = 0; i < items.Length; i++)
        {
            var (stars, variance) = Predict(person, items[i], noisiness / noisePrecision);
            sums[i].Stars += share * stars;
            sums[i].Variance += share * variance;
        }
    }

    (double Stars, double Variance) Predict(NormalEquations person, int item, double noise)
    {
        var size = films.Size;
        if ((uint)item >= (uint)films.Count)
            return (mean + person.Mean[^1], noise + person.Covariance[^1]);
        var features = films.FeaturesOf(item);
        double expected = mean + films.BiasOf(item), doubt = noise;
        for (var i = 0; i < size; i++)
        {
            expected += features[i] * person.Mean[i];
            for (var j = 0; j < size; j++)
                doubt += features[i] * features[j] * person.Covariance[(i * size) + j];
        }
        return (expected, doubt + FilmDoubt(person.Mean, item));
    }

    /// <summary>Variance of b + v·u from the doubt about the film: φᵀ·Cov·φ with the person's φ = [u, 1].</summary>
    double FilmDoubt(ReadOnlySpan<double> person, int item)
    {
        var moments = films.MomentsOf(item);
        var features = films.FeaturesOf(item);
        var biasMoments = films.BiasMomentsOf(item);
        double bias = films.BiasOf(item), sum = films.BiasSquares[item] - (bias * bias);
        for (int row = 0, at = 0; row < films.Size - 1; row++)
        {
            for (var column = 0; column <= row; column++, at++)
                sum += (row == column ? 1 : 2) * (moments[at] - (features[row] * features[column])) * person[row] * person[column];
            sum += 2 * (biasMoments[row] - (bias * features[row])) * person[row];
        }
        return Math.Max(0, sum);
    }

    /// <summary>Adds share · each rating's part to <paramref name="parts"/> and returns share · the rest.</summary>
    internal float AddParts(ReadOnlySpan<RatedItem> history, int item, float share, Span<float> parts)
    {
        if ((uint)item >= (uint)films.Count)
            return share * mean;
        var person = Fold(history);
        var size = films.Size;
        var features = films.FeaturesOf(item);
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
            double part = 0;
            for (var i = 0; i < size; i++)
            {
                var term = (films.FeaturesOf(other)[i] * (history[p].Stars - mean)) - films.BiasMomentsOf(other)[i];
                part += reach[i] * ((noisePrecision * term) + (personPrecision[i] * choice[other, i] * choiceWeight[other] * norm));
            }
            parts[p] += (float)(share * part);
        }
        return share * (mean + films.BiasOf(item));
    }

    /// <summary>[factors, bias] of someone with this history.</summary>
    internal double[] PersonOf(ReadOnlySpan<RatedItem> history) => Fold(history).Mean;

    NormalEquations Fold(ReadOnlySpan<RatedItem> history)
    {
        var equations = new NormalEquations(films.Size);
        var expected = new float[films.Size];
        var norm = SetPrior.Norm(history, choiceWeight);
        foreach (var rated in history)
        {
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
