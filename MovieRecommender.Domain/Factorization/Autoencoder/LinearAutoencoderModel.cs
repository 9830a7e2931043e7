using System.Buffers;
using System.Numerics.Tensors;
using MovieRecommender.Domain.Factorization.LinearAlgebra;

namespace MovieRecommender.Domain.Factorization;

/// <summary>
/// What <see cref="LinearAutoencoderTrainer"/> learns. A person is Σ xᵢ·wᵢ over their films, and Σ zᵢ·aᵢ with strengths
/// z that favour the newest; a film's score is the product with its own factors. A film never speaks for itself.
/// </summary>
public sealed class LinearAutoencoderModel : ItemModel
{
    /// <summary>So many rows are read sooner than all factors.</summary>
    const int MostRows = 500;

    readonly int[] films;
    readonly int[] indexOf;
    readonly ShortMatrix taste;
    readonly float[] diagonal;
    readonly ShortMatrix from;
    readonly ShortMatrix to;
    readonly float[] discount;
    readonly float[] prior;
    readonly float next;
    readonly float nextRecency;
    readonly int nextAfter;
    readonly EarlyTaste? early;
    readonly WeightRows rows;
    readonly WeightRows? earlyRows;
    readonly WeightRows nextRows;

    /// <summary>Each film's product with itself, for taste and for what comes next: what it must not say for itself.</summary>
    readonly (float Taste, float Next)[] own;

    internal LinearAutoencoderModel(
        int[] films, int items, ShortMatrix taste, float[] diagonal, ShortMatrix from, ShortMatrix to, float[] discount, float[] prior,
        float next, float nextRecency, int nextAfter, EarlyTaste? early)
    {
        this.films = films;
        this.taste = taste;
        this.diagonal = diagonal;
        this.from = from;
        this.to = to;
        this.discount = discount;
        this.prior = prior;
        this.next = next;
        this.nextRecency = nextRecency;
        this.nextAfter = nextAfter;
        this.early = early;
        var order = MostRated(discount);
        rows = new(taste, taste, diagonal, order);
        earlyRows = early is null ? null : new(early.Factors, early.Factors, early.Diagonal, order);
        nextRows = new(from, to, [.. Enumerable.Repeat(1f, films.Length)], order);
        indexOf = new int[items];
        Array.Fill(indexOf, -1);
        for (var film = 0; film < films.Length; film++)
            indexOf[films[film]] = film;
        own = [.. Enumerable.Range(0, films.Length).Select(film => (taste.Product(film, taste, film), from.Product(film, to, film)))];
    }

    /// <inheritdoc/>
    public override string Algorithm => LinearAutoencoderTrainer.AlgorithmName;

    /// <inheritdoc/>
    public override int Items => indexOf.Length;

    /// <inheritdoc/>
    public override void Score(ReadOnlySpan<RatedItem> history, Span<float> scores)
    {
        var buffer = ArrayPool<Said>.Shared.Rent(history.Length);
        var room = ArrayPool<float>.Shared.Rent(films.Length);
        var said = buffer.AsSpan(0, Fold(history, buffer));
        var sums = room.AsSpan(0, films.Length);
        sums.Clear();
        if (InRows(said))
        {
            AddRows(said, sums);
        }
        else
        {
            AddTaste(said, sums);
            AddNext(said, sums);
        }
        TensorPrimitives.Multiply(sums, discount, sums);
        TensorPrimitives.MultiplyAdd(prior, PriorWeight(said.Length), sums, sums);
        scores.Fill(float.NegativeInfinity);
        for (var film = 0; film < films.Length; film++)
            scores[films[film]] = sums[film];
        ArrayPool<Said>.Shared.Return(buffer);
        ArrayPool<float>.Shared.Return(room);
    }

    /// <inheritdoc/>
    public override void Warm()
    {
        rows.Warm();
        earlyRows?.Warm();
        nextRows.Warm();
    }

    /// <summary>Whether few enough ratings are known, all of films whose weights are kept.</summary>
    bool InRows(ReadOnlySpan<Said> said)
    {
        if (said.Length > MostRows)
            return false;
        foreach (var one in said)
        {
            if (!rows.Has(one.Film))
                return false;
        }
        return true;
    }

