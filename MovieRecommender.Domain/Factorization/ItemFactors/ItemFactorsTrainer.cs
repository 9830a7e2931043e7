using MovieRecommender.Domain.Factorization.LinearAlgebra;

namespace MovieRecommender.Domain.Factorization;

/// <summary>Stands where a trainer stands, but the films' vectors are given; only what the community likes best is learned, for those of whom little is known.</summary>
/// <param name="given">Valid.</param>
/// <param name="movieIds">Public id of each dense item index of the data.</param>
public sealed class ItemFactorsTrainer(ItemFactors given, IReadOnlyList<int> movieIds) : ITrainer
{
    /// <summary>The public name.</summary>
    public const string AlgorithmName = "item-factors";

    /// <inheritdoc/>
    public string Name => AlgorithmName;

    /// <inheritdoc/>
    public ItemModel Train(TrainingSet data, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        var rowOf = given.MovieIds.Select((id, row) => KeyValuePair.Create(id, row)).ToDictionary();
        int[] films = [.. Enumerable.Range(0, movieIds.Count).Where(item => rowOf.ContainsKey(movieIds[item]))];
        var factors = new Matrix(films.Length, given.Dimensions);
        var prior = new float[films.Length];
        for (var film = 0; film < films.Length; film++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            given.Values.AsSpan(rowOf[movieIds[films[film]]] * given.Dimensions, given.Dimensions).CopyTo(factors.Row(film));
            foreach (var rating in data.Ratings.RatersOf(films[film])) prior[film] += RankedFilms.Strength(rating.Stars) / data.Ratings.Users;
        }
        progress?.Report(new TrainingProgress(1, "done"));
        return new ItemFactorsModel(films, data.Ratings.Items, factors, prior, given.Regularization, given.UnobservedWeight);
    }
}
