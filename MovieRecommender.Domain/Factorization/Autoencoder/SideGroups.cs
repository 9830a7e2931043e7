using System.Numerics.Tensors;
using MovieRecommender.Domain.Factorization.LinearAlgebra;

namespace MovieRecommender.Domain.Factorization;

/// <summary>
/// Films that share a genre, a tag or a period, as if one more person had rated just these (Jeunen et al. 2020):
/// each group adds weight²/size to every pair of its films.
/// </summary>
sealed class SideGroups
{
    readonly List<(int[] Films, float Weight)> groups = [];

    internal SideGroups(RankedFilms ranked, ItemFeatures features, LinearAutoencoderOptions options)
    {
        Add(ranked, features.Genres, options.Genre);
        Add(ranked, features.Tags, options.Tag);
        Add(ranked, [.. features.Years.Select(year => (IReadOnlyList<string>)(year is { } y ? [(y / 5).ToString()] : []))], options.Year);
    }

    void Add(RankedFilms ranked, IReadOnlyList<IReadOnlyList<string>> labels, float weight)
    {
        if (weight == 0)
            return;
        var byLabel = new SortedDictionary<string, SortedSet<int>>(StringComparer.Ordinal);
        for (var film = 0; film < ranked.Count; film++)
        {
            foreach (var label in labels[ranked.Films[film]])
            {
                if (!byLabel.TryGetValue(label, out var members))
                    byLabel.Add(label, members = []);
                members.Add(film);
            }
        }
        foreach (var members in byLabel.Values.Where(members => members.Count >= 2))
            groups.Add(([.. members], weight * weight / members.Count));
    }

    /// <summary>Adds scale · (this matrix) · <paramref name="v"/> to <paramref name="result"/>.</summary>
    internal void MultiplyAdd(Matrix v, float scale, Matrix result)
    {
        const int PanelColumns = 64;
        Parallel.For(0, (v.Columns + PanelColumns - 1) / PanelColumns, panel =>
        {
            var first = panel * PanelColumns;
            var width = Math.Min(PanelColumns, v.Columns - first);
            Span<float> sum = stackalloc float[width];
            foreach (var (films, weight) in groups)
            {
                sum.Clear();
                foreach (var film in films)
                    TensorPrimitives.Add(sum, v.Row(film).Slice(first, width), sum);
                TensorPrimitives.Multiply(sum, weight * scale, sum);
                foreach (var film in films)
                {
                    var row = result.Row(film).Slice(first, width);
                    TensorPrimitives.Add(row, sum, row);
                }
            }
        });
    }

    /// <summary>Adds scale · (this matrix's diagonal) to <paramref name="diagonal"/>.</summary>
    internal void AddDiagonal(float scale, Span<float> diagonal)
    {
        foreach (var (films, weight) in groups)
        {
            foreach (var film in films)
                diagonal[film] += scale * weight;
        }
    }
}
