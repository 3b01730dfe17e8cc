using SpanMetrics.Aggregation;
using SpanMetrics.Exposition;

namespace SpanMetrics.Pipeline;

/// <summary>What one worker gives the page at a fold: increments by view since the last one, its input so far, and families as they are now.</summary>
internal sealed record WorkerHandover(Handover[] Views, InputCounts Input, PlainFamily[] Own);
