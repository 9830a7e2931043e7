using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using MovieRecommender.Domain.Evaluation;
using MovieRecommender.Domain.Factorization;
using MovieRecommender.Domain.Models;

namespace MovieRecommender.Domain.Training;

/// <summary>What a run found out, and the model to publish if the gate agrees.</summary>
/// <param name="Twin">The champions as they were judged: trained without the held-out ratings.</param>
public sealed record PipelineResult(RunScorecard Scorecard, GateDecision Decision, ServingModel? Model, ServingModel? Twin);

/// <summary>
/// One training from ratings to verdict. A tenth of the ratings is held out by a hash of viewer and film, so a rating is held out
/// in every run or in none. Candidates are trained on the rest and judged there, with the serving version's twin, which has never
/// seen those ratings either. The champions are then trained again on everything, because people should get all there is to learn.
/// </summary>
public sealed class TrainingPipeline
{
    public const double HeldOutShare = 0.1;

    /// <summary>Stands between the names of two heads that serve together.</summary>
    public const char Both = '+';

    const int Salt = 20_240_101;

    static readonly string CodeVersion = typeof(TrainingPipeline).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    readonly Action<IReadOnlyList<CandidateProgress>> _report;
    readonly List<CandidateProgress> _steps = [];
    readonly CancellationToken _cancellationToken;

    TrainingPipeline(Action<IReadOnlyList<CandidateProgress>> report, CancellationToken cancellationToken)
    {
        _report = report;
        _cancellationToken = cancellationToken;
    }

    /// <param name="version">The number the new model would get.</param>
    /// <param name="live">The twin of the version that serves, or null.</param>
    /// <param name="report">Called with every change of progress, on the training's thread.</param>
    /// <exception cref="InvalidInputException">The candidates do not include one that ranks and one that predicts stars.</exception>
    public static PipelineResult Run(
        TrainingData data, TrainingChoice choice, int version, ServingModel? live,
        Action<IReadOnlyList<CandidateProgress>> report, CancellationToken cancellationToken)
        => new TrainingPipeline(report, cancellationToken).Run(data, choice, version, live);

    PipelineResult Run(TrainingData data, TrainingChoice choice, int version, ServingModel? live)
    {
        var names = choice.Candidates;
        foreach (var name in names) _steps.Add(new(name, CandidateState.Waiting, 0, "", []));
        _steps.Add(new("Scorecard and gate", CandidateState.Waiting, 0, "", []));
        _steps.Add(new("Final training on every rating", CandidateState.Waiting, 0, "", []));
        _report([.. _steps]);

        var split = SplitByIds(data);
        var training = data.SetOf(split.Training);
        var trained = names.Select((name, step) => Train(choice.Create(name, data.MovieIds), training, split.HeldOut, step)).ToList();

        Update(names.Count, CandidateState.Running, 0, "");
        var stars = trained.Where(candidate => candidate.Stars is not null).MinBy(candidate => candidate.Stars!.Rmse);
        var popularity = trained.First(candidate => candidate.Model.Algorithm == PopularityTrainer.AlgorithmName);
        // A model of stars orders films by how well they are liked by the few who know them; it never leads a top 10.
        var ranking = trained.Where(candidate => candidate.Stars is null && candidate != popularity).MaxBy(candidate => candidate.Ranking.Ndcg);
        if (stars is null || ranking is null)
            throw new InvalidInputException($"The candidates {string.Join(", ", names)} cannot make a version: it needs one that ranks and one that predicts stars.");
        var rival = live is null ? null : Judge(live, data, split);
        var together = new Judged(ranking.Model, Evaluator.Ranking(ranking.Model, training.Ratings, split.HeldOut, (StarModel)stars.Model), null, ranking.Seconds + stars.Seconds);
        var decision = Gate.Decide(together.Ranking, popularity.Ranking, stars.Stars!, rival is null ? null : (live!.Version, rival.Ranking, rival.Stars!));
        var scorecard = new RunScorecard(
            data.UserIds.Length, data.MovieIds.Length, data.Entries.Length, split.HeldOut.Length,
            [.. trained.Select(Ranking), Ranking(together) with { Algorithm = Together(ranking.Model, stars.Model) }], [.. trained.Where(candidate => candidate.Stars is not null).Select(Stars)],
            Together(ranking.Model, stars.Model), stars.Model.Algorithm,
            live?.Version, rival is null ? null : Ranking(rival) with { Algorithm = Together(live!.Ranking, live.Stars) }, rival is null ? null : Stars(rival) with { Algorithm = live!.Stars.Algorithm },
            new(data.Fingerprint(), CodeVersion, choice.Recipe()));
        Update(names.Count, CandidateState.Done, 1, decision.Reason);
        if (!decision.Publish) return new(scorecard, decision, null, null);

        var all = data.SetOf(data.Entries);
        var last = names.Count + 1;
        var finalRanking = choice.Create(ranking.Model.Algorithm, data.MovieIds).Train(all, Progress(last, 0, 0.5), _cancellationToken);
        var finalStars = (StarModel)choice.Create(stars.Model.Algorithm, data.MovieIds).Train(all, Progress(last, 0.5, 0.5), _cancellationToken);
        Update(last, CandidateState.Done, 1, $"{data.Entries.Length:N0} ratings");
        return new(scorecard, decision,
            new(version, data.MovieIds, finalRanking, finalStars),
            new(version, data.MovieIds, ranking.Model, (StarModel)stars.Model));
    }

