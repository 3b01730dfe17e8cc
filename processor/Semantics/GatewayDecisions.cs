namespace SpanMetrics.Semantics;

/// <summary>Where the decisions of a gateway are read that tells each of them twice, as a span and as a record of its access log.</summary>
internal enum GatewayDecisions
{
    Spans,

    /// <summary>Where sampling hides requests from the spans.</summary>
    Logs,

    /// <summary>Whichever comes first of a request; the other one is known by its trace and span id, for as long as the trace context remembers.</summary>
    Both,
}
