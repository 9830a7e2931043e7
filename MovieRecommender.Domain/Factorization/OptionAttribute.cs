using System.Globalization;
using System.Reflection;
using System.Text.Json;

namespace MovieRecommender.Domain.Factorization;

/// <summary>
/// What an option of a trainer does and which values it takes, in the one place where code, screens and programs look it up.
/// It stands in for the property's summary; the default is the property's own.
/// </summary>
/// <param name="does">One sentence for people.</param>
/// <param name="min">Least value that makes sense; 0 for a switch.</param>
/// <param name="max">Greatest value that makes sense; 1 for a switch.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class OptionAttribute(string does, double min, double max) : Attribute
{
    public string Does { get; } = does;

    public double Min { get; } = min;

    public double Max { get; } = max;

    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    internal static void Check(object options)
    {
        foreach (var (property, option) in Of(options.GetType())) option.Check(property.Name, ValueOf(property, options));
    }

    /// <summary>The options of a trainer, as they are when nobody chooses anything.</summary>
    internal static IReadOnlyList<TrainerOption> Describe(object defaults)
        => [.. Of(defaults.GetType()).Select(pair => new TrainerOption(
            NameOf(pair.Property), ValueOf(pair.Property, defaults), pair.Option.Min, pair.Option.Max, KindOf(pair.Property), pair.Option.Does))];

    /// <summary>Sets an option by its public name.</summary>
    /// <exception cref="ArgumentException">There is no such option, or the value is not allowed.</exception>
    internal static void Set(object options, string name, double value)
    {
        var all = Of(options.GetType()).ToList();
        var (property, option) = all.Find(pair => NameOf(pair.Property).Equals(name, StringComparison.OrdinalIgnoreCase));
        if (property is null)
            throw new ArgumentException($"there is no option '{name}'; allowed are {string.Join(", ", all.Select(pair => NameOf(pair.Property)))}.");
        option.Check(NameOf(property), value);
        if (KindOf(property) != OptionKind.Number && value != Math.Truncate(value))
            throw new ArgumentException($"{NameOf(property)} is {Show(value)}; a whole number is allowed, {Show(option.Min)} to {Show(option.Max)}.");
        property.SetValue(options, Convert.ChangeType(value, property.PropertyType, CultureInfo.InvariantCulture));
    }

    static IEnumerable<(PropertyInfo Property, OptionAttribute Option)> Of(Type type)
        => type.GetProperties().Select(property => (property, property.GetCustomAttribute<OptionAttribute>()!)).Where(pair => pair.Item2 is not null);

    void Check(string name, double value)
    {
        if (!(value >= Min && value <= Max)) throw new ArgumentException($"{name} is {Show(value)}; {Show(Min)} to {Show(Max)} are allowed.");
    }

    /// <summary>A float by the digits it was written with: 0.2, not 0.20000000298.</summary>
    static double ValueOf(PropertyInfo property, object options)
        => property.GetValue(options) is float number
            ? double.Parse(number.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)
            : Convert.ToDouble(property.GetValue(options), CultureInfo.InvariantCulture);

    static OptionKind KindOf(PropertyInfo property)
        => property.PropertyType == typeof(bool) ? OptionKind.Switch : property.PropertyType == typeof(int) ? OptionKind.WholeNumber : OptionKind.Number;

    static string NameOf(PropertyInfo property) => JsonNamingPolicy.CamelCase.ConvertName(property.Name);

    static string Show(double value) => value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>The options of one trainer.</summary>
interface ITrainerOptions
{
    /// <exception cref="ArgumentException">An option is out of its range, or two do not go together.</exception>
    void Validate();
}

public enum OptionKind
{
    Number,
    WholeNumber,

    /// <summary>1 for on, 0 for off.</summary>
    Switch,
}

/// <summary>An option as people and programs meet it.</summary>
/// <param name="Name">In camel case.</param>
/// <param name="Does">One sentence.</param>
public sealed record TrainerOption(string Name, double Default, double Min, double Max, OptionKind Kind, string Does);
