namespace SpanMetrics.Semantics;

/// <summary>How <see cref="CountedAs"/> is spelled in the configuration: as a view's <c>match</c>.</summary>
internal static class CountedAsText
{
    private static readonly (string Name, CountedAs Value)[] Others =
    [
        ("all", CountedAs.Span), ("ungated_tool", CountedAs.UngatedTool), ("tokens", CountedAs.Tokens), ("cost", CountedAs.Cost), ("log_event", CountedAs.LogEvent),
        ("span_bytes", CountedAs.SpanBytes),
    ];

    public static string[] Names { get; } = [.. DimensionText.Classes, .. Array.ConvertAll(Others, other => other.Name)];

    public static string NameOf(CountedAs value) =>
        Array.Find(Others, other => other.Value == value).Name ?? DimensionText.Classes[System.Numerics.BitOperations.Log2((uint)value)];

    /// <summary>Null for what is none of <see cref="Names"/>.</summary>
    public static CountedAs? Parse(string name)
    {
        int at = Array.IndexOf(Names, name);
        return at < 0 ? null : at < DimensionText.Classes.Length ? (CountedAs)(1u << at) : Others[at - DimensionText.Classes.Length].Value;
    }
}
