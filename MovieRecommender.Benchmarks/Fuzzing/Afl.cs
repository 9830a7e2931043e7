using MovieRecommender.Domain;
using SharpFuzz;

namespace MovieRecommender.Benchmarks.Fuzzing;

/// <summary>The same parsers under AFL++, which sees the paths that its changes take. The first byte of an input says which of the parser's files the rest stands for.</summary>
static class Afl
{
    /// <summary>Writes the good files to begin with.</summary>
    internal static int Seeds(string name, string folder)
    {
        using var parsers = new Parsers();
        Directory.CreateDirectory(folder);
        foreach (var (at, seed) in Named(parsers, name).Seeds.Index())
            File.WriteAllBytes(Path.Combine(folder, $"{at}"), [(byte)at, .. seed.Content]);
        return 0;
    }

    /// <summary>Serves AFL++ until it has enough.</summary>
    internal static int Run(string name)
    {
        Parsers? parsers = null;
        Parser? parser = null;
        Fuzzer.Run(stream =>
        {
            // Not before: instrumented code may run only in here.
            parsers ??= new Parsers();
            parser ??= Named(parsers, name);
            var first = stream.ReadByte();
            if (first < 0) return;
            using var rest = new MemoryStream();
            stream.CopyTo(rest);
            try
            {
                parser.Run(parser.Seeds[first % parser.Seeds.Length].File, rest.ToArray());
            }
            catch (InvalidInputException)
            {
                // Its one error.
            }
        });
        parsers?.Dispose();
        return 0;
    }

    static Parser Named(Parsers parsers, string name) => parsers.All.Single(parser => parser.Name == name);
}
