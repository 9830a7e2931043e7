namespace MovieRecommender.Domain.Ratings.Showings;

/// <summary>A share of films with its 95 % interval after Wilson (1927), as if one film on a list told nothing of the next.</summary>
public sealed record OnlineShare(int Count, double Share, double Low, double High)
{
    const double Z = 1.96;

    public static OnlineShare Of(int count, int all)
    {
        if (all == 0) return new(0, 0, 0, 0);
        var (n, p) = ((double)all, count / (double)all);
        var middle = (p + (Z * Z / (2 * n))) / (1 + (Z * Z / n));
        var half = Z / (1 + (Z * Z / n)) * Math.Sqrt((p * (1 - p) / n) + (Z * Z / (4 * n * n)));
        return new(count, p, count == 0 ? 0 : middle - half, count == all ? 1 : middle + half);
    }
}

/// <summary>By how much one share lies above another, with the 95 % interval after Newcombe (1998), made of the two shares' own.</summary>
public sealed record OnlineDifference(double Value, double Low, double High)
{
    public static OnlineDifference Of(OnlineShare one, OnlineShare other)
    {
        var value = one.Share - other.Share;
        return new(value, value - Length(one.Share - one.Low, other.High - other.Share), value + Length(one.High - one.Share, other.Share - other.Low));

        static double Length(double a, double b) => Math.Sqrt((a * a) + (b * b));
    }
}
