using System.Numerics.Tensors;
using MovieRecommender.Domain.Factorization.LinearAlgebra;

namespace MovieRecommender.Domain.Factorization;

/// <summary>
/// Films' vectors v with a person folded in as implicit matrix factorisation does: u = (α·VᵀV + Σ vᵢvᵢᵀ + λI)⁻¹ Σ sᵢ·vᵢ over their films,
/// with the strength s of a rating as in <see cref="LinearAutoencoderModel"/>. A film's score is u·v, and what everybody likes while little is known.
/// </summary>
public sealed class ItemFactorsModel : ItemModel
{
    readonly int[] films;
    readonly int[] indexOf;
    readonly Matrix factors;
    readonly float[] prior;
    readonly float regularization;
    readonly float unobserved;
    readonly double[] unseen;

    internal ItemFactorsModel(int[] films, int items, Matrix factors, float[] prior, float regularization, float unobserved)
    {
        this.films = films;
        this.factors = factors;
        this.prior = prior;
        this.regularization = regularization;
        this.unobserved = unobserved;
        indexOf = new int[items];
        Array.Fill(indexOf, -1);
        for (var film = 0; film < films.Length; film++)
            indexOf[films[film]] = film;
        unseen = new double[factors.Columns * factors.Columns];
        var row = new double[factors.Columns];
        for (var film = 0; film < films.Length; film++)
            AddSquare(unseen, Widen(film, row), unobserved);
        for (var i = 0; i < factors.Columns; i++)
            unseen[(i * factors.Columns) + i] += regularization;
    }

    /// <inheritdoc/>
    public override string Algorithm => ItemFactorsTrainer.AlgorithmName;

    /// <inheritdoc/>
    public override int Items => indexOf.Length;

    /// <inheritdoc/>
    public override void Score(ReadOnlySpan<RatedItem> history, Span<float> scores)
    {
        scores.Fill(float.NegativeInfinity);
        var person = new double[factors.Columns];
        var lower = Fold(history, out var known);
        var row = new double[factors.Columns];
        foreach (var rated in history)
        {
            if (FilmOf(rated) is >= 0 and var film)
                TensorPrimitives.MultiplyAdd(Widen(film, row), RankedFilms.Strength(rated.Stars), person, person);
        }
        Cholesky.Solve(lower, person, person.Length);
        for (var film = 0; film < films.Length; film++)
            scores[films[film]] = (float)TensorPrimitives.Dot<double>(person, Widen(film, row)) + PriorOf(film, known);
    }

    /// <inheritdoc/>
    public override float Explain(ReadOnlySpan<RatedItem> history, int item, Span<float> parts)
    {
        parts.Clear();
        var wanted = (uint)item < (uint)Items ? indexOf[item] : -1;
        if (wanted < 0)
            return float.NegativeInfinity;
        var lower = Fold(history, out var known);
        var reach = Widen(wanted, new double[factors.Columns]);
        Cholesky.Solve(lower, reach, reach.Length);
        var row = new double[factors.Columns];
        for (var p = 0; p < history.Length; p++)
        {
            if (FilmOf(history[p]) is >= 0 and var film)
                parts[p] = (float)(RankedFilms.Strength(history[p].Stars) * TensorPrimitives.Dot<double>(reach, Widen(film, row)));
        }
        return PriorOf(wanted, known);
    }

    /// <inheritdoc/>
    public override ItemFactors Factors(IReadOnlyList<int> movieIds)
    {
        var values = new float[films.Length * factors.Columns];
        for (var film = 0; film < films.Length; film++)
            factors.Row(film).CopyTo(values.AsSpan(film * factors.Columns));
        return new([.. films.Select(film => movieIds[film])], factors.Columns, values, regularization, unobserved);
    }

    /// <inheritdoc/>
    public override void Write(BinaryWriter writer)
    {
        writer.WriteArray<int>(films);
        writer.Write(Items);
        writer.Write(factors.Columns);
        for (var film = 0; film < films.Length; film++)
            writer.WriteArray<float>(factors.Row(film));
        writer.WriteArray<float>(prior);
        writer.Write(regularization);
        writer.Write(unobserved);
    }

    internal static ItemFactorsModel Read(BinaryReader reader)
    {
        var films = reader.ReadArray<int>();
        var items = reader.ReadItems(films);
        var columns = reader.ReadInt32();
        if (columns is < 1 or > ItemFactors.MostDimensions)
            throw new InvalidDataException($"The model is damaged: factors of size {columns}.");
        var factors = new Matrix(films.Length, columns);
        for (var film = 0; film < films.Length; film++)
            reader.ReadArray<float>(columns).CopyTo(factors.Row(film));
        var prior = reader.ReadArray<float>(films.Length);
        var (regularization, unobserved) = (reader.ReadSingle(), reader.ReadSingle());
        if (!float.IsFinite(TensorPrimitives.Sum<float>(factors.Values)) || !float.IsFinite(TensorPrimitives.Sum<float>(prior)) || !(regularization > 0) || !float.IsFinite(regularization + unobserved))
            throw new InvalidDataException("The model is damaged: it holds something that is no number.");
        return new ItemFactorsModel(films, items, factors, prior, regularization, unobserved);
    }

    int FilmOf(RatedItem rated) => (uint)rated.Item < (uint)Items ? indexOf[rated.Item] : -1;

    float PriorOf(int film, int known) => prior[film] / (1 + known);

    double[] Widen(int film, double[] row)
    {
        TensorPrimitives.ConvertTruncating<float, double>(factors.Row(film), row);
        return row;
    }

    /// <summary>The Cholesky factor of the person's equations.</summary>
    double[] Fold(ReadOnlySpan<RatedItem> history, out int known)
    {
        known = 0;
        var square = (double[])unseen.Clone();
        var row = new double[factors.Columns];
        foreach (var rated in history)
        {
            if (FilmOf(rated) is not (>= 0 and var film))
                continue;
            known++;
            AddSquare(square, Widen(film, row), 1);
        }
        Cholesky.Factorise(square, factors.Columns);
        return square;
    }

    /// <summary>square += weight · row·rowᵀ, the lower triangle.</summary>
    static void AddSquare(double[] square, double[] row, double weight)
    {
        for (var i = 0; i < row.Length; i++)
        {
            var line = square.AsSpan(i * row.Length, i + 1);
            TensorPrimitives.MultiplyAdd(row.AsSpan(0, i + 1), weight * row[i], line, line);
        }
    }
}
