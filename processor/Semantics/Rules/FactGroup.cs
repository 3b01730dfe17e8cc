namespace SpanMetrics.Semantics;

/// <summary>All tests on one part of a span.</summary>
/// <param name="Input">The part.</param>
/// <param name="Slot">Of an attribute's key; -1 for other parts.</param>
internal sealed record FactGroup(FactInput Input, int Slot)
{
    /// <summary>With their numbers.</summary>
    public List<(int Fact, FactTest Test)> Tests { get; } = [];
}
