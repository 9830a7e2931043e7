using System.Reflection;
using System.Reflection.Emit;

namespace MovieRecommender.Tests.Shell.Languages;

/// <summary>One step of a compiled method.</summary>
/// <param name="Operand">The text that is loaded or the method that is called; null for all else.</param>
sealed record Step(OpCode Code, object? Operand)
{
    public string? Text => Operand as string;

    public MethodBase? Call => Operand as MethodBase;
}

/// <summary>Reads what the compiler made of the sources, Razor included: which texts there are, and whom they are handed to.</summary>
static class Instructions
{
    static readonly Dictionary<short, OpCode> Codes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value);

    /// <summary>All methods of the types, with those the compiler adds for lambdas and awaiting.</summary>
    public static IEnumerable<IReadOnlyList<Step>> OfAll(IEnumerable<Type> types)
        => types.SelectMany(type => type.GetMembers(BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static))
            .SelectMany(member => member switch { Type nested => OfAll([nested]), MethodBase method => [[.. Of(method)]], _ => Enumerable.Empty<IReadOnlyList<Step>>() });

    static IEnumerable<Step> Of(MethodBase method)
    {
        var bytes = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        for (var at = 0; at < bytes.Length;)
        {
            short value = bytes[at++];
            if (value == 0xFE) value = unchecked((short)(0xFE00 | bytes[at++]));
            var code = Codes[value];
            yield return new(code, code.OperandType switch
            {
                OperandType.InlineString => method.Module.ResolveString(BitConverter.ToInt32(bytes, at)),
                OperandType.InlineMethod => method.Module.ResolveMethod(BitConverter.ToInt32(bytes, at), method.DeclaringType?.GetGenericArguments(), method.IsGenericMethod ? method.GetGenericArguments() : null),
                _ => null,
            });
            at += code.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(bytes, at)),
                _ => 4,
            };
        }
    }
}
