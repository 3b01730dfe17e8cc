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

    /// <summary>Beside the built-in ones. <see cref="Rules"/> ask for their attributes.</summary>
    public DimensionOptions[] Dimensions { get; init; } = [];

    /// <summary>The value of such a dimension where neither the span nor the dimension has one; empty for no label.</summary>
    public string Absent { get; init; } = "none";

    public OwnDimensions? OwnDimensions(SymbolTable symbols) =>
        Dimensions.Length == 0 ? null : new OwnDimensions(Rules.DimensionSlots, Dimensions, Absent, symbols);

    /// <summary>Whether any view counts them.</summary>
    public bool CountsSpanBytes => Array.Exists(Views, view => view.Match == CountedAs.SpanBytes);

    /// <summary>Whether denied and slow spans are kept for the page to lead to.</summary>
    public bool Exemplars { get; init; } = true;
}
