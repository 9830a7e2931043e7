using System.Diagnostics;
using MovieRecommender.Domain;

namespace MovieRecommender.Web.Commands;

/// <summary>Progress on standard error: one line that overwrites itself in a terminal, a line a second elsewhere.</summary>
sealed class ConsoleProgress : IProgress<string>, IProgress<Wording>
{
    static readonly TimeSpan Every = TimeSpan.FromSeconds(1);
    long _last;

    public void Report(string value)
    {
        if (!Console.IsErrorRedirected)
        {
            Console.Error.Write($"\r{value,-78}");
            return;
        }
        if (_last != 0 && Stopwatch.GetElapsedTime(_last) < Every) return;
        _last = Stopwatch.GetTimestamp();
        Console.Error.WriteLine(value);
    }

    void IProgress<Wording>.Report(Wording value) => Report(value.ToString());

    /// <summary>Ends the overwritten line.</summary>
    public void End()
    {
        if (!Console.IsErrorRedirected) Console.Error.WriteLine();
    }
}

/// <summary>An <see cref="IProgress{T}"/> that reports on the caller's thread and so in order.</summary>
sealed class Relay<T>(Action<T> report) : IProgress<T>
{
    public void Report(T value) => report(value);
}
