namespace MovieRecommender.Domain.Factorization;

/// <summary>Sets of elements, compressed both ways, with the weight an element has in every set.</summary>
sealed class Sets
{
    readonly int[] setStart;
    readonly int[] elements;
    readonly int[] elementStart;
    readonly int[] members;

    Sets(List<int> setStart, List<int> elements, float[] weight)
    {
        this.setStart = [.. setStart];
        this.elements = [.. elements];
        Weight = weight;
        elementStart = new int[weight.Length + 1];
        foreach (var element in this.elements)
            elementStart[element + 1]++;
        for (var element = 0; element < weight.Length; element++)
            elementStart[element + 1] += elementStart[element];
        members = new int[this.elements.Length];
        var next = elementStart.AsSpan(0, weight.Length).ToArray();
        for (var set = 0; set < Count; set++)
        {
            foreach (var element in Of(set))
                members[next[element]++] = set;
        }
    }

    internal int Count => setStart.Length - 1;

    internal int Elements => Weight.Length;

    /// <summary>Of each element, before a set is normalised.</summary>
    internal float[] Weight { get; }

    internal ReadOnlySpan<int> Of(int set) => elements.AsSpan(setStart[set]..setStart[set + 1]);

    internal ReadOnlySpan<int> With(int element) => members.AsSpan(elementStart[element]..elementStart[element + 1]);

    /// <summary>The films that each person rated.</summary>
    /// <param name="ratings">The histories.</param>
    /// <param name="discount">Exponent x of a film's weight, (raters + 1)^−x.</param>
    internal static Sets OfPeople(RatingMatrix ratings, float discount)
    {
        List<int> start = [0], elements = new(ratings.Count);
        for (var user = 0; user < ratings.Users; user++)
        {
            foreach (var rated in ratings.HistoryOf(user))
                elements.Add(rated.Item);
            start.Add(elements.Count);
        }
        var weight = new float[ratings.Items];
        for (var item = 0; item < weight.Length; item++)
            weight[item] = Discounted(ratings.RatersOf(item).Length, discount);
        return new Sets(start, elements, weight);
    }

    /// <summary>The people who rated each film, its genres, and the five years it came out in.</summary>
    /// <param name="ratings">The raters.</param>
    /// <param name="features">Genres and years.</param>
    /// <param name="discount">Exponent x of an element's weight, (films + 1)^−x.</param>
    /// <param name="description">What a genre or a period weighs beside a person.</param>
    internal static Sets OfFilms(RatingMatrix ratings, ItemFeatures features, float discount, float description)
    {
        const int PeriodYears = 5;
        var words = new Dictionary<string, int>(StringComparer.Ordinal);
        List<int> start = [0], elements = new(ratings.Count);
        for (var item = 0; item < ratings.Items; item++)
        {
            foreach (var rater in ratings.RatersOf(item))
                elements.Add(rater.User);
            foreach (var genre in features.Genres[item].Distinct(StringComparer.Ordinal))
                Add(genre);
            if (features.Years[item] is { } year)
                Add($"years from {year / PeriodYears * PeriodYears}");
            start.Add(elements.Count);
        }
        var films = new int[ratings.Users + words.Count];
        foreach (var element in elements)
            films[element]++;
        return new Sets(start, elements, [.. films.Select((count, element) => Discounted(count, discount) * (element < ratings.Users ? 1 : description))]);

        void Add(string word)
        {
            if (!words.TryGetValue(word, out var index))
                words.Add(word, index = words.Count);
            elements.Add(ratings.Users + index);
        }
    }

    static float Discounted(int count, float discount) => MathF.Pow(count + 1, -discount);
}
