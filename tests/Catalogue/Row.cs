namespace SpanMetrics.Tests.Catalogue;

/// <summary>The sum over all series of a family that carry some labels.</summary>
internal sealed record Row(string Family, double Value, (string Name, string Value)[] Labels)
{
    public const string Decisions = "agent_decisions_total";
    public const string Spans = "traces_spanmetrics_calls_total";
}
