namespace SpanMetrics.Semantics;

/// <summary>What a span can be counted by. A view picks some of these as its labels.</summary>
internal enum Dimension
{
    ServiceName,
    SpanName,
    Agent,
    Tool,
    Model,
    Provider,
    Operation,
    Target,
    Event,
    Source,

    // Those above take text from spans or rules, those below have closed sets of values.
    SpanKind,
    StatusCode,
    Status,
    Deny,
    RiskTier,
    Outcome,
    Reason,
    TokenType,
    Modified,
}
