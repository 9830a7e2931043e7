using MovieRecommender.Domain;
using SharpFuzz;

namespace MovieRecommender.Benchmarks.Fuzzing;

/// <summary>A parser as AFL++ runs it (see afl.sh beside this). The first byte of an input says which of the parser's files it stands for.</summary>
static class Afl
{
    internal static int WriteSeeds(string folder)
    {
        using var parsers = new Parsers();
        foreach (var parser in parsers.All)
        {
            var own = Directory.CreateDirectory(Path.Combine(folder, parser.Name)).FullName;
            for (var i = 0; i < parser.Seeds.Length; i++) File.WriteAllBytes(Path.Combine(own, $"seed-{i}"), [(byte)i, .. parser.Seeds[i].Content]);
        }
        return 0;
    }

    internal static int Run(string name)
    {
        using var parsers = new Parsers();
        Parser? parser = null;
        // In a process of its own: also what .NET cannot catch is told as a crash.
        Fuzzer.OutOfProcess.Run(stream =>
        {
            // Not before: making the seeds runs instrumented code, which needs what Run sets up.
            parser ??= parsers.All.Single(one => one.Name == name);
            using var memory = new MemoryStream();
            stream.CopyTo(memory);
            var input = memory.ToArray();
            if (input.Length == 0) return;
            try
            {
                parser.Run(parser.Seeds[input[0] % parser.Seeds.Length].File, input[1..]);
            }
            catch (InvalidInputException)
            {
                // The one error a parser may throw.
            }
        });
        return 0;
    }
}
