using System.Globalization;
using System.Runtime.CompilerServices;

namespace MovieRecommender.Tests;

static class TestLanguage
{
    /// <summary>Tests read English and plain numbers, whatever the machine speaks.</summary>
    [ModuleInitializer]
    internal static void Set()
        => CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.DefaultThreadCurrentCulture = CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.InvariantCulture;
}