    void AddRows(ReadOnlySpan<Said> said, Span<float> sums)
    {
        var few = Few(said);
        var buffer = ArrayPool<WeightedRow>.Shared.Rent(3 * said.Length);
        var count = 0;
        foreach (var one in said)
        {
            buffer[count++] = rows.Times((1 - few) * one.Strength, one.Film);
            if (few > 0)
                buffer[count++] = earlyRows!.Times(few * one.Strength, one.Film);
            if (one.NextStrength != 0)
                buffer[count++] = nextRows.Times(one.NextStrength, one.Film);
        }
        WeightedRow.Sum(buffer.AsSpan(0, count), sums);
        ArrayPool<WeightedRow>.Shared.Return(buffer, clearArray: true);
    }

    void AddTaste(ReadOnlySpan<Said> said, Span<float> sums)
    {
        // Until enough is known, what would be said under the larger ridge is mixed in.
        var few = Few(said);
        Span<float> person = new float[taste.Columns], newcomer = new float[few > 0 ? early!.Factors.Columns : 0];
        foreach (var one in said)
        {
            taste.AddTo(person, one.Strength, one.Film);
            if (few > 0)
                early!.Factors.AddTo(newcomer, one.Strength, one.Film);
        }
        ShortMatrix.Vector wanted = new(person), tentative = new(newcomer);
        for (var film = 0; film < sums.Length; film++)
            sums[film] = Liked(film, taste.Product(film, wanted), few, few > 0 ? early!.Factors.Product(film, tentative) : 0);
        foreach (var one in said)
            sums[one.Film] -= one.Strength * Liked(one.Film, own[one.Film].Taste, few, few > 0 ? early!.Own[one.Film] : 0);
    }

    /// <summary>What comes next has nothing to say behind the newest ratings.</summary>
    void AddNext(ReadOnlySpan<Said> said, Span<float> sums)
    {
        if (said.IsEmpty || said[^1].NextStrength == 0)
            return;
        Span<float> lately = new float[from.Columns];
        foreach (var one in said)
        {
            if (one.NextStrength != 0)
                from.AddTo(lately, one.NextStrength, one.Film);
        }
        var upcoming = new ShortMatrix.Vector(lately);
        for (var film = 0; film < sums.Length; film++)
            sums[film] += to.Product(film, upcoming);
        foreach (var one in said)
            sums[one.Film] -= one.NextStrength * own[one.Film].Next;
    }

    /// <inheritdoc/>
    public override float Explain(ReadOnlySpan<RatedItem> history, int item, Span<float> parts)
    {
        parts.Clear();
        var film = (uint)item < (uint)Items ? indexOf[item] : -1;
        if (film < 0)
            return float.NegativeInfinity;
        var buffer = ArrayPool<Said>.Shared.Rent(history.Length);
        var said = buffer.AsSpan(0, Fold(history, buffer));
        Explain(said, film, parts);
        var rest = prior[film] * PriorWeight(said.Length);
        ArrayPool<Said>.Shared.Return(buffer);
        return rest;
    }

    void Explain(ReadOnlySpan<Said> said, int film, Span<float> parts)
    {
        var few = Few(said);
        var inRows = InRows(said);
        // Taste's weights are the same both ways but for their scale: one row says what all those films say for this one.
        var byRow = few == 0 && rows.Has(film);
        ShortMatrix.Vector wanted = byRow || inRows ? default : taste.VectorOf(film), upcoming = inRows ? default : to.VectorOf(film);
        ShortMatrix.Vector tentative = inRows || few == 0 ? default : early!.Factors.VectorOf(film);
        foreach (var one in said)
        {
            if (one.Film == film)
                continue;
            var liked = byRow ? rows.Of(film, one.Film) * diagonal[one.Film] / diagonal[film]
                : !inRows ? Liked(film, taste.Product(one.Film, wanted), few, few > 0 ? early!.Factors.Product(one.Film, tentative) : 0)
                : ((1 - few) * rows.Of(one.Film, film)) + (few > 0 ? few * earlyRows!.Of(one.Film, film) : 0);
            var next = one.NextStrength == 0 ? 0
                : inRows ? nextRows.Of(one.Film, film)
                : from.Product(one.Film, upcoming);
            parts[one.Position] = Part(one, film, liked, next);
        }
    }

