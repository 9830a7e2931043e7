using System.Globalization;
using MovieRecommender.Domain.Factorization;
using Parquet;
using Parquet.Schema;

namespace MovieRecommender.Domain.Models.Exchange;

/// <summary>Films' vectors as a Parquet file: a row for each film, with <c>item_ids</c> (one id) and <c>item_factors</c> (a list of numbers), as data frames are written.</summary>
static class FactorParquet
{
    /// <summary>How every Parquet file begins and ends.</summary>
    static readonly byte[] Magic = "PAR1"u8.ToArray();

    /// <summary>Numbers that are read at most: a file of few bytes may claim any number of them.</summary>
    const long MostNumbers = 1 << 26;

    public static bool Fits(ReadOnlyMemory<byte> content) => content.Span.StartsWith(Magic);

    /// <inheritdoc cref="FactorFile.ReadAsync"/>
    public static async Task<ItemFactors> ReadAsync(byte[] content, CancellationToken cancellationToken)
    {
        if (content.Length < 3 * Magic.Length || !content.AsSpan().EndsWith(Magic)) throw new InvalidInputException($"The Parquet file is cut short: its {content.Length:N0} bytes do not end in PAR1.");
        ParquetFooter.Check(content);
        try
        {
            using var stream = new MemoryStream(content, writable: false);
            await using var reader = await ParquetReader.CreateAsync(stream, cancellationToken: cancellationToken);
            var ids = FieldOf(reader.Schema, FactorFile.Ids, repeated: false, "one id for each film, as int32 or int64", typeof(int), typeof(long));
            var factors = FieldOf(reader.Schema, FactorFile.Factors, repeated: true, "a list of float or double for each film", typeof(float), typeof(double));
            var (movieIds, values, dimensions) = (new List<int>(), new List<float>(), 0);
            for (var i = 0; i < reader.RowGroupCount; i++)
            {
                using var group = reader.OpenRowGroupReader(i);
                foreach (var field in new[] { ids, factors })
                    if (group.GetMetadata(field)?.MetaData?.NumValues is not (>= 0 and var numbers) || numbers + values.Count > MostNumbers) throw new InvalidInputException($"'{field.Path.FirstPart}' has no number of values, or more than the {MostNumbers:N0} that are read.");
                var first = movieIds.Count;
                movieIds.AddRange(ids.ClrType == typeof(int) ? await IdsAsync<int>(group, ids, cancellationToken) : await IdsAsync<long>(group, ids, cancellationToken));
                var found = factors.ClrType == typeof(float)
                    ? await VectorsAsync<float>(group, factors, movieIds, first, values, cancellationToken)
                    : await VectorsAsync<double>(group, factors, movieIds, first, values, cancellationToken);
                if (found == 0) continue;
                if (dimensions != 0 && found != dimensions) throw Uneven(movieIds[first], found, dimensions);
                dimensions = found;
            }
            return FactorFile.Checked(new([.. movieIds], dimensions, [.. values]), reader.CustomMetadata);
        }
        // What a library throws over a file that anybody may have made is no promise of its.
        catch (Exception error) when (error is not (InvalidInputException or OperationCanceledException or OutOfMemoryException))
        {
            throw new InvalidInputException($"The Parquet file cannot be understood: {error.Message}", error);
        }
    }

    /// <param name="about">Further metadata.</param>
    public static async Task WriteAsync(Stream target, ItemFactors factors, IReadOnlyDictionary<string, string> about, CancellationToken cancellationToken)
    {
        var ids = new DataField<int>(FactorFile.Ids);
        var number = new DataField<float>("element");
        var schema = new ParquetSchema(ids, new ListField(FactorFile.Factors, number));
        await using var writer = await ParquetWriter.CreateAsync(schema, target, cancellationToken: cancellationToken);
        writer.CustomMetadata = FactorFile.Described(factors, about);
        using var group = writer.CreateRowGroup();
        await group.WriteAsync<int>(ids, factors.MovieIds, cancellationToken: cancellationToken);
        var definitions = new int[factors.Values.Length];
        Array.Fill(definitions, number.MaxDefinitionLevel);
        var repetitions = new int[factors.Values.Length];
        for (var i = 0; i < repetitions.Length; i++) repetitions[i] = i % factors.Dimensions == 0 ? 0 : number.MaxRepetitionLevel;
        await group.WriteAllPartsAsync<float>(number, factors.Values, definitions, repetitions, cancellationToken);
        group.CompleteValidate();
    }