    /// <summary>The name of two heads that serve together.</summary>
    public static string Together(ItemModel ranking, ItemModel stars) => $"{ranking.Algorithm}{Both}{stars.Algorithm}";

    /// <summary>Whether a rating is among those that models are judged by, and that nobody should learn from who wants to be judged fairly.</summary>
    public static bool IsHeldOut(int viewerId, int movieId) => Splits.IsHeldOut(viewerId, movieId, HeldOutShare, Salt);

    static RatingSplit SplitByIds(TrainingData data)
    {
        var heldOut = new List<RatingEntry>();
        var training = new List<RatingEntry>(data.Entries.Length);
        foreach (var entry in data.Entries)
            (IsHeldOut(data.UserIds[entry.User], data.MovieIds[entry.Item]) ? heldOut : training).Add(entry);
        return new([.. training], [.. heldOut]);
    }

    Judged Train(ITrainer trainer, TrainingSet training, RatingEntry[] heldOut, int step)
    {
        var clock = Stopwatch.StartNew();
        Update(step, CandidateState.Running, 0, "");
        var model = trainer.Train(training, Progress(step, 0, 1), _cancellationToken);
        var seconds = clock.Elapsed.TotalSeconds;
        _cancellationToken.ThrowIfCancellationRequested();
        var judged = new Judged(model, Evaluator.Ranking(model, training.Ratings, heldOut),
            model is StarModel stars ? Evaluator.Rating(stars, training.Ratings, heldOut) : null, seconds);
        var figure = judged.Stars is null
            ? $"NDCG@10 {judged.Ranking.Ndcg.ToString(".000", CultureInfo.InvariantCulture)}"
            : $"RMSE {judged.Stars.Rmse.ToString(".000", CultureInfo.InvariantCulture)}";
        Update(step, CandidateState.Done, 1, string.Create(CultureInfo.InvariantCulture, $"{figure} · {seconds:0.00} s"));
        return judged;
    }

    /// <summary>Judges the serving version's twin on this run's split. Its films keep their indices; films it has never seen follow after them.</summary>
    static Judged Judge(ServingModel live, TrainingData data, RatingSplit split)
    {
        var next = live.MovieIds.Count;
        var item = data.MovieIds.Select(id => live.ItemOf(id) is >= 0 and var known ? known : next++).ToArray();
        RatingEntry[] Mapped(RatingEntry[] entries) => Array.ConvertAll(entries, entry => entry with { Item = item[entry.Item] });
        var training = RatingMatrix.Build(data.UserIds.Length, next, Mapped(split.Training));
        var heldOut = Mapped(split.HeldOut);
        return new(live.Ranking, Evaluator.Ranking(live.Ranking, training, heldOut, live.Stars), Evaluator.Rating(live.Stars, training, heldOut), 0);
    }

    StepProgress Progress(int step, double from, double width) => new(this, step, from, width);

    void Update(int step, CandidateState state, double fraction, string detail, LossPoint? loss = null)
    {
        var before = _steps[step];
        _steps[step] = before with { State = state, Fraction = fraction, Detail = detail, Losses = loss is { } point ? [.. before.Losses, point] : before.Losses };
        _report([.. _steps]);
    }

    static RankingFigures Ranking(Judged judged)
    {
        var interval = Estimate.Of(judged.Ranking.NdcgByPerson);
        return new(judged.Model.Algorithm, judged.Ranking.Ndcg, interval.Low, interval.High, judged.Ranking.Recall,
            judged.Ranking.MeanAveragePrecision, judged.Ranking.Coverage, judged.Ranking.Novelty, judged.Seconds);
    }

    static StarsFigures Stars(Judged judged)
    {
        var stars = judged.Stars!;
        var squares = Estimate.Of(stars.SquaredErrors);
        return new((judged.Model as StarModel)?.Algorithm ?? judged.Model.Algorithm, stars.Rmse,
            Math.Sqrt(Math.Max(0, squares.Low)), Math.Sqrt(Math.Max(0, squares.High)), stars.Mae, judged.Seconds);
    }

    sealed record Judged(ItemModel Model, RankingScorecard Ranking, RatingScorecard? Stars, double Seconds);

    sealed class StepProgress(TrainingPipeline pipeline, int step, double from, double width) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => pipeline.Update(step, CandidateState.Running, from + (width * value.Fraction), value.Step,
            value.TrainingLoss is null && value.ValidationLoss is null ? null : new LossPoint(value.TrainingLoss, value.ValidationLoss, value.Member));
    }
}
