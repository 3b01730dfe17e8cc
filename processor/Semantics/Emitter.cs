namespace SpanMetrics.Semantics;

/// <summary>The system that wrote a span, told by its instrumentation scope: the label <c>source</c>.</summary>
internal enum Emitter : byte
{
    Other,
    Kitelogik,
}