    /// <summary>What one rating adds to a film's score.</summary>
    float Part(Said one, int film, float liked, float next) => ((one.Strength * liked) + (one.NextStrength * next)) * discount[film];

    /// <summary>How much of the score is said by the early taste.</summary>
    float Few(ReadOnlySpan<Said> said) => early?.Weight(said.Length) ?? 0;

    /// <summary>The taste alone, without what comes next: two films' product is what they say for each other, wᵢ·wⱼ / √(P[i,i]·P[j,j]).</summary>
    /// <inheritdoc/>
    public override ItemFactors Factors(IReadOnlyList<int> movieIds)
    {
        var values = new float[films.Length * taste.Columns];
        for (var film = 0; film < films.Length; film++)
            taste.AddTo(values.AsSpan(film * taste.Columns, taste.Columns), 1 / MathF.Sqrt(diagonal[film]), film);
        return new([.. films.Select(film => movieIds[film])], taste.Columns, values);
    }

    /// <summary>How much the community's favourites add while little is known of a person.</summary>
    static float PriorWeight(int known) => 1f / (1 + known);

    /// <summary>All films, the most rated first: the more people rated one, the more its scores are discounted.</summary>
    static int[] MostRated(float[] discount)
    {
        int[] order = [.. Enumerable.Range(0, discount.Length)];
        Array.Sort([.. discount], order);
        return order;
    }

    /// <summary>How two films go together, from the products of their factors under both ridges.</summary>
    float Liked(int film, float product, float few, float earlyProduct)
    {
        var liked = product / diagonal[film];
        return few > 0 ? liked + (few * ((earlyProduct / early!.Diagonal[film]) - liked)) : liked;
    }

    /// <summary>A rating the model can use: its place in the history, its film, its strength for taste and for what comes next.</summary>
    readonly record struct Said(int Position, int Film, float Strength, float NextStrength);

    int Fold(ReadOnlySpan<RatedItem> history, Span<Said> said)
    {
        var count = 0;
        var timed = false;
        for (var p = 0; p < history.Length; p++)
        {
            timed |= history[p].Time != 0;
            var film = (uint)history[p].Item < (uint)Items ? indexOf[history[p].Item] : -1;
            if (film >= 0)
                said[count++] = new Said(p, film, RankedFilms.Strength(history[p].Stars), 0);
        }
        if (!timed || from.Columns == 0 || count <= nextAfter)
            return count;
        var newest = next * (1 - ((float)nextAfter / count));
        for (int back = 0, p = count - 1; p >= 0; p--, back++)
        {
            var weight = newest * MathF.Exp(-back / nextRecency);
            // Further back the sum would change by less than films differ.
            if (weight < 1e-3f * newest)
                break;
            said[p] = said[p] with { NextStrength = weight * said[p].Strength };
        }
        return count;
    }

    /// <inheritdoc/>
    public override void Write(BinaryWriter writer)
    {
        writer.WriteArray<int>(films);
        writer.Write(Items);
        taste.Write(writer);
        writer.WriteArray<float>(diagonal);
        from.Write(writer);
        to.Write(writer);
        writer.WriteArray<float>(discount);
        writer.WriteArray<float>(prior);
        writer.Write(next);
        writer.Write(nextRecency);
        writer.Write(nextAfter);
        writer.Write(early is not null);
        early?.Write(writer);
    }

    internal static LinearAutoencoderModel Read(BinaryReader reader)
    {
        var films = reader.ReadArray<int>();
        var items = reader.ReadItems(films);
        var taste = ShortMatrix.Read(reader, films.Length);
        return new LinearAutoencoderModel(
            films, items, taste, reader.ReadArray<float>(films.Length),
            ShortMatrix.Read(reader, films.Length), ShortMatrix.Read(reader, films.Length),
            reader.ReadArray<float>(films.Length), reader.ReadArray<float>(films.Length),
            reader.ReadSingle(), reader.ReadSingle(), reader.ReadInt32(), reader.ReadBoolean() ? EarlyTaste.Read(reader, films.Length) : null);
    }
}
