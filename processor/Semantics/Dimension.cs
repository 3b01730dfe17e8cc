namespace SpanMetrics.Semantics;

/// <summary>What a span can be counted by. A view picks some of these as its labels.</summary>
internal enum Dimension
{
    ServiceName,
    SpanName,
    SpanKind,
    StatusCode,
    Deny,
    RiskTier,
    Tool,
    Model,
    Agent,
    Outcome,
    Reason,
    Event,
    Source,
}
