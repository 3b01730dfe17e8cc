using SpanMetrics.Configuration;

namespace SpanMetrics.Oracle;

/// <summary>The attributes that the product asks for, in the order of its slots.</summary>
internal static class AskedKeys
{
    public static string[] All { get; } = [.. Enumerable.Range(0, Emitters.Rules.Selector.Count).Select(Emitters.Rules.Selector.NameOf)];

    private static readonly HashSet<string> Known = [.. All];

    public static bool Has(string key) => Known.Contains(key);
}
