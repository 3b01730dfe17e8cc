namespace SpanMetrics.Semantics;

/// <summary>When a rule holds: one of the lists under <c>when</c> holds in full, and none of those under <c>unless</c> does. Without lists it always holds.</summary>
internal sealed record Condition
{
    public FactTest[][] When { get; init; } = [];

    public FactTest[][] Unless { get; init; } = [];

    public bool IsContent => Array.Exists(When, IsAnyContent) || Array.Exists(Unless, IsAnyContent);

    private static bool IsAnyContent(FactTest[] tests) => Array.Exists(tests, test => test.IsContent);
}
