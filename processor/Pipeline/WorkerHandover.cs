using SpanMetrics.Aggregation;

namespace SpanMetrics.Pipeline;

/// <summary>What one worker gives the page at a fold: increments by view since the last one, its input so far, and where it is in its partitions.</summary>
internal sealed record WorkerHandover(Handover[] Views, InputCounts Input, PartitionPosition[] Positions);
