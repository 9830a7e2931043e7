namespace MovieRecommender.Domain.Ratings.Histories;

/// <summary>Which column of a csv holds what; -1 where there is none.</summary>
sealed record CsvLayout(string Source)
{
    public int Title { get; private init; } = -1;

    public int Year { get; private init; } = -1;

    public int Imdb { get; private init; } = -1;

    public int Tmdb { get; private init; } = -1;

    public int MovieLens { get; private init; } = -1;

    public int Rating { get; private init; } = -1;

    public int Date { get; private init; } = -1;

    /// <summary>IMDb's kind of title; series are left out.</summary>
    public int Kind { get; private init; } = -1;

    public bool OutOfTen { get; private init; }

    public bool YearInTitle { get; private init; }

    /// <summary>What a film without stars means in this file.</summary>
    public MarkKind Unrated { get; private init; } = MarkKind.Watched;

    /// <exception cref="InvalidInputException">The columns are those of no known export, or no text.</exception>
    public static CsvLayout Of(string file, string[] headers)
    {
        int At(params ReadOnlySpan<string> names)
        {
            foreach (var name in names)
                if (Array.FindIndex(headers, header => header.Equals(name, StringComparison.OrdinalIgnoreCase)) is >= 0 and var index) return index;
            return -1;
        }

        if (At("Const") >= 0 && At("Your Rating") >= 0)
            return new("IMDb") { Imdb = At("Const"), Rating = At("Your Rating"), Title = At("Title"), Year = At("Year"), Date = At("Date Rated"), Kind = At("Title Type"), OutOfTen = true };
        if (At("Letterboxd URI") >= 0 && At("Name") >= 0)
        {
            return new("Letterboxd")
            {
                Title = At("Name"),
                Year = At("Year"),
                Rating = At("Rating"),
                Date = At("Watched Date", "Date"),
                Unrated = file.StartsWith("watchlist", StringComparison.OrdinalIgnoreCase) ? MarkKind.Watchlist : MarkKind.Watched,
            };
        }
        if (At("movie_id") >= 0 && At("rating") >= 0)
            return new("MovieLens") { MovieLens = At("movie_id"), Imdb = At("imdb_id"), Tmdb = At("tmdb_id"), Rating = At("rating"), Title = At("title"), YearInTitle = true };
        if (At("userId") >= 0 && At("movieId") >= 0 && At("rating") >= 0)
            return new("MovieLens") { MovieLens = At("movieId"), Rating = At("rating"), Date = At("timestamp") };
        if (At("Title") >= 0 && At("Rating") >= 0)
            return new("csv") { Title = At("Title"), Year = At("Year"), Imdb = At("imdbID"), Tmdb = At("tmdbID"), Rating = At("Rating"), Date = At("WatchedDate") };
        var seen = string.Join(", ", headers.Take(8));
        if (seen.Any(letter => letter == '\uFFFD' || char.IsControl(letter))) throw new InvalidInputException($"{file} is no text. Give the zip, csv or json that you exported.");
        throw new InvalidInputException(
            $"{file} has the columns '{(seen.Length > 120 ? seen[..120] + "…" : seen)}'. Known are the exports of Letterboxd, IMDb and MovieLens, Trakt's json, and a csv with Title, Year and Rating.");
    }

    public bool IsFilm(string kind) => Kind < 0 || kind.Length == 0
        || kind.Contains("movie", StringComparison.OrdinalIgnoreCase) || kind.Contains("short", StringComparison.OrdinalIgnoreCase) || kind.Equals("video", StringComparison.OrdinalIgnoreCase);
}
