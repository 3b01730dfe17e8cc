using SpanMetrics.Aggregation;
using SpanMetrics.Semantics;

namespace SpanMetrics.Pipeline;

/// <summary>What a pipeline is to do. Immutable: workers share it.</summary>
internal sealed record PipelineOptions
{
    public required View[] Views { get; init; }

    public required RuleBook Rules { get; init; }

    public AggregationOptions Limits { get; init; } = new();

    /// <summary>Whether a span whose trace state tells a sampling threshold counts as many as it stands for.</summary>
    public bool AdjustedCounts { get; init; } = true;

    public GatewayDecisions GatewayDecisions { get; init; }
}
