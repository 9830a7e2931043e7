namespace MovieRecommender.Domain.Factorization;

/// <summary>
/// The films with enough ratings to be ranked, numbered from 0, and everyone's history over them.
/// A rating r enters as the strength (r / 5)².
/// </summary>
sealed class RankedFilms
{
    const float SecondsPerDay = 86400;

    internal RankedFilms(RatingMatrix ratings, int minRatings, float periodDays)
    {
        IndexOf = new int[ratings.Items];
        var films = new List<int>();
        for (var item = 0; item < ratings.Items; item++)
        {
            IndexOf[item] = -1;
            if (ratings.RatersOf(item).Length < minRatings)
                continue;
            IndexOf[item] = films.Count;
            films.Add(item);
        }
        Films = [.. films];
        HistoryStart = new int[ratings.Users + 1];
        var film = new List<int>(ratings.Count);
        var strength = new List<float>(ratings.Count);
        var fade = new List<float>(ratings.Count + 1);
        for (var user = 0; user < ratings.Users; user++)
        {
            long before = 0;
            foreach (var rated in ratings.HistoryOf(user))
            {
                if (IndexOf[rated.Item] < 0)
                    continue;
                fade.Add(film.Count == HistoryStart[user] ? 0 : MathF.Exp((before - rated.Time) / (periodDays * SecondsPerDay)));
                before = rated.Time;
                film.Add(IndexOf[rated.Item]);
                strength.Add(Strength(rated.Stars));
            }
            HistoryStart[user + 1] = film.Count;
        }
        Film = [.. film];
        Fade = [.. fade, 0];
        StrengthOf = [.. strength];
    }

    /// <summary>Dense item index of each ranked film.</summary>
    internal int[] Films { get; }

    /// <summary>Ranked film of each dense item index, or −1.</summary>
    internal int[] IndexOf { get; }

    /// <summary>Where each person's history begins in <see cref="Film"/>; one longer than the people.</summary>
    internal int[] HistoryStart { get; }

    /// <summary>Ranked films, histories one after the other, oldest first.</summary>
    internal int[] Film { get; }

    /// <summary>e^(−days since the rating before / period) of each rating in <see cref="Film"/>; 0 where a history begins, and at the end.</summary>
    internal float[] Fade { get; }

    /// <summary>Strength of each rating in <see cref="Film"/>.</summary>
    internal float[] StrengthOf { get; }

    internal int Count => Films.Length;

    internal static float Strength(float stars) => stars / 5 * (stars / 5);
}
