using System.Buffers;
using MovieRecommender.Domain.Factorization.LinearAlgebra;

namespace MovieRecommender.Domain.Factorization;

/// <summary>
/// What <see cref="LinearAutoencoderTrainer"/> learns. A person is Σ xᵢ·wᵢ over their films, and Σ zᵢ·aᵢ with strengths
/// z that favour the newest; a film's score is the product with its own factors. A film never speaks for itself.
/// </summary>
public sealed class LinearAutoencoderModel : ItemModel
{
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
        scores.Fill(float.NegativeInfinity);
        var buffer = ArrayPool<Said>.Shared.Rent(history.Length);
        var said = buffer.AsSpan(0, Fold(history, buffer));
        // Until enough is known, what would be said under the larger ridge is mixed in.
        var few = early?.Weight(said.Length) ?? 0;
        Span<float> person = new float[taste.Columns], lately = new float[from.Columns], tasteRow = taste.NewBuffer(), fromRow = from.NewBuffer();
        Span<float> newcomer = new float[few > 0 ? early!.Factors.Columns : 0], earlyRow = few > 0 ? early!.Factors.NewBuffer() : [];
        foreach (var one in said)
        {
            taste.AddTo(person, one.Strength, one.Film, tasteRow);
            if (few > 0)
                early!.Factors.AddTo(newcomer, one.Strength, one.Film, earlyRow);
            if (one.NextStrength != 0)
                from.AddTo(lately, one.NextStrength, one.Film, fromRow);
        }
        ShortMatrix.Vector wanted = new(person), upcoming = new(lately), tentative = new(newcomer);
        for (var film = 0; film < films.Length; film++)
        {
            var liked = taste.Product(film, wanted) / diagonal[film];
            if (few > 0)
                liked += few * ((early!.Factors.Product(film, tentative) / early.Diagonal[film]) - liked);
            scores[films[film]] = ((liked + to.Product(film, upcoming)) * discount[film]) + PriorOf(film, said.Length);
        }
        foreach (var one in said)
            scores[films[one.Film]] -= Part(one, one.Film, Liked(one.Film, own[one.Film].Taste, few, few > 0 ? early!.Own[one.Film] : 0), own[one.Film].Next);
        ArrayPool<Said>.Shared.Return(buffer);
    }

    /// <inheritdoc/>
    public override float Explain(ReadOnlySpan<RatedItem> history, int item, Span<float> parts)
    {
        parts.Clear();
        var film = (uint)item < (uint)Items ? indexOf[item] : -1;
        if (film < 0)
            return float.NegativeInfinity;
        var said = new Said[history.Length];
        var known = Fold(history, said);
        var few = early?.Weight(known) ?? 0;
        foreach (var one in said.AsSpan(0, known))
        {
            if (one.Film == film)
                continue;
            var liked = Liked(film, taste.Product(one.Film, taste, film), few, few > 0 ? early!.Factors.Product(one.Film, early.Factors, film) : 0);
            // What comes next has nothing to say behind the newest ratings.
            parts[one.Position] = Part(one, film, liked, one.NextStrength == 0 ? 0 : from.Product(one.Film, to, film));
        }
        return PriorOf(film, known);
    }

    /// <summary>The taste alone, without what comes next: two films' product is what they say for each other, wᵢ·wⱼ / √(P[i,i]·P[j,j]).</summary>
    /// <inheritdoc/>
    public override ItemFactors Factors(IReadOnlyList<int> movieIds)
    {
        var values = new float[films.Length * taste.Columns];
        var row = taste.NewBuffer();
        for (var film = 0; film < films.Length; film++)
            taste.AddTo(values.AsSpan(film * taste.Columns, taste.Columns), 1 / MathF.Sqrt(diagonal[film]), film, row);
        return new([.. films.Select(film => movieIds[film])], taste.Columns, values);
    }

    /// <summary>What the community's favourites add while little is known of a person.</summary>
    float PriorOf(int film, int known) => prior[film] / (1 + known);

    /// <summary>How two films go together, from the products of their factors under both ridges.</summary>
    float Liked(int film, float product, float few, float earlyProduct)
    {
        var liked = product / diagonal[film];
        return few > 0 ? liked + (few * ((earlyProduct / early!.Diagonal[film]) - liked)) : liked;
    }

    /// <summary>What one rating adds to the score of a film, from how the two go together and follow each other.</summary>
    float Part(Said one, int film, float liked, float next) => ((one.Strength * liked) + (one.NextStrength * next)) * discount[film];

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
            if (weight < 1e-6f)
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
