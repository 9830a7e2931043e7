using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace MovieRecommender.Domain.Factorization.MlNet;

/// <summary>A person and a film as keys.</summary>
sealed class KeyNumbersInput
{
    // Any number of keys is accepted; an attribute has to name one.
    const ulong Any = int.MaxValue;

    [ColumnName(KeyNumbers.PersonKey), KeyType(Any)]
    public uint Person { get; set; }

    [ColumnName(KeyNumbers.FilmKey), KeyType(Any)]
    public uint Film { get; set; }
}

/// <summary>The same as plain numbers, from 1; 0 for a missing key.</summary>
sealed class KeyNumbersOutput
{
    [ColumnName(KeyNumbers.Person)]
    public uint Person { get; set; }

    [ColumnName(FilmScoring.Film)]
    public uint Film { get; set; }
}

/// <summary>Keys as numbers: ML.NET converts keys to keys only, and maps values from a column of keys to the wrong rows.</summary>
[CustomMappingFactoryAttribute(Contract)]
sealed class KeyNumbers : CustomMappingFactory<KeyNumbersInput, KeyNumbersOutput>
{
    internal const string Contract = "MovieRecommender.KeyNumbers";
    internal const string PersonKey = "MovieRecommender.PersonKey";
    internal const string FilmKey = "MovieRecommender.FilmKey";
    internal const string Person = "MovieRecommender.Person";

    /// <inheritdoc/>
    public override Action<KeyNumbersInput, KeyNumbersOutput> GetMapping() => static (keys, numbers) =>
    {
        numbers.Person = keys.Person;
        numbers.Film = keys.Film;
    };
}