    static DataField FieldOf(ParquetSchema schema, string name, bool repeated, string what, params Type[] types)
    {
        var fields = schema.GetDataFields();
        if (fields.FirstOrDefault(field => field.Path.FirstPart == name) is not { } found)
            throw new InvalidInputException($"The file has no column '{name}': {what}. It has {(fields.Length == 0 ? "none" : string.Join(", ", fields.Select(field => field.Path.FirstPart)))}.");
        return types.Contains(found.ClrType) && found.MaxRepetitionLevel == (repeated ? 1 : 0) ? found
            : throw new InvalidInputException($"'{name}' is {(found.MaxRepetitionLevel == 0 ? "" : "a list of ")}{(found.ClrType.IsGenericType ? "text or bytes" : found.ClrType.Name)}; it is {what}.");
    }

    static async Task<List<int>> IdsAsync<T>(ParquetRowGroupReader group, DataField field, CancellationToken cancellationToken) where T : struct
    {
        var (values, _) = await ColumnAsync<T>(group, field, cancellationToken);
        if (values.Length != group.RowCount) throw new InvalidInputException($"'{field.Path.FirstPart}' has {values.Length:N0} ids for {group.RowCount:N0} films; each has one.");
        var ids = new List<int>(values.Length);
        foreach (var value in values)
            ids.Add(Convert.ToInt64(value, CultureInfo.InvariantCulture) is >= int.MinValue and <= int.MaxValue and var id ? (int)id : throw new InvalidInputException($"There is no film {value}."));
        return ids;
    }

    /// <returns>How many numbers each film has; 0 when there are no films.</returns>
    static async Task<int> VectorsAsync<T>(ParquetRowGroupReader group, DataField field, List<int> movieIds, int first, List<float> values, CancellationToken cancellationToken) where T : struct
    {
        var (column, repetitions) = await ColumnAsync<T>(group, field, cancellationToken);
        var films = movieIds.Count - first;
        if (films == 0) return 0;
        // A film without numbers, or a number that is missing, has its place among the levels and none among the values.
        if (repetitions.Length != column.Length) throw new InvalidInputException($"{repetitions.Length - column.Length:N0} numbers of '{FactorFile.Factors}' are missing.");
        var (film, length, dimensions) = (-1, 0, 0);
        for (var i = 0; i <= repetitions.Length; i++)
        {
            if (i < repetitions.Length && repetitions[i] != 0)
            {
                length++;
                continue;
            }
            if (film >= 0)
            {
                if (film == 0) dimensions = length;
                if (length != dimensions) throw Uneven(movieIds[first + film], length, dimensions);
            }
            (film, length) = (film + 1, 1);
            if (film >= films && i < repetitions.Length) break;
        }
        if (film != films) throw new InvalidInputException($"'{FactorFile.Factors}' has vectors of {film:N0} films, '{FactorFile.Ids}' has {films:N0}; they must be as many.");
        foreach (var value in column) values.Add(Convert.ToSingle(value, CultureInfo.InvariantCulture));
        return dimensions;
    }

    /// <summary>What a column holds: its values without those that are missing, and for each place, missing ones too, whether it goes on a list (1) or begins one (0).</summary>
    static async Task<(T[] Values, int[] Repetitions)> ColumnAsync<T>(ParquetRowGroupReader group, DataField field, CancellationToken cancellationToken) where T : struct
    {
        var places = (int)group.GetMetadata(field)!.MetaData!.NumValues;
        var (values, definitions, repetitions) = (new T[places], new int[places], new int[places]);
        await group.ReadRawAsync<T>(field, values, field.MaxDefinitionLevel > 0 ? definitions : default(Memory<int>?), field.MaxRepetitionLevel > 0 ? repetitions : default(Memory<int>?), cancellationToken);
        return (values[..definitions.Count(level => level == field.MaxDefinitionLevel)], repetitions);
    }

    static InvalidInputException Uneven(int film, int numbers, int others) => new($"Film {film} has {numbers} numbers, those before it have {others}; all must have as many.");
}
