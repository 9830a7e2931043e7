namespace MovieRecommender.Domain.Catalog;

/// <summary>
/// Search as people type: no case, no accents, articles anywhere, words in any order, the last word unfinished, and,
/// when nothing else is found, one slip of the finger a word.
/// </summary>
sealed class TitleSearch
{
    const int ShortestWordWithSlip = 4;
    readonly string _key;
    readonly string _bareKey;
    readonly string[] _words;

    TitleSearch(string key)
    {
        _key = key;
        _bareKey = TitleKey.WithoutArticle(key);
        _words = key.Split(' ');
    }

    public static TitleSearch? For(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        // "Matrix, The" is looked up as "The Matrix".
        var key = TitleKey.Of(TitleParser.Parse(text).Title);
        return key.Length == 0 ? null : new(key);
    }

    /// <summary>The films that match, best match first, then the better known.</summary>
    public IEnumerable<Film> Rank(IEnumerable<Film> films)
    {
        var all = films as IReadOnlyCollection<Film> ?? [.. films];
        var found = Order(all, Match);
        return found.Count > 0 ? found : Order(all, MatchWithSlips);
    }

    static List<Film> Order(IEnumerable<Film> films, Func<Film, int> match)
        => [.. films.Select(film => (Film: film, Rank: match(film))).Where(hit => hit.Rank > 0)
            .OrderByDescending(hit => hit.Rank).ThenByDescending(hit => hit.Film.RatingCount).ThenBy(hit => hit.Film.Id)
            .Select(hit => hit.Film)];

    int Match(Film film)
    {
        var best = Match(film.Key);
        foreach (var other in film.OtherKeys) best = Math.Max(best, Match(other) - 1);
        return best;
    }

    /// <summary>0: no match; 10: the whole title; 8: it begins so; 6: a word begins so; 4: all words are there.</summary>
    int Match(string title)
    {
        var bare = TitleKey.WithoutArticle(title);
        if (title == _key || bare == _bareKey) return 10;
        if (title.StartsWith(_key, StringComparison.Ordinal) || bare.StartsWith(_bareKey, StringComparison.Ordinal)) return 8;
        if (title.Contains(" " + _bareKey, StringComparison.Ordinal)) return 6;
        return AllWords(title, static (word, part) => word.StartsWith(part, StringComparison.Ordinal)) ? 4 : 0;
    }

    int MatchWithSlips(Film film)
        => AllWords(film.Key, SlipApart) || film.OtherKeys.Any(other => AllWords(other, SlipApart)) ? 1 : 0;

    bool AllWords(string title, WordTest fits)
    {
        foreach (var part in _words)
        {
            var found = false;
            foreach (var range in title.AsSpan().Split(' '))
            {
                if (!fits(title.AsSpan(range), part)) continue;
                found = true;
                break;
            }
            if (!found) return false;
        }
        return true;
    }

    delegate bool WordTest(ReadOnlySpan<char> word, ReadOnlySpan<char> part);

    /// <summary>Whether the word begins with the part but for one letter wrong, missing, doubled or swapped with its neighbour.</summary>
    static bool SlipApart(ReadOnlySpan<char> word, ReadOnlySpan<char> part)
    {
        if (word.StartsWith(part, StringComparison.Ordinal)) return true;
        if (part.Length < ShortestWordWithSlip) return false;
        var same = word.CommonPrefixLength(part);
        // People seldom miss the first letter, and asking for it keeps chance matches away.
        if (same == 0) return false;
        var restOfWord = word[same..];
        var restOfPart = part[same..];
        if (restOfPart.IsEmpty) return true;
        if (restOfWord.IsEmpty) return restOfPart.Length == 1;
        return restOfWord[1..].StartsWith(restOfPart[1..], StringComparison.Ordinal)
            || restOfWord[1..].StartsWith(restOfPart, StringComparison.Ordinal)
            || restOfWord.StartsWith(restOfPart[1..], StringComparison.Ordinal)
            || (restOfPart.Length > 1 && restOfWord.Length > 1 && restOfWord[0] == restOfPart[1] && restOfWord[1] == restOfPart[0]
                && restOfWord[2..].StartsWith(restOfPart[2..], StringComparison.Ordinal));
    }
}
