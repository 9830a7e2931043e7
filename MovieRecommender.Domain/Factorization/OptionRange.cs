using System.Runtime.CompilerServices;

namespace MovieRecommender.Domain.Factorization;

/// <summary>One clear error for an option out of its range.</summary>
static class OptionRange
{
    internal static void Check(int value, int min, int max, [CallerArgumentExpression(nameof(value))] string option = "")
    {
        if (value < min || value > max)
            throw new ArgumentException($"{option} is {value}; {min} to {max} are allowed.");
    }

    internal static void Check(double value, double min, double max, [CallerArgumentExpression(nameof(value))] string option = "")
    {
        if (!(value >= min && value <= max))
            throw new ArgumentException($"{option} is {value}; {min} to {max} are allowed.");
    }
}
