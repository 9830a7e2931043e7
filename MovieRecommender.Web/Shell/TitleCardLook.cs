using System.Runtime.CompilerServices;
using System.Text;
using MovieRecommender.Domain.Catalog;

namespace MovieRecommender.Web.Shell;

/// <summary>
/// The classes of a generated title card: motif and palette from the most telling genre, composition from a hash of title and year,
/// era from the year, title size from how the words would wrap. <c>wwwroot-assets/cards.css</c> paints them.
/// </summary>
static class TitleCardLook
{
    /// <summary>Rarest first: the first of a film's genres in this order says most about it.</summary>
    static readonly (string Genre, string Class)[] Telling =
    [
        ("Film-Noir", "filmnoir"), ("Western", "western"), ("Musical", "musical"), ("Documentary", "documentary"), ("War", "war"),
        ("Animation", "animation"), ("Horror", "horror"), ("Fantasy", "fantasy"), ("Sci-Fi", "scifi"), ("Mystery", "mystery"),
        ("Romance", "romance"), ("Children", "children"), ("Crime", "crime"), ("IMAX", "imax"), ("Adventure", "adventure"),
        ("Thriller", "thriller"), ("Action", "action"), ("Comedy", "comedy"), ("Drama", "drama"),
    ];

    static readonly HashSet<string> Serif = new(StringComparer.Ordinal) { "drama", "fantasy", "filmnoir", "musical", "mystery", "romance", "war", "none" };

    static readonly HashSet<string> TitleBelow = new(StringComparer.Ordinal)
    {
        "action", "animation", "children", "fantasy", "filmnoir", "mystery", "romance", "thriller",
    };

    /// <summary>Title sizes t1 to t9, in hundredths of the card's width.</summary>
    static readonly double[] Sizes = [33, 28, 24, 20.5, 17.5, 14.8, 12.4, 10.2, 8.4];

    static readonly ConditionalWeakTable<Film, string> Known = [];

    public static string Of(Film film) => Known.GetValue(film, static film => Of(film.Title, film.Year, film.Genres));

    public static string Of(string title, int? year, IReadOnlyList<string> genres)
    {
        var telling = Telling.Where(entry => genres.Contains(entry.Genre)).Select(entry => entry.Class).Take(2).ToArray();
        var main = telling.Length > 0 ? telling[0] : "none";
        var accent = telling.Length > 1 ? $" a-{telling[1]}" : "";
        return $"g-{main}{accent} v{Hash(title + year) % 6} e{Era(year)} t{Size(title, Serif.Contains(main), TitleBelow.Contains(main))}";
    }

    static int Era(int? year) => year switch { null => 0, < 1940 => 1, < 1960 => 2, < 1980 => 3, < 2000 => 4, _ => 5 };

    /// <summary>FNV-1a, 32 bits.</summary>
    static uint Hash(string text)
    {
        var hash = 2166136261u;
        foreach (var b in Encoding.UTF8.GetBytes(text)) hash = unchecked((hash ^ b) * 16777619u);
        return hash;
    }

    /// <summary>The largest size at which the title, wrapped greedily, stays within its part of the card and breaks no word.</summary>
    static int Size(string title, bool serif, bool below)
    {
        var words = title.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => Width(word) * (serif ? 1.08 : 1.04)).ToArray();
        for (var size = 0; size < Sizes.Length; size++)
        {
            var line = 84 / ((serif ? 0.56 : 0.49) * Sizes[size]);
            if (words.Any(word => word > line)) continue;
            var lines = 1;
            var used = 0.0;
            foreach (var word in words)
            {
                if (used > 0 && used + 1 + word > line) (lines, used) = (lines + 1, word);
                else used += (used > 0 ? 1 : 0) + word;
            }
            if (lines * Sizes[size] * (serif ? 1 : 0.93) <= (below ? 41 : 36)) return size + 1;
        }
        return Sizes.Length;
    }

    static double Width(string word) => word.Sum(c => c is 'm' or 'M' or 'w' or 'W' ? 1.62 : 1);
}
