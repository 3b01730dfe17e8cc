namespace SpanMetrics.Semantics;

/// <summary>How much of traces is remembered, for each consumer.</summary>
/// <param name="Entries">Spans of calls; and as many gates, and traces with a model.</param>
/// <param name="Seconds">Since it was met last.</param>
internal readonly record struct TraceOptions(int Entries, int Seconds);
