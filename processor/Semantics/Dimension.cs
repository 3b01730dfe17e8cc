namespace SpanMetrics.Semantics;

/// <summary>What a span can be counted by. A view picks some of these as its labels.</summary>
internal enum Dimension
{
    ServiceName,
    SpanName,
    Agent,
    Tool,
    Model,
    Event,

    // Those above take text from spans, those below have closed sets of values.
    SpanKind,
    StatusCode,
    Deny,
    RiskTier,
    Outcome,
    Reason,
    Source,
}
