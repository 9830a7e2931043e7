namespace MovieRecommender.Domain.Training;

public enum CandidateState
{
    Waiting,
    Running,
    Done,
}

/// <summary>A point of a loss curve; a loss that is not measured is null.</summary>
/// <param name="Member">Which of a candidate's models it is of, from 0: each has a curve of its own.</param>
public readonly record struct LossPoint(double? Training, double? Validation, int Member);

/// <summary>Where one step of a run stands: a candidate, the scorecard, or the final training.</summary>
/// <param name="Fraction">0 to 1.</param>
/// <param name="Detail">What is being done, or the result.</param>
public sealed record CandidateProgress(string Name, CandidateState State, double Fraction, string Detail, IReadOnlyList<LossPoint> Losses);

/// <summary>Where a run stands. Immutable; each step makes a new one.</summary>
public sealed record RunProgress(int RunId, long Ratings, IReadOnlyList<CandidateProgress> Candidates);
