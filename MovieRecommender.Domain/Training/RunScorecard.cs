namespace MovieRecommender.Domain.Training;

/// <summary>One algorithm's figures on the held-out ratings.</summary>
/// <param name="Ndcg">NDCG@10 with its 95 % interval.</param>
public sealed record RankingFigures(string Algorithm, double Ndcg, double NdcgLow, double NdcgHigh, double Recall, double Map, double Coverage, double Novelty, double Seconds);

/// <summary>One algorithm's errors on the held-out ratings, in stars.</summary>
public sealed record StarsFigures(string Algorithm, double Rmse, double RmseLow, double RmseHigh, double Mae, double Seconds);

/// <summary>What figures depend on: those of two runs stand side by side only where the data is the same.</summary>
/// <param name="Data">SHA-256 of all that was learned from, in hex.</param>
/// <param name="Code">Version of the program.</param>
/// <param name="Options">All options as used, by algorithm.</param>
public sealed record RunProvenance(string Data, string Code, IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> Options);

/// <summary>What a run measured: every candidate and, on the same held-out ratings, the version that served meanwhile.</summary>
/// <param name="LiveVersion">The version compared against, or null for a first run.</param>
/// <param name="LiveRanking">Its ranking figures, measured in this run on this split.</param>
/// <param name="Provenance">Null in runs older than it.</param>
public sealed record RunScorecard(
    int Viewers,
    int Films,
    long Ratings,
    long HeldOut,
    IReadOnlyList<RankingFigures> Ranking,
    IReadOnlyList<StarsFigures> Stars,
    string ChampionRanking,
    string ChampionStars,
    int? LiveVersion = null,
    RankingFigures? LiveRanking = null,
    StarsFigures? LiveStars = null,
    RunProvenance? Provenance = null);
