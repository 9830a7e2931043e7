namespace MovieRecommender.Domain.Factorization;

/// <summary>A rating by dense user and item index.</summary>
public readonly record struct RatingEntry(int User, int Item, float Stars, long Time);
